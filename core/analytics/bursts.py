"""Stretches in which one track or one artist took over: obsessions and binges."""

import math
from dataclasses import dataclass

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Ints, array, counts, sums, table
from core.analytics.view import View
from core.domain.listen import Flag

IN_A_DAY = 5
WEEK_PLAYS, WEEK_SHARE = 20, 0.3
CHANCE = 1e-6
BINGE = 4
MINUTE_US = 60_000_000


@dataclass(frozen=True, eq=False)
class Windows:
    """Stretches of days (``start`` <= day < ``end``, counted from the first day) of one track each (``code``)."""

    code: Ints
    start: Ints
    end: Ints

    def chosen(self, which: Bools | Ints) -> "Windows":
        """Return some of the windows."""
        return Windows(self.code[which], self.start[which], self.end[which])


class _Days:
    """Plays per track and day of a view, to sum over stretches of days."""

    def __init__(self, view: View) -> None:
        days = view.played("day").astype(np.int64)
        self.first = int(days.min()) if len(days) else 0
        self.length = int(days.max()) - self.first + 8 if len(days) else 8
        codes = view.played(view.code_column("track")).astype(np.int64)
        self.keys = np.sort(codes * self.length + days - self.first)
        self.total = counts(codes, len(view.items("track")))
        self.before = np.concatenate([[0], np.cumsum(np.bincount(days - self.first, minlength=self.length))])

    def starting(self, length: int, least: int) -> Windows:
        """Return the windows of so many days with at least so many plays of a track that begin with a play of it."""
        late = self.keys[least - 1 :]
        early = self.keys[: len(late)]  # plays, and with them in ``late`` those so many plays later
        enough = late < early + length
        enough[1:] &= early[1:] != early[:-1]
        code, start = np.divmod(early[enough], self.length)
        return Windows(code, start, start + length)

    def of(self, windows: Windows) -> Ints:
        """Return the plays of each window's track in it."""
        base = windows.code * self.length
        ends = np.searchsorted(self.keys, base + windows.end, side="left")
        return ends - np.searchsorted(self.keys, base + windows.start, side="left")

    def all(self, windows: Windows) -> Ints:
        """Return the plays of all tracks in each window."""
        plays: Ints = self.before[np.minimum(windows.end, self.length)] - self.before[windows.start]
        return plays


def obsessions(everything: View, selected: View) -> pl.DataFrame:
    """Return the stretches of days in which one track was played beyond anything usual for it.

    Looked at are single days with at least 5 plays of a track, and seven days with at least 20 plays of which at least
    30 % were of it; they count when so many plays would come by chance less than once in a million, were the track
    spread over all of the listening as evenly as it can be. Overlapping and touching stretches are one. Kept are those
    that reach into the selected period, of tracks played in the selection.

    Columns: id (i64), name, artist (str), artist_id (i64), start (date, first play), end (date, day after the last
    one), days, plays (i64), share (f64 of all plays of those days). Most plays first, then the earlier, then id.
    Source: upper tail of the Poisson distribution with the mean "share of the track in all plays x plays of those
    days", below 1e-6.
    """
    days = _Days(everything)
    merged = _merged(_unusual(days, everything.plays))
    merged = _trimmed(days, merged)
    wanted = table(len(selected.items("track")), selected.played(selected.code_column("track")))
    low = int(selected.values("day").min()) - days.first if len(selected) else 0
    high = int(selected.values("day").max()) - days.first if len(selected) else -1
    kept = merged.chosen(wanted[merged.code] & (merged.start <= high) & (merged.end > low))
    items, plays = everything.items("track"), days.of(kept)
    frame = pl.DataFrame(
        {
            "id": items.ids[kept.code],
            "name": items.names.gather(kept.code),
            "artist": items.artists.gather(kept.code),
            "artist_id": items.artist_ids[kept.code],
            "start": pl.Series((kept.start + days.first).astype(np.int32)).cast(pl.Date),
            "end": pl.Series((kept.end + days.first).astype(np.int32)).cast(pl.Date),
            "days": kept.end - kept.start,
            "plays": plays,
            "share": plays / np.maximum(days.all(kept), 1),
        }
    )
    return frame.sort("plays", "start", "id", descending=[True, False, False])


def _unusual(days: _Days, plays: int) -> Windows:
    """Return the days and weeks of ``obsessions``, by track, then by start; they may overlap."""
    from scipy.special import gammainc  # loaded when first asked for

    day, week = days.starting(1, IN_A_DAY), days.starting(7, math.ceil(WEEK_PLAYS * WEEK_SHARE))
    whole = days.all(week)
    week = week.chosen((whole >= WEEK_PLAYS) & (days.of(week) >= WEEK_SHARE * whole))
    found = []
    for likely in (day, week):
        usual = days.total[likely.code] / max(1, plays) * days.all(likely)
        found.append(likely.chosen(gammainc(days.of(likely), usual) < CHANCE))
    joined = Windows(*(np.concatenate([getattr(w, name) for w in found]) for name in ("code", "start", "end")))
    return joined.chosen(np.lexsort((joined.start, joined.code)))


def _merged(windows: Windows) -> Windows:
    """Return the windows with overlapping and touching ones of the same track made one."""
    if not len(windows.code):
        return windows
    base = (windows.code - windows.code[0]) * (int(windows.end.max()) + 2)  # tracks far apart on one line of days
    start, reached = windows.start + base, np.maximum.accumulate(windows.end + base)
    first = np.flatnonzero(np.append(True, start[1:] > reached[:-1]))
    last = np.append(first[1:], len(start)) - 1
    return Windows(windows.code[first], windows.start[first], (reached - base)[last])


def _trimmed(days: _Days, windows: Windows) -> Windows:
    """Return the windows cut to the first and the last day with a play of their track."""
    base = windows.code * days.length
    first = days.keys[np.searchsorted(days.keys, base + windows.start, side="left")] if len(base) else base
    last = days.keys[np.searchsorted(days.keys, base + windows.end, side="left") - 1] if len(base) else base
    return Windows(windows.code, first - base, last - base + 1)


def binges(everything: View, selected: View, *, gap_minutes: int = 20) -> pl.DataFrame:
    """Return the times an artist was played at least four times in a row.

    A longer pause than ``gap_minutes`` or another artist's play ends a row. Listening through one album is no binge: a
    row from one album, without shuffle and without a track heard twice, is left out (an export knows no track
    numbers). Kept are rows whose first play is in the selection.

    Columns: id (i64, artist), name (str), began (datetime UTC), plays, tracks (i64, different ones), ms_played (i64,
    of the plays). Most plays first, then the longer, then the earlier.
    Source: runs of consecutive plays by one artist.
    """
    artist, places = everything.played("artist"), everything.played_positions
    listens, items = everything.library.listens, everything.items("artist")
    began, ended = (array(listens[name].to_physical())[places] for name in ("began", "ended"))
    pause = np.maximum(began[1:] - np.maximum.accumulate(ended)[:-1], 0) > gap_minutes * MINUTE_US
    new = np.concatenate([np.ones(min(1, len(artist)), np.bool_), (artist[1:] != artist[:-1]) | pause])
    row = np.cumsum(new) - 1
    length = counts(row, 0)
    first = np.flatnonzero(new)
    inside = (length >= BINGE) & (artist[first] > 0)
    inside &= table(len(listens), selected.played_positions)[places[first]]
    some = np.flatnonzero(inside[row]) if len(row) else row
    tracks = _different(everything, row, some)
    rows = np.flatnonzero(inside & ~_an_album(everything, row, some, tracks))
    code = artist[first[rows]]
    frame = pl.DataFrame(
        {
            "id": items.ids[code],
            "name": items.names.gather(code),
            "began": listens["began"].gather(places[first[rows]]),
            "plays": length[rows],
            "tracks": tracks[rows],
            "ms_played": sums(row, everything.played("ms_played").astype(np.float64), len(length))[rows],
        }
    )
    return frame.sort("plays", "ms_played", "began", descending=[True, True, False])


def _different(view: View, row: Ints, some: Ints) -> Ints:
    """Return how many different tracks each row has, of ``some`` plays alone."""
    codes, size = view.played(view.code_column("track"))[some].astype(np.int64), len(view.items("track"))
    rows = int(row[-1]) + 1 if len(row) else 0
    return counts(np.unique(row[some] * size + codes) // max(1, size), rows)


def _an_album(view: View, row: Ints, some: Ints, tracks: Ints) -> Bools:
    """Return which rows are one album without shuffle and without a track heard twice, told from ``some`` plays."""
    size = len(tracks)
    album, flags, row = view.played("album")[some], view.played("flags")[some], row[some]
    other = counts(row[1:], size, (album[1:] != album[:-1]) & (row[1:] == row[:-1])) > 0
    shuffled = counts(row, size, (flags & Flag.SHUFFLE.value) != 0) > 0
    named = counts(row, size, album == 0) == 0
    heard_through: Bools = named & ~other & ~shuffled & (tracks == counts(row, size))
    return heard_through
