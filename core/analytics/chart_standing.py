"""Where everything on a public chart stands, and how it came there."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from core.analytics import chart_moves
from core.analytics.arrays import Bools, Floats, Ints
from core.analytics.charted import Grid, History, grid

SHOWN = 12  # snapshots of which ranks and values are handed out
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "rank": pl.Int64,
    "id": pl.Int64,
    "value": pl.Int64,
    "previous_rank": pl.Int64,
    "change": pl.Int64,
    "entry": pl.String,
    "peak_rank": pl.Int64,
    "weeks_on_chart": pl.Int64,
    "streak": pl.Int64,
    "momentum": pl.Float64,
    "velocity": pl.Float64,
    "burst": pl.Float64,
    "ranks": pl.List(pl.Int64),
    "values": pl.List(pl.Int64),
}


def standing(history: History, *, at: int) -> pl.DataFrame:
    """Return what stands on a chart in its snapshot ``at``, with what was known of it then; nothing later counts.

    Columns: rank (i64), id (i64), value (i64, null: none), previous_rank (i64, in the snapshot right before; null: not
    there), change (i64, places gained), entry (str: "new" was never there, "re-entry" was there and then was not, else
    ""), peak_rank (i64, best ever), weeks_on_chart (i64, snapshots ever), streak (i64, snapshots in a row), momentum
    (f64, -1..1), velocity, burst (f64), ranks, values (list of i64, of the last twelve snapshots, oldest first). Best
    rank first, then id.
    Where the snapshot right before is not stored: what the source tells, else the last one stored before the gap.
    Peak and weeks: the better and the more of what is stored and what the source tells. A streak ends at a gap. Growth
    is told between complete snapshots that follow each other alone.
    Source: plain counts over the stored snapshots; momentum, velocity and burst have definitions of their own.
    """
    if not 0 <= at < len(history.starts):
        return pl.DataFrame(schema=SCHEMA)
    now = _Now.of(history, at)
    before = now.before()
    moved = (now.growth(), now.bursting())
    found = pl.DataFrame(
        {
            "rank": now.rank,
            "id": now.thing,
            "value": _counts(now.value),
            "previous_rank": _positive(before),
            "change": _positive(before) - pl.Series(now.rank),
            "entry": now.entry(),
            "peak_rank": _peak(now),
            "weeks_on_chart": np.maximum((now.all.rank > 0).sum(axis=0), now.told_weeks),
            "streak": _streak(now),
            "momentum": _numbers(chart_moves.momentum(now.all)),
            "velocity": _numbers(moved[0]),
            "burst": _numbers(moved[1]),
            "ranks": _lists(now.all.rank[-SHOWN:], least=1),
            "values": _lists(now.all.value[-SHOWN:], least=0),
        },
        schema=SCHEMA,
    )
    return found.sort("rank", "id")


@dataclass(frozen=True, eq=False, slots=True)
class _Now:
    """One snapshot with everything before it; ``all`` ends with it, one column for each of its things."""

    history: History
    at: int
    all: Grid
    thing: Ints
    rank: Ints
    value: Ints
    told_previous: Ints
    told_peak: Ints
    told_weeks: Ints

    @classmethod
    def of(cls, history: History, at: int) -> "_Now":
        """Return the snapshot ``at``; what a source tells twice counts once, by the better rank."""
        where = history.places(at, at)
        _, once = np.unique(history.thing[where], return_index=True)
        once = np.sort(once)
        names = ("thing", "rank", "value", "told_previous", "told_peak", "told_weeks")
        columns = [getattr(history, name)[where][once].astype(np.int64) for name in names]
        return cls(history, at, grid(history, columns[0], 0, at), *columns)

    @property
    def tells_previous(self) -> bool:
        """Whether the source says where things were before: then who has no such rank was not there."""
        return bool((self.told_previous > 0).any())

    def before(self) -> Ints:
        """Return the rank in the snapshot before, 0 for none."""
        believed = self.at == 0 or (self.tells_previous and not self.history.follows(self.at))
        found: Ints = self.told_previous if believed else self.all.rank[-2]
        return found

    def entry(self) -> pl.Series:
        """Return who is new and who came back."""
        absent = self.before() == 0
        seen = (self.all.rank[:-1] > 0).any(axis=0)
        told_back = (self.told_weeks > 1) & (self.told_previous == 0) & self.tells_previous
        new = absent & ~seen & (self.told_weeks <= 1) & (self.told_previous == 0)
        if self.at == 0:  # nothing before is known but by the source
            new &= self.told_weeks == 1
        again = absent & (seen | told_back)
        return pl.Series(np.select([new, again], ["new", "re-entry"], ""), dtype=pl.String)

    def growth(self) -> Floats:
        """Return the velocity, NaN where the two last snapshots are not of the same length of time."""
        history, at = self.history, self.at
        if not (history.follows(at) and history.complete[at] and history.complete[at - 1]):
            return np.full(len(self.rank), np.nan)
        before = history.value[history.places(at - 1, at - 1)]
        return chart_moves.velocity(self.value, self.all.value[-2], chart_before=before)

    def bursting(self) -> Floats:
        """Return the burst among complete snapshots, NaN in a running one."""
        if not self.history.complete[self.at]:
            return np.full(len(self.rank), np.nan)
        whole: Bools = np.array(self.history.complete[: self.at + 1])
        return chart_moves.burst(Grid(self.all.rank[whole], self.all.value[whole], self.all.depth))


def _peak(now: _Now) -> Ints:
    """Return the best rank ever, stored or told."""
    worst = np.iinfo(np.int64).max
    own = np.where(now.all.rank > 0, now.all.rank, worst).min(axis=0)
    found: Ints = np.minimum(own, np.where(now.told_peak > 0, now.told_peak, worst))
    return found


def _streak(now: _Now) -> Ints:
    """Return in how many snapshots in a row, without a gap in time, everything has been up to now."""
    first = now.at
    while now.history.follows(first):
        first -= 1
    there = now.all.rank[first:][::-1] > 0
    found: Ints = np.logical_and.accumulate(there).sum(axis=0)
    return found


def _positive(ranks: Ints) -> pl.Series:
    """Return ranks with null for 0."""
    return pl.select(pl.when(pl.Series(ranks) > 0).then(pl.Series(ranks))).to_series()


def _counts(values: Ints) -> pl.Series:
    """Return counts with null for -1."""
    return pl.select(pl.when(pl.Series(values) >= 0).then(pl.Series(values))).to_series()


def _numbers(values: Floats) -> pl.Series:
    """Return numbers with null for NaN."""
    return pl.Series(values).fill_nan(None)


def _lists(cells: Ints, *, least: int) -> pl.Series:
    """Return each column as a list, null for what is below ``least``."""
    flat = pl.Series(np.ascontiguousarray(cells.T).ravel())
    kept = pl.select(pl.when(flat >= least).then(flat)).to_series()
    return kept.reshape((cells.shape[1], len(cells))).arr.to_list()
