"""The Web API, one method a question: spotipy asks, a gate decides when, and every failure is one of our errors."""

import re
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import requests
import spotipy

from core.domain.spotify import TimeRange
from core.logs import logger
from core.spotify import reading
from core.spotify.answers import refusal
from core.spotify.errors import (
    Absent,
    ConsentOver,
    Forbidden,
    MissingScope,
    QuotaSpent,
    SpotifyError,
    TooFast,
    Trouble,
)
from core.spotify.models import Followed, Me, Page, Playlist, PlaylistItem, RecentPage, SavedItem, TopItem
from core.spotify.reading import LIMIT
from core.spotify.wire import SILENT_SECONDS, Wire, hush

# Seconds before the second and the third try of a question that a server could not answer; a little more by chance.
PAUSES = (0.3, 0.9)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ID = re.compile(r"[0-9A-Za-z]{1,100}")
# Endpoints about one object: a refusal there says nothing about the next object.
ADDING = "POST /playlists/{id}/items"
OF_ONE = frozenset({"/playlists/{id}/items", ADDING})
# Most songs one call puts into a playlist.
MOST_ADDED = 100
log = logger(__name__)
hush()


class Tokens(Protocol):
    """Where access tokens come from."""

    def access_token(self) -> str:
        """Return a token that is good for a while; raises ``ConsentOver``."""

    def renew(self, spent: str) -> str:
        """Return another token than one Spotify refused; raises ``ConsentOver``."""


class Gate(Protocol):
    """Who says whether and when a call may go out, and learns how it went."""

    def enter(self, endpoint: str) -> None:
        """Wait for this call's turn; raises ``Later`` when it is not to be made now."""

    def answered(self, endpoint: str, *, status: int, works: bool | None) -> None:
        """Note an answer; ``works``: whether this app may use the endpoint, None where that was not said."""

    def close(self, until: datetime, *, quota: bool) -> None:
        """Let nobody call before ``until``: a day's quota is spent, or calls came too fast."""


class _Bearer:
    """What spotipy takes for an authorisation manager: the token of the thread that asks."""

    def __init__(self) -> None:
        self.local = threading.local()

    def get_access_token(self, as_dict: bool = False) -> str:
        """Return the token."""
        return str(self.local.token)


class Spotify:
    """Spotify as one person may see it; safe to share between threads. ``own_id`` is the person's id at Spotify.

    Every method raises a ``SpotifyError``: ``Later`` with the moment to come back, or what is wrong.
    """

    def __init__(
        self,
        tokens: Tokens,
        gate: Gate,
        *,
        api_url: str,
        own_id: str = "",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        wait: Callable[[float], object] = time.sleep,
        wire: Wire | None = None,
    ) -> None:
        """Ask ``api_url`` (without a slash at its end); ``wait`` is what passes seconds between two tries."""
        self.own_id = own_id
        self._tokens, self._gate, self._now, self._wait = tokens, gate, now, wait
        self._wire, self._bearer = wire or Wire(), _Bearer()
        # spotipy closes the session once its object goes: this one lives as long as we do.
        self._api = spotipy.Spotify(
            auth_manager=self._bearer, requests_session=self._wire, requests_timeout=SILENT_SECONDS
        )
        self._api.prefix = f"{api_url}/"

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def me(self) -> Me:
        """Return whose account it is."""
        found = reading.me(self._ask("/me", self._api.me))
        if not (found.id or found.account_id):
            raise Trouble
        return found

    def recently_played(self, *, after: datetime | None = None) -> RecentPage:
        """Return the latest plays, fifty at most, newest first; ``after``: only those after that moment."""
        since = None if after is None else (after - _EPOCH) // timedelta(milliseconds=1)
        ask = self._api.current_user_recently_played
        return reading.recent(self._ask("/me/player/recently-played", ask, limit=LIMIT, after=since))

    def top_artists(self, *, time_range: TimeRange, offset: int = 0) -> Page[TopItem]:
        """Return a page of the artists Spotify ranks highest for the person."""
        ask = self._api.current_user_top_artists
        answer = self._ask("/me/top/artists", ask, time_range=time_range, limit=LIMIT, offset=offset)
        return reading.whole(answer, offset=offset, read=reading.top_artist, of="top-artists")

    def top_tracks(self, *, time_range: TimeRange, offset: int = 0) -> Page[TopItem]:
        """Return a page of the tracks Spotify ranks highest for the person."""
        ask = self._api.current_user_top_tracks
        answer = self._ask("/me/top/tracks", ask, time_range=time_range, limit=LIMIT, offset=offset)
        return reading.whole(answer, offset=offset, read=reading.top_track, of="top-tracks")

    def playlists(self, *, offset: int = 0) -> Page[Playlist | None]:
        """Return a page of the person's playlists, own and followed; None for entries Spotify left empty."""
        answer = self._ask("/me/playlists", self._api.current_user_playlists, limit=LIMIT, offset=offset)
        return reading.page(answer, offset=offset, read=reading.playlist)

    def playlist_items(self, playlist_id: str, *, offset: int = 0) -> Page[PlaylistItem]:
        """Return a page of a playlist's contents; raises ``Forbidden`` unless it is the person's own or shared one."""
        if not _ID.fullmatch(playlist_id):
            raise Absent  # spotipy refuses such ids; they must not cost a call
        ask = self._api.playlist_items
        answer = self._ask("/playlists/{id}/items", ask, playlist_id, limit=LIMIT, offset=offset)
        return reading.page(answer, offset=offset, read=reading.playlist_item)

    def saved_tracks(self, *, offset: int = 0) -> Page[SavedItem]:
        """Return a page of saved tracks, the latest first."""
        answer = self._ask("/me/tracks", self._api.current_user_saved_tracks, limit=LIMIT, offset=offset)
        return reading.whole(answer, offset=offset, read=reading.saved_track, of="saved-tracks")

    def saved_albums(self, *, offset: int = 0) -> Page[SavedItem]:
        """Return a page of saved albums, the latest first."""
        answer = self._ask("/me/albums", self._api.current_user_saved_albums, limit=LIMIT, offset=offset)
        return reading.whole(answer, offset=offset, read=reading.saved_album, of="saved-albums")

    def followed(self, *, after: str | None = None) -> Followed:
        """Return a page of followed artists, those after a cursor."""
        answer = self._ask("/me/following", self._api.current_user_followed_artists, limit=LIMIT, after=after)
        return reading.followed(answer, after=after)

    def make_playlist(self, name: str, *, description: str = "") -> str:
        """Make an empty private playlist and return its id.

        It is asked for once: after ``Trouble`` there may be one or none.
        """
        ask = self._api.current_user_playlist_create
        answer = self._ask("POST /me/playlists", ask, name, public=False, description=description, pauses=())
        made = reading.text(answer.get("id"))
        if made is None or not _ID.fullmatch(made):
            raise Trouble
        return made

    def add_items(self, playlist_id: str, uris: Sequence[str]) -> None:
        """Put up to ``MOST_ADDED`` songs at the end of a playlist, once: after ``Trouble`` they may be there or not."""
        if not _ID.fullmatch(playlist_id):
            raise Absent
        # spotipy's own method sends a bare list, which Spotify's reference does not know.
        ask = self._api._post
        self._ask(ADDING, ask, f"playlists/{playlist_id}/items", payload={"uris": list(uris)}, pauses=())

    def _ask(
        self, endpoint: str, ask: Callable[..., Any], *args: Any, pauses: Sequence[float] = PAUSES, **kwargs: Any
    ) -> dict[str, Any]:
        """Return the object Spotify answers: each try passes the gate, a spent token is renewed once.

        ``pauses`` are taken before further tries when a server could not answer; none for what must not happen twice.
        """
        token, renewed, pauses = self._tokens.access_token(), False, list(pauses)
        while True:
            self._gate.enter(endpoint)
            response, answer = self._send(token, lambda: ask(*args, **kwargs))
            status = 0 if response is None else response.status_code
            if status == 401 and not renewed:
                token, renewed = self._tokens.renew(token), True
            elif pauses and (response is None or status >= 500):
                log.info("spotify.again", endpoint=endpoint, status=status)
                self._wait(pauses.pop(0) * (1 + secrets.randbelow(100) / 200))
            else:
                return self._judged(endpoint, response, answer)

    def _send(self, token: str, ask: Callable[[], Any]) -> tuple[requests.Response | None, Any]:
        """Return the answer to one question and what spotipy read in it; None when the connection broke."""
        self._bearer.local.token = token
        self._wire.forget()
        try:
            answer = ask()
        except requests.Timeout as error:
            raise Trouble from error
        except requests.ConnectionError:
            return None, None
        except requests.RequestException as error:
            raise Trouble from error
        except (spotipy.SpotifyException, AttributeError, RecursionError):
            answer = None  # spotipy stumbles over some answers; what came is looked at as it came
            if self._wire.heard is None:
                raise
        return self._wire.heard, answer

    def _judged(self, endpoint: str, response: requests.Response | None, answer: Any) -> dict[str, Any]:
        """Return a good answer, raise what any other one means; the gate learns of both."""
        if response is None:
            raise Trouble
        status = response.status_code
        if 200 <= status < 300:
            if isinstance(answer, dict):
                self._gate.answered(endpoint, status=status, works=True)
                return answer
            raise self._noted(Trouble(), endpoint, status)
        error = refusal(response, self._now())
        if isinstance(error, TooFast | QuotaSpent):
            self._gate.close(error.retry_at, quota=isinstance(error, QuotaSpent))
        app_wide = isinstance(error, Forbidden) and not isinstance(error, MissingScope) and endpoint not in OF_ONE
        self._gate.answered(endpoint, status=status, works=False if app_wide else None)
        raise self._noted(error, endpoint, status)

    @staticmethod
    def _noted(error: SpotifyError, endpoint: str, status: int) -> SpotifyError:
        """Return an error after a line in the log."""
        quiet = isinstance(error, ConsentOver | Absent)
        (log.info if quiet else log.warning)("spotify.failed", endpoint=endpoint, status=status, error=error.code)
        return error
