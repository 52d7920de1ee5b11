"""The people of the fake: who they are, what they keep, what they heard."""

import heapq
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from . import export
from .clock import Clock
from .music import Album, Artist, Thing, Track, made_id, music, number_of
from .playing import SKIP_MS, Habit, Play, whole
from .playlists import Playlist, Saved

RECENT = 50
LOOKED_BACK = timedelta(days=400)
EARLIEST = datetime(2008, 10, 7, tzinfo=UTC)


@dataclass
class Tops:
    """What ranks highest for a person over one range, best first."""

    tracks: list[Track] = field(default_factory=list)
    artists: list[Artist] = field(default_factory=list)


def no_tops() -> dict[str, Tops]:
    """Return the three ranges, empty."""
    return {"short_term": Tops(), "medium_term": Tops(), "long_term": Tops()}


@dataclass(eq=False)
class Person:
    """Somebody with an account. What they keep is made by ``fill`` once it is looked at."""

    name: str
    clock: Clock
    display_name: str | None = None
    habit: Habit | None = None
    played_at: Literal["end", "start"] = "end"
    account_id_in_legacy: bool = True
    omits_short_skips: bool = True
    fill: "Callable[[Person], None] | None" = None
    plays: list[Play] = field(default_factory=list)
    hears_an_ad: bool = False

    def __post_init__(self) -> None:
        self.id = f"{self.name}_{number_of('user', self.name) % 10**6:06d}"
        self.account_id = made_id("account", self.name)
        self._kept: _Kept | None = None
        self._filling = threading.RLock()  # the test's thread and the server's may look at once

    @property
    def _keeps(self) -> "_Kept":
        with self._filling:
            if self._kept is None:
                self._kept = _Kept()
                if self.fill:
                    self.fill(self)
            return self._kept

    @property
    def playlists(self) -> list[Playlist | None]:
        """Return the playlists in the order of the list; None where Spotify shows null."""
        return self._keeps.playlists

    @property
    def saved_tracks(self) -> list[Saved]:
        """Return the saved tracks, newest first."""
        return self._keeps.saved_tracks

    @property
    def saved_albums(self) -> list[Saved]:
        """Return the saved albums, newest first."""
        return self._keeps.saved_albums

    @property
    def followed(self) -> list[Artist]:
        """Return the followed artists."""
        return self._keeps.followed

    @property
    def top(self) -> dict[str, Tops]:
        """Return what ranks highest, by range."""
        return self._keeps.top

    def save(self, thing: Track | Album) -> None:
        """Save a track or an album now."""
        kept = self.saved_tracks if isinstance(thing, Track) else self.saved_albums
        kept.insert(0, Saved(self.clock.now.replace(microsecond=0), thing))

    def play(
        self,
        thing: Thing | str | None = None,
        *,
        at: datetime | None = None,
        ended: datetime | None = None,
        ms: int | None = None,
        skipped: bool = False,
        offline: bool = False,
        synced_at: datetime | None = None,
        context: str | None = None,
    ) -> Play:
        """Add a play that began ``at`` a moment, or ``ended`` at one; it ended just now unless said."""
        what = self._chosen(thing)
        length = timedelta(milliseconds=what.duration_ms if ms is None else ms)
        began = at or (ended or self.clock.now) - length
        play = whole(what, began, ms=ms, skipped=skipped, context=context)
        play = replace(play, ended=ended or play.ended, offline=offline, synced_at=synced_at)
        self.plays.append(play)
        return play

    def _chosen(self, thing: Thing | str | None) -> Thing:
        if thing is None:
            return music().tracks[number_of(self.name, len(self.plays)) % len(music().tracks)]
        if not isinstance(thing, str):
            return thing
        found = music().find(thing)
        if found is None or isinstance(found, Artist | Album):
            raise ValueError(f"Nothing to play is called {thing}.")
        return found

    def heard(self, since: datetime, until: datetime) -> list[Play]:
        """Return everything that ended in ``since <= t < until``, oldest first."""
        own = sorted((play for play in self.plays if since <= play.ended < until), key=lambda play: play.ended)
        by_habit = self.habit.between(max(since, EARLIEST), until) if self.habit else ()
        return list(heapq.merge(own, by_habit, key=lambda play: play.ended))

    def shown(self, play: Play) -> datetime:
        """Return the ``played_at`` that the API gives for a play, in whole milliseconds."""
        moment = play.ended if self.played_at == "end" else play.began
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def playing(self) -> Play | None:
        """Return the play that goes on at this moment."""
        now = self.clock.now
        days = (now.date() - timedelta(days=1), now.date()) if self.habit else ()
        plays = [*self.plays, *(play for day in days for play in self.habit.day(day))] if self.habit else self.plays
        return next((play for play in plays if play.began <= now < play.ended), None)

    def visible(self, until: datetime | None = None) -> list[Play]:
        """Return what the API can show at a moment: the last fifty plays of music, newest first."""
        moment = until or self.clock.now
        known = [play for play in self.plays if play.known_at <= moment and self._shows(play)]
        plays = [*known, *self._latest_by_habit(moment)]
        return sorted(plays, key=self.shown, reverse=True)[:RECENT]

    def _latest_by_habit(self, moment: datetime) -> list[Play]:
        latest: list[Play] = []
        day, earliest = moment.date(), (moment - LOOKED_BACK).date()
        while self.habit and len(latest) < RECENT and day >= earliest:
            plays = [play for play in self.habit.day(day) if play.ended <= moment and self._shows(play)]
            latest += reversed(plays)
            day -= timedelta(days=1)
        return latest[:RECENT]

    def _shows(self, play: Play) -> bool:
        """Return whether the API ever shows a play: never podcasts and files; of very short skips every second."""
        if not isinstance(play.thing, Track):
            return False
        short = play.skipped and play.ms < SKIP_MS and self.omits_short_skips
        return not (short and number_of("omitted", play.began.isoformat()) % 2)

    def export_rows(self, since: datetime, until: datetime) -> list[dict[str, object]]:
        """Return what was heard in ``since <= t < until`` as rows of an extended streaming history."""
        return [export.row(play) for play in self.heard(since, until)]

    def every_playlist(self) -> Iterator[Playlist]:
        """Yield the playlists that are there."""
        return (playlist for playlist in self.playlists if playlist is not None)


class _Kept:
    """What a person keeps."""

    def __init__(self) -> None:
        self.playlists: list[Playlist | None] = []
        self.saved_tracks: list[Saved] = []
        self.saved_albums: list[Saved] = []
        self.followed: list[Artist] = []
        self.top = no_tops()
