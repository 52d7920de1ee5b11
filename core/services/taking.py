"""Taking suggestions along: which songs a list of that name holds for a person, under which title."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.domain.errors import NotFound
from core.domain.lens import Lens
from core.domain.playlists import ListedSong
from core.domain.recommending import Suggestion, parse_dial, parse_kind
from core.services.recommending import Recommending

MOST = 100
Asked = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Taken:
    """A title and songs (or albums, or artists), on their way out."""

    title: str
    songs: tuple[ListedSong, ...]


class Taking:
    """The lists of the discover page and of continued playlists, by the words of an address."""

    def __init__(self, recommending: Recommending) -> None:
        self._recommending = recommending
        self._lists: dict[str, Callable[[int, Asked, Lens], Taken]] = {
            "new": self._new,
            "forgotten": lambda user, _, lens: taken("Forgotten favourites", recommending.forgotten(user, lens=lens)),
            "next": lambda user, _, lens: taken("What comes next", recommending.following(user, lens=lens)),
            "deep": lambda user, _, lens: taken("Little-played songs", recommending.deep(user, lens=lens)),
            "kept": lambda user, _, lens: taken("Kept suggestions", recommending.kept(user)),
            "mix": self._mix,
            "continue": self._continued,
        }

    def songs(self, user_id: int, what: str, asked: Asked, *, lens: Lens) -> Taken:
        """Return the list an address asks for: ``what`` and its parameters (of, dial, name, list).

        Raises:
            NotFound: there is no such list, or no such person.
        """
        if what not in self._lists:
            raise NotFound("There is no such list; choose one on the page again.")
        return self._lists[what](user_id, asked, lens)

    def _new(self, user_id: int, asked: Asked, lens: Lens) -> Taken:
        kind, dial = parse_kind(asked.get("of", "")), parse_dial(asked.get("dial", ""))
        made = self._recommending.suggest(user_id, kind=kind, dial=dial, lens=lens, n=MOST)
        return taken({"artist": "New artists", "album": "New albums", "track": "New songs"}[kind], made.items)

    def _mix(self, user_id: int, asked: Asked, lens: Lens) -> Taken:
        found = [mix for mix in self._recommending.mixes(user_id, lens=lens) if mix.name == asked.get("name", "")]
        if not found:
            raise NotFound("There is no such mix any more; choose one on the page again.")
        return taken(found[0].title, found[0].songs)

    def _continued(self, user_id: int, asked: Asked, lens: Lens) -> Taken:
        dial = parse_dial(asked.get("dial", ""))
        made = self._recommending.on_from(user_id, asked.get("list", ""), dial=dial, lens=lens, n=MOST)
        return taken("More like this list", made.items)


def taken(title: str, items: Sequence[Suggestion]) -> Taken:
    """Return suggestions as songs on their way into another program; reasons go along as notes."""
    return Taken(title, tuple(_song(each) for each in items[:MOST]))


def _song(each: Suggestion) -> ListedSong:
    because = ", ".join(reason.name for reason in each.reasons)
    note = each.why or (f"Because of {because}" if because else "")
    return ListedSong(each.name, each.artist, each.album, each.uri, each.mbid, note)
