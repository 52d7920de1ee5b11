"""What belongs together and what does not, by a person's own hand: seen before it is done, taken back at any time."""

from collections.abc import Callable, Sequence
from typing import Literal

from core.analytics.library import By, Library
from core.analytics.standing import alike, standings, with_rules
from core.domain.errors import Conflict, InvalidInput, NotFound
from core.domain.names import clean, is_various, name_key
from core.domain.rules import MOST_RULES, NEW_ARTIST, Decision, IdentityRule, Merged, Preview, RuleKind, Suggestion
from core.logs import logger
from core.repositories import identity_rules
from core.repositories.database import Database
from core.repositories.identity_rules import IdentityRules
from core.repositories.listens import Listens
from core.services.listening import Listening
from core.services.profiles import Profiles

LONGEST_NAME = 200
MOST_AT_ONCE = 500
UNHEARD = "This {} is not in your listening history; look it up on the History page."
_MERGES: dict[Merged, RuleKind] = {"artist": "artist", "album": "album", "track": "recording"}
_ASSIGNS: dict[str, RuleKind] = {"album": "album-artist", "track": "track-artist"}
_TOUCHED: dict[RuleKind, By] = {
    "artist": "artist",
    "album": "album",
    "recording": "track",
    "alone": "track",
    "album-artist": "album",
    "track-artist": "track",
}
log = logger(__name__)


class Identities:
    """People's decisions about what is one thing; every method is about one person and their own history alone.

    ``NotFound``: something named is not in their history. ``InvalidInput``: it makes no sense. ``Conflict``: it is
    decided already, or there are too many decisions.
    """

    def __init__(self, db: Database, listening: Listening, profiles: Profiles) -> None:
        self._rules, self._listens = IdentityRules(db), Listens(db)
        self._listening, self._profiles = listening, profiles

    def preview(self, user_id: int, *, rules: Sequence[IdentityRule], artist_name: str = "") -> Preview:
        """Return how what the rules touch stands in the whole history, and how it would; nothing is stored.

        ``artist_name`` is what an artist that is still to be made (``NEW_ARTIST``) would be called. Artists are in it
        whose plays the rules move, beside the things named.
        """
        lens = self._profiles.lens(user_id)
        view = self._listening.view(user_id, lens=lens)
        _check_own(view.library, rules)
        known = _called(view.library, artist_name) if artist_name else 0
        if known:
            rules, artist_name = _naming(rules, known), ""
        if not artist_name and any(rule.to_id == NEW_ARTIST for rule in rules):
            raise NotFound(UNHEARD.format("artist"))
        after = with_rules(view, rules, named={NEW_ARTIST: artist_name} if artist_name else {})
        named = _touched(view.library, rules)
        whose: list[tuple[By, int]] = [("artist", NEW_ARTIST)] if artist_name else []
        return Preview(standings(view, named), standings(after, [*named, *whose]))

    def merging(self, user_id: int, *, kind: Merged, from_ids: Sequence[int], to_id: int) -> tuple[IdentityRule, ...]:
        """Return the rules that make some artists, albums or tracks count as another; of tracks their recordings."""
        library = self._listening.library(user_id)
        ids = [_heard(library, kind, id) for id in dict.fromkeys(from_ids)]
        target = _heard(library, kind, to_id)
        if not ids:
            raise InvalidInput("Choose what this is the same as.")
        if kind == "track":
            begun = {rule.from_id for rule in self._rules.of(user_id) if rule.kind == "recording"}
            return _merging_tracks(library, ids, target, begun)
        if target in ids:
            raise InvalidInput(f"This is the same {kind} already; choose another one.")
        return tuple(IdentityRule(_MERGES[kind], id, target) for id in dict.fromkeys(ids))

    def merge(self, user_id: int, *, kind: Merged, from_ids: Sequence[int], to_id: int) -> int:
        """Let artists, albums or tracks count as another from now on, later plays too; return the decision's number."""
        return self._decide(user_id, lambda: self.merging(user_id, kind=kind, from_ids=from_ids, to_id=to_id))

    def splitting(self, user_id: int, *, track_id: int) -> tuple[IdentityRule, ...]:
        """Return the rule that makes a track a recording of its own."""
        library = self._listening.library(user_id)
        _heard(library, "track", track_id)
        if any(r.kind == "recording" and track_id in (r.from_id, r.to_id) for r in self._rules.of(user_id)):
            raise Conflict("You put this track together with another yourself; undo that on the Rules page first.")
        if len(_editions(library, track_id)) == 1:
            raise InvalidInput("This track counts by itself already: there is nothing to take it apart from.")
        return (IdentityRule("alone", track_id, 0),)

    def split_track(self, user_id: int, *, track_id: int) -> int:
        """Let a track count as a recording of its own; return the decision's number."""
        return self._decide(user_id, lambda: self.splitting(user_id, track_id=track_id))

    def assigning(
        self, user_id: int, *, kind: Literal["album", "track"], ids: Sequence[int], artist_id: int
    ) -> tuple[IdentityRule, ...]:
        """Return the rules that give albums or tracks (all editions of each, where those count as one) to an artist.

        ``artist_id`` is one of the person's own artists, or ``NEW_ARTIST``.
        """
        library = self._listening.library(user_id)
        target = artist_id if artist_id == NEW_ARTIST else _heard(library, "artist", artist_id)
        whole = kind == "track" and self._profiles.lens(user_id).merge_recordings
        own = [_heard(library, kind, id) for id in dict.fromkeys(ids)]
        given = dict.fromkeys(one for id in own for one in (_editions(library, id) if whole else [id]))
        if not given:
            raise InvalidInput(f"Choose at least one {kind}.")
        return tuple(IdentityRule(_ASSIGNS[kind], id, target) for id in given)

    def assign(
        self,
        user_id: int,
        *,
        kind: Literal["album", "track"],
        ids: Sequence[int],
        artist_id: int | None = None,
        artist_name: str = "",
    ) -> int:
        """Give albums or tracks to an artist of this history, or to one of this name; return the decision's number."""
        if artist_id == NEW_ARTIST:
            raise NotFound(UNHEARD.format("artist"))
        name = artist_called(artist_name) if artist_id is None else ""
        to = NEW_ARTIST if artist_id is None else artist_id
        rules = self.assigning(user_id, kind=kind, ids=ids, artist_id=to)
        return self._decide(user_id, lambda: rules, artist_name=name)

    def decisions(self, user_id: int) -> list[Decision]:
        """Return what the person decided, newest first, in names."""
        return self._rules.decisions(user_id)

    def undo(self, user_id: int, *, decision: int) -> None:
        """Take a decision back; raises ``NotFound`` where there is none."""
        with self._listens.writing(user_id) as writing:
            if not identity_rules.remove(writing, decision=decision):
                raise NotFound("This decision is not there any more; look at the list again.")
            writing.raise_version(None)
        log.info("identity.undone", user_id=user_id, decision=decision)

    def now(self, user_id: int, *, kind: Merged, id: int) -> int:
        """Return the id of the artist or album something merged away went to; of anything else its own.

        A track keeps its address: its page is that of its recording.
        """
        library = self._listening.library(user_id)
        code = library.code(kind, id)
        return id if code < 0 else _id(library, kind, code)

    def suggestions(self, user_id: int, *, limit: int = 20) -> list[Suggestion]:
        """Return pairs of the person's own that are likely one thing (see ``standing.alike``); none is put together."""
        lens = self._profiles.lens(user_id)
        return self._listening.ask(user_id, alike, lens=lens, limit=limit)

    def _decide(self, user_id: int, rules: Callable[[], Sequence[IdentityRule]], *, artist_name: str = "") -> int:
        """Store rules as one decision and raise the data version: whatever is drawn next follows."""
        wanted = rules()
        if len(wanted) > MOST_AT_ONCE:
            raise InvalidInput(f"That is too much at once; choose up to {MOST_AT_ONCE}.")
        with self._listens.writing(user_id) as writing:
            if identity_rules.count(writing) + len(wanted) > MOST_RULES:
                raise Conflict(f"There are {MOST_RULES:,} rules already; undo some on the Rules page first.")
            if artist_name:
                wanted = self._named(user_id, wanted, identity_rules.artist_id(writing, artist_name))
            decision = identity_rules.add(writing, wanted)
            if decision is None:
                raise Conflict("You have decided about this before; undo that on the Rules page first.")
            if identity_rules.in_a_circle(writing):
                raise Conflict("That would go in a circle; undo the other decision on the Rules page first.")
            writing.raise_version(None)
        log.info("identity.decided", user_id=user_id, decision=decision, rules=len(wanted))
        return decision

    def _named(self, user_id: int, rules: Sequence[IdentityRule], artist_id: int) -> list[IdentityRule]:
        """Return the rules with the artist just made or found in the place of the new one."""
        if any(rule.kind == "artist" and rule.from_id == artist_id for rule in self._rules.of(user_id)):
            raise Conflict("You let this artist count as another; undo that on the Rules page first.")
        return _naming(rules, artist_id)


def artist_called(name: str) -> str:
    """Return a name fit for an artist; raises ``InvalidInput`` for one that is none."""
    cleaned = clean(name) or ""
    if not cleaned or len(cleaned) > LONGEST_NAME:
        raise InvalidInput(f"Write the artist's name, up to {LONGEST_NAME} characters.")
    if is_various(cleaned):
        raise InvalidInput("That means many artists; write the name of one.")
    return cleaned


def _heard(library: Library, by: By, id: int) -> int:
    """Return the id of a thing of this history, of what it was merged into; raises ``NotFound`` for any other."""
    code = library.code(by, id)
    if code < 0:
        raise NotFound(UNHEARD.format(by))
    return _id(library, by, code)


def _naming(rules: Sequence[IdentityRule], artist_id: int) -> list[IdentityRule]:
    """Return rules that give things to an artist who was still to be made, with who it is."""
    return [IdentityRule(rule.kind, rule.from_id, artist_id) for rule in rules]


def _called(library: Library, name: str) -> int:
    """Return the id of the artist of this history with this name; 0 when there is none."""
    key = name_key(name)
    found = (id for id, known in library.artists.iter_rows() if id and name_key(known) == key)
    return int(next(found, 0))


def _check_own(library: Library, rules: Sequence[IdentityRule]) -> None:
    """Raise ``NotFound`` for a rule that names something outside of this history."""
    for rule in rules:
        by = _TOUCHED[rule.kind]
        _heard(library, by, rule.from_id)
        to: By = "artist" if rule.kind in _ASSIGNS.values() else by
        if rule.to_id and rule.to_id != NEW_ARTIST:
            _heard(library, to, rule.to_id)


def _id(library: Library, by: By, code: int) -> int:
    frames = {"artist": library.artists, "album": library.albums, "track": library.tracks}
    return int(frames[by]["id"][code])


def _editions(library: Library, track_id: int) -> list[int]:
    """Return the ids of all tracks of a track's recording in this history, itself first."""
    recording = library.tracks["recording"]
    mates = library.tracks["id"].filter(recording == recording[library.code("track", track_id)]).to_list()
    return sorted(mates, key=lambda id: (id != track_id, id))


def _merging_tracks(library: Library, ids: Sequence[int], target: int, taken: set[int]) -> tuple[IdentityRule, ...]:
    """Return a rule for each recording that joins the target's; it begins at a track no rule begins at yet."""
    joined, found = set(_editions(library, target)), []
    for id in ids:
        mates = _editions(library, id)
        if joined & set(mates):
            raise InvalidInput("These count as one track already; choose another one.")
        start = next((mate for mate in mates if mate not in taken), None)
        if start is not None:
            found.append(IdentityRule("recording", start, target))
        else:  # every track of it begins a rule: then the target's side does
            start = next(mate for mate in sorted(joined) if mate not in taken)
            found.append(IdentityRule("recording", start, id))
        taken, joined = taken | {start}, joined | set(mates)
    return tuple(found)


def _touched(library: Library, rules: Sequence[IdentityRule]) -> list[tuple[By, int]]:
    """Return what rules are about: the things they name, and the artists whose plays they move."""
    named: list[tuple[By, int]] = []
    for rule in rules:
        by = _TOUCHED[rule.kind]
        if rule.kind == "alone":
            named += [("track", id) for id in _editions(library, rule.from_id)[:2]]
        elif rule.kind in _ASSIGNS.values():
            named += [("artist", _artist(library, by, rule.from_id)), ("artist", rule.to_id)]
        else:
            named += [(by, rule.from_id), (by, rule.to_id)]
    return [(by, id) for by, id in dict.fromkeys(named) if id]


def _artist(library: Library, by: By, id: int) -> int:
    """Return the id of the artist of an album or track of this history, 0 for none."""
    code = library.code(by, id)
    return int(library.items(by, merged=False).artist_ids[code]) if code >= 0 else 0
