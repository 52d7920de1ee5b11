"""The year's round: months against each other, and artists that belong to one."""

from typing import Any

import polars as pl

from core.analytics import seasons as metrics
from core.analytics.selecting import ALL_TIME
from core.domain.lens import Lens
from core.domain.selection import Selection
from core.services.listening import Listening
from ui import formats
from ui.figures.panel import Listing, Make, Picture, Shown, asked
from ui.figures.seasons import MONTHS
from ui.figures.seasons import seasons as seasons_figure
from ui.figures.times import MONTH_NAMES, NO_PLAYS, plays

EVER = "over your whole history, as the range is shorter than two years"
TOO_SHORT = "Two years of whole months are needed to see a yearly round"


def _long_enough(lens: Lens, selection: Selection) -> tuple[dict[str, Any], str]:
    """Return what to ask for, and how that is said: the range, or all time where it is shorter than two years."""
    days = selection.shown.days
    if days is not None and days >= 730:
        return asked(lens, selection), ""
    return {"lens": lens, "period": ALL_TIME, "filters": selection.filters}, EVER


def seasons(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return how each month compares with the usual one."""
    what, ever = _long_enough(lens, selection)
    found = listening.ask(user_id, metrics.yearly_round, **what)
    frame, title = found.index, TOO_SHORT
    if found.strength is not None:
        title = _finding(frame, certain=found.certain)
    rows = frame.select(
        pl.col("month").replace_strict(dict(enumerate(MONTHS, start=1)), return_dtype=pl.String),
        *("index", "plays", "years"),
    )
    return Picture(
        title=title,
        about=", ".join(filter(None, ("Plays a day of each month; 1 is the usual month", ever))),
        frame=frame,
        table=rows,
        rows=rows.to_arrow(),
        spec=seasons_figure(),
        alternative=f"Plays by month of the year against the usual month. {title}.",
        explained=_strength(found),
        definition="seasons.yearly_round",
        n=" in ".join([plays(int(frame["plays"].sum()))] * bool(frame.height) + [_months(found.months)]),
    )


def _months(count: int) -> str:
    return formats.plural(count, "whole month")


def _finding(frame: pl.DataFrame, *, certain: bool) -> str:
    """Return what the months show, in words."""
    if not frame["plays"].sum():
        return NO_PLAYS
    if not certain:
        return "No time of the year stands out"
    peak = frame.sort("index", descending=True, maintain_order=True).row(0, named=True)
    return (
        f"Most in {MONTH_NAMES[peak['month'] - 1]}: {formats.number(peak['index'], decimals=1)} times the usual month"
    )


def _strength(found: metrics.Round) -> str:
    """Return in words how strongly listening follows the year."""
    if found.strength is None:
        return "Only whole months count, from the first listen to the last."
    if not found.certain:
        return "Your listening does not follow the year: chance would set months apart as much as this."
    if found.strength >= 0.5:
        return "Your listening follows the year closely: the same months are strong or weak year after year."
    return "Your listening follows the year a little: some months come back, others are the year's own."


def seasonal_artists(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return the artists that belong to a month."""
    what, ever = _long_enough(lens, selection)
    found = listening.ask(user_id, metrics.artists_by_month, **what)
    months = listening.ask(user_id, metrics.yearly_round, **what).months
    names = dict(enumerate(MONTH_NAMES, start=1))
    frame = found.with_columns(pl.col("month").replace_strict(names, return_dtype=pl.String).alias("in_month"))
    title = "No artist belongs to one month" if months >= metrics.LEAST_MONTHS else TOO_SHORT
    if found.height:
        title = f"{found['name'][0]} belongs to {frame['in_month'][0]}"
    return Listing(
        title=title,
        about=", ".join(filter(None, ("Artists heard more in one month, year after year", ever))),
        frame=frame,
        columns=(
            Shown("Artist", "name", "name"),
            Shown("Month", "in_month"),
            Shown("Times the usual", "index", "decimal", hint="Their share of that month against their usual share"),
            Shown("Plays then", "plays", "bar", hint="In that month, all years together"),
            Shown("Plays in all", "in_all", "number", phone=False),
            Shown("Years", "years", "number", phone=False, hint="With a play in that month"),
        ),
        empty="No artist comes back in the same month more than chance would have it."
        if months >= metrics.LEAST_MONTHS
        else f"{TOO_SHORT}; this history has {_months(months)}.",
        explained="At least 20 plays, in more than one year, and clearly more than chance would bring.",
        definition="seasons.artists_by_month",
        n=_months(months),
    )


PANELS: dict[str, Make] = {"seasons": seasons, "seasonal-artists": seasonal_artists}
