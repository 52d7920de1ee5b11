"""Sessions: how many, how long, the longest."""

from typing import Any

import polars as pl

from core.analytics import sessions as metrics
from core.domain.lens import Lens
from core.domain.selection import Selection
from core.services.listening import Listening
from ui import formats
from ui.figures.panel import Listing, Make, Number, Picture, Shown, Strip, asked
from ui.figures.sessions import CLASSES
from ui.figures.sessions import lengths as lengths_figure
from ui.figures.times import minutes, o_clock

NONE = "No sessions in this range"


def _rule(selection: Selection) -> str:
    return f"A session ends with a silence of more than {selection.gap} minutes"


def _count(sessions: int) -> str:
    return formats.plural(sessions, "session")


def sessions(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Strip:
    """Return sessions in a few figures."""
    found = listening.ask(user_id, metrics.summary, gap_minutes=selection.gap, **asked(lens, selection))
    frame = pl.DataFrame([{name: getattr(found, name) for name in metrics.Summary.__slots__}])
    common: dict[str, Any] = {"frame": frame, "explained": f"{_rule(selection)}.", "definition": "sessions.summary"}
    about = "Listening without a long silence"
    if found.median_minutes is None or found.longest_minutes is None or found.a_week is None:
        return Strip(NONE, about, (), **common)
    a_week = formats.number(found.a_week, decimals=1 if found.a_week < 10 else 0)
    numbers = (
        Number("Sessions", formats.number(found.count), f"{a_week} a week"),
        Number("Typical length", minutes(found.median_minutes), "half of them last longer"),
        Number("Typically", formats.plural(round(found.median_plays or 0), "play"), "half of them have more"),
        Number(
            "Longest",
            minutes(found.longest_minutes),
            f"begun on {formats.day(found.longest_day)}" if found.longest_day else "",
        ),
        Number("Most plays in one", formats.number(found.longest_plays or 0)),
        Number("Most begin", f"from {o_clock(found.hour or 0)}", f"to {o_clock((found.hour or 0) + 1)}"),
    )
    title = f"{a_week} sessions a week, typically {minutes(found.median_minutes)} long"
    if found.count == 1:
        title = f"One session, {minutes(found.median_minutes)} long"
    return Strip(title, about, numbers, n=_count(found.count), **common)


def sessions_lengths(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return how many sessions last how long."""
    frame = listening.ask(user_id, metrics.lengths, gap_minutes=selection.gap, **asked(lens, selection))
    table = frame.select(pl.Series("length", CLASSES), "sessions", "share")
    count, title = int(frame["sessions"].sum()), NONE
    if count:
        peak = table.sort("sessions", descending=True, maintain_order=True).row(0, named=True)
        title = f"Most often {peak['length']}: {_count(peak['sessions'])}"
    return Picture(
        title=title,
        about="Sessions by their length",
        frame=frame,
        table=table,
        rows=table.select("length", "sessions").to_arrow(),
        spec=lengths_figure(),
        alternative=f"How many sessions last how long. {title}.",
        explained=f"From the first start to the last end, short silences included. {_rule(selection)}.",
        definition="sessions.lengths",
        n=_count(count),
    )


def sessions_longest(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return the longest sessions."""
    found = listening.ask(user_id, metrics.longest, gap_minutes=selection.gap, **asked(lens, selection))
    frame = found.with_columns((pl.col("end") - pl.col("start")).dt.total_milliseconds().alias("lasted"))
    title = f"The longest lasted {minutes(found['minutes'][0])}" if found.height else NONE
    return Listing(
        title=title,
        about="The longest sessions, from the first start to the last end",
        frame=frame,
        columns=(
            Shown("Begun", "start", "moment"),
            Shown("Lasted", "lasted", "duration"),
            Shown("Plays", "plays", "bar"),
            Shown("Most played", "artist", "name", id="artist_id"),
            Shown("Artists", "artists", "number", phone=False),
        ),
        empty="Nothing was played in this range; choose a longer one.",
        explained=f"{_rule(selection)}.",
        definition="sessions.longest",
        n=_count(listening.ask(user_id, metrics.summary, gap_minutes=selection.gap, **asked(lens, selection)).count),
    )


PANELS: dict[str, Make] = {
    "sessions": sessions,
    "sessions-lengths": sessions_lengths,
    "sessions-longest": sessions_longest,
}
