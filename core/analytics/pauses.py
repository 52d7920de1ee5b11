"""The time between the plays of one thing."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl

from core.analytics.arrays import Ints, counts
from core.analytics.view import View

MINIMUM = 20
# Upper ends of the classes of ``pauses``, in hours; the last class has none.
CLASSES = (
    ("within an hour", 1),
    ("within a day", 24),
    ("within a week", 7 * 24),
    ("within a month", 30 * 24),
    ("within three months", 90 * 24),
    ("within a year", 365 * 24),
    ("after more than a year", None),
)
HOUR_US = 3_600_000_000


def pauses(view: View) -> pl.DataFrame:
    """Return how long it took from each play of the view to the next: seven classes, zeros included.

    Filter the view to one track for the time between its plays. Columns: pause (str), plays (i64: plays that came so
    long after the one before), share (f64, 0..1; null without a second play). A class holds pauses shorter than its
    upper end: 1 hour, 24 hours, 7, 30, 90, 365 days.
    Source: differences between the ends of plays that follow each other.
    """
    hours = gaps(view) / HOUR_US
    place = np.searchsorted(np.array([end for _, end in CLASSES[:-1]], dtype=np.float64), hours, side="right")
    plays = counts(place, len(CLASSES))
    share = pl.Series(plays / max(1, len(hours)))
    return pl.DataFrame(
        {
            "pause": [name for name, _ in CLASSES],
            "plays": plays,
            "share": share if len(hours) else pl.Series([None] * len(CLASSES), dtype=pl.Float64),
        }
    )


def gaps(view: View) -> Ints:
    """Return the microseconds from each play of the view to the next one, in their order."""
    ended = view.played("ended").astype(np.int64)
    between: Ints = ended[1:] - ended[:-1]
    return between


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The time between plays: ``median`` in hours (``None`` under 20 pauses), and the longest pause's two moments."""

    pauses: int
    median: float | None
    left: datetime | None
    back: datetime | None


def rhythm(view: View) -> Rhythm:
    """Return the typical and the longest time between plays of the view.

    Filter the view to one artist or track. The earlier one of equal pauses is the longest.
    Source: ``gaps``; the median of them.
    """
    between = gaps(view)
    if not len(between):
        return Rhythm(0, None, None, None)
    longest, ended = int(np.argmax(between)), view.library.listens["ended"]
    places = view.played_positions
    median = float(np.median(between)) / HOUR_US if len(between) >= MINIMUM else None
    return Rhythm(len(between), median, ended[int(places[longest])], ended[int(places[longest + 1])])
