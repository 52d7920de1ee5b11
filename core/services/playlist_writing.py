"""Saves a list of songs as a new private playlist at Spotify; playlists that are there already are never touched."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from core.cache import Cache
from core.domain.errors import NotFound
from core.domain.names import clean
from core.domain.people import Refused
from core.domain.playlists import ListedSong
from core.domain.spotify import WRITE_SCOPE
from core.logs import logger
from core.services.connecting import Connecting
from core.services.limits import Limits
from core.spotify.client import MOST_ADDED, Spotify
from core.spotify.errors import MissingScope, SpotifyError, Trouble

# Ten calls; longer lists would keep somebody waiting and use up the calls of a day.
MOST_SONGS = 1000
MOST_TITLE = 100
# So long a form makes one playlist at most, however often it is sent, and the page can tell what came of it.
ONCE_SECONDS = 3600.0
ABOUT = "Made with Playprint."
_TRACK = re.compile(r"spotify:track:[0-9A-Za-z]{22}")
_ONCE = re.compile(r"[0-9A-Za-z_-]{16,64}")
_BLANKS = re.compile(r"\s+")
# off: no Spotify app is set; connect: not connected, or the consent is over; allow: connected without permission.
Ability = Literal["off", "connect", "allow", "ready"]
SongsOf = Callable[[int, str, Mapping[str, str]], tuple[str, Iterable[ListedSong]]]
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be saved: ``addresses`` of tracks at Spotify, and how many songs have none or are too many."""

    title: str
    songs: tuple[ListedSong, ...]
    addresses: tuple[str, ...]
    unknown: int
    beyond: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of saving; ``added`` songs of ``wanted`` are in the playlist, ``sure`` unless Spotify did not tell.

    ``playlist_id`` is blank where none was made, ``problem`` a code of ``SENTENCES``, blank when all went well.
    """

    title: str
    wanted: int
    left_out: int
    playlist_id: str = ""
    added: int = 0
    sure: bool = True
    problem: str = ""


class PlaylistWriting:
    """New playlists for people who let Playprint make them; safe to share between threads."""

    def __init__(
        self,
        connecting: Connecting,
        cache: Cache,
        limits: Limits,
        *,
        songs_of: SongsOf,
        on: bool,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``songs_of`` gives the title and songs of a list by its name and parameters; ``on``: an app is set."""
        self._connecting, self._cache, self._limits = connecting, cache, limits
        self._songs_of, self._on, self._now = songs_of, on, now

    def ability(self, user_id: int) -> Ability:
        """Return what stands between a person and a new playlist."""
        connection = self._connecting.connection(user_id)
        if not self._on:
            return "off"
        if connection is None or connection.state == "needs_reauth":
            return "connect"
        return "ready" if WRITE_SCOPE in connection.scopes else "allow"

    def draft(self, user_id: int, what: str, asked: Mapping[str, str]) -> Draft:
        """Return what saving a list would save; raises ``NotFound`` for a list that is not there."""
        title, found = self._songs_of(user_id, what, asked)
        songs = tuple(found)
        known = [song.uri for song in songs if _TRACK.fullmatch(song.uri)]
        beyond = max(0, len(known) - MOST_SONGS)
        return Draft(_titled(title), songs, tuple(known[:MOST_SONGS]), len(songs) - len(known), beyond)

    def save(self, user_id: int, what: str, asked: Mapping[str, str], *, once: str, title: str = "") -> Outcome:
        """Save a list as a new playlist and return what came of it; the same ``once`` never makes a second one.

        Raises:
            Refused: ``expired`` for a form without its token, ``spotify-list-gone``, ``spotify-list-empty``,
                ``slow-down``.
        """
        if not _ONCE.fullmatch(once):
            raise Refused("expired")
        with self._cache.lock(f"{_key(user_id, once)}:saving"):
            return self.outcome(user_id, once) or self._first(user_id, what, asked, once, title)

    def outcome(self, user_id: int, once: str) -> Outcome | None:
        """Return what came of a form that was sent within the hour, None when none was."""
        kept = self._cache.get_bytes(_key(user_id, once)) if _ONCE.fullmatch(once) else None
        return Outcome(**json.loads(kept)) if kept else None

    def _first(self, user_id: int, what: str, asked: Mapping[str, str], once: str, title: str) -> Outcome:
        """Save a list for a form that comes for the first time."""
        try:
            draft = self.draft(user_id, what, asked)
        except NotFound as error:
            raise Refused("spotify-list-gone") from error
        if not draft.addresses:
            raise Refused("spotify-list-empty")
        self._take(user_id, once)
        outcome = Outcome(_titled(title) or draft.title, len(draft.addresses), draft.unknown + draft.beyond)
        # Kept before anything is sent: whatever happens in between, a second press makes no second playlist.
        self._keep(user_id, once, replace(outcome, sure=False, problem="spotify-unsure"))
        outcome = self._written(user_id, outcome, draft)
        self._keep(user_id, once, outcome)
        log.info("spotify.saved", user_id=user_id, songs=outcome.added, problem=outcome.problem)
        return outcome

    def _take(self, user_id: int, once: str) -> None:
        """Count the form; raises ``Refused`` when it was sent before and nobody knows what came of it."""
        self._limits.take("spotify-playlist", user_id)
        moment = self._now().timestamp()
        if self._cache.take(f"{_key(user_id, once)}:once", most=1, seconds=ONCE_SECONDS, now=moment) is not None:
            raise Refused("spotify-unsure")

    def _written(self, user_id: int, outcome: Outcome, draft: Draft) -> Outcome:
        """Return what came of making the playlist and filling it."""
        try:
            connection, client = self._connecting.client(user_id, interactive=True)
        except (NotFound, SpotifyError) as error:
            return replace(outcome, problem=getattr(error, "code", "spotify-consent-over"))
        try:
            if WRITE_SCOPE not in connection.scopes:
                raise MissingScope
            return self._made(client, outcome, draft)
        except SpotifyError as error:
            return replace(outcome, sure=not isinstance(error, Trouble), problem=_making(error))
        finally:
            client.close()

    def _made(self, client: Spotify, outcome: Outcome, draft: Draft) -> Outcome:
        """Make the playlist and put the songs in, until one call does not go well."""
        outcome = replace(outcome, playlist_id=client.make_playlist(outcome.title, description=ABOUT))
        for begin in range(0, len(draft.addresses), MOST_ADDED):
            piece = draft.addresses[begin : begin + MOST_ADDED]
            try:
                client.add_items(outcome.playlist_id, piece)
            except (NotFound, SpotifyError) as error:
                unsure = isinstance(error, Trouble)
                return replace(outcome, sure=not unsure, problem=getattr(error, "code", "spotify-consent-over"))
            outcome = replace(outcome, added=outcome.added + len(piece))
        return outcome

    def _keep(self, user_id: int, once: str, outcome: Outcome) -> None:
        """Keep what came of a form for an hour: counts, the title, and the playlist's id for a link."""
        self._cache.set_bytes(_key(user_id, once), json.dumps(asdict(outcome)).encode(), ONCE_SECONDS)


def _making(error: SpotifyError) -> str:
    """Return the code of why no playlist was made; after trouble nobody can tell whether one was."""
    return "spotify-unsure" if isinstance(error, Trouble) else error.code


def _titled(title: str) -> str:
    """Return a title Spotify takes: one line of at most a hundred letters."""
    return _BLANKS.sub(" ", clean(title) or "").strip()[:MOST_TITLE]


def _key(user_id: int, once: str) -> str:
    """Return the key of a form's outcome; it goes with what is kept about the person."""
    return f"u:{user_id}:saved-list:{hashlib.sha256(once.encode()).hexdigest()[:32]}"
