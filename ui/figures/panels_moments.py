"""Moments of a history: trips, milestones, and what was heard on this day."""

from datetime import date
from typing import Any

import polars as pl

from core.analytics import calendar, milestones, trips
from core.analytics.selecting import ALL_TIME
from core.domain.lens import Lens
from core.domain.selection import Selection
from core.services.listening import Listening
from ui import formats
from ui.countries import country_name
from ui.figures.panel import Listing, Make, Shown, asked
from ui.figures.times import ordinal, plays


def trip_list(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return the stays in another country. Itself a source of the filter by country."""
    chosen = asked(lens, selection.without("country"))
    found = listening.ask_ever(user_id, trips.trips, **chosen)
    known = listening.ask(user_id, trips.known_days, **chosen)
    names = {code: country_name(code) for code in found["country"].unique()}
    frame = found.with_columns(pl.col("country").replace_strict(names, return_dtype=pl.String).alias("place"))
    empty = "No days in another country than your usual one in this range."
    if not known:
        empty = "Nothing in this range says which country you were in; only Spotify's extended history does."
    title = "No trips in this range" if known else "No country is known in this range"
    if found.height:
        where = formats.number(len(names)) + (" country" if len(names) == 1 else " countries")
        title = f"{formats.plural(found.height, 'trip')} to {where}"
    return Listing(
        title=title,
        about="Days in another country than your usual one",
        frame=frame,
        columns=(
            Shown("Country", "place", "filter", of="country", id="country"),
            Shown("When", "start", "days", until="end"),
            Shown("Days", "days", "number"),
            Shown("Plays", "plays", "bar"),
            Shown("Most played", "name", "name", phone=False),
        ),
        empty=empty,
        explained=f"Days and hours stay those of {lens.timezone} on trips too: what you hear abroad is placed by the "
        "clock at home. The country is that of the connection, so a relayed one can pass for a trip.",
        definition="trips.trips",
        n=f"{formats.plural(known, 'day')} with a known country",
    )


def milestone_list(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return the milestones of the whole history, and in ``about`` the next one."""
    ever: dict[str, Any] = {"lens": lens, "period": ALL_TIME, "filters": selection.filters}
    found = listening.ask(user_id, milestones.milestones, **ever)
    coming = listening.ask(user_id, milestones.coming, today=selection.today, **ever)
    words = [milestone(kind, n) for kind, n in found.select("kind", "n").iter_rows()]
    frame = found.with_columns(pl.Series("what", words, dtype=pl.String))
    title = "No milestone yet"
    if found.height:
        title = f"{words[0]} on {formats.day(found['moment'][0].date())}"
    return Listing(
        title=title,
        about="Milestones of your whole history" + _due(coming, selection.today),
        frame=frame,
        columns=(
            Shown("Milestone", "what"),
            Shown("Reached", "moment", "moment"),
            Shown("With", "track", "name", of="track", id="track_id", under="artist", under_id="artist_id"),
        ),
        empty="The first play is the first milestone: bring in a history on the Imports page.",
        explained="Counted from the first listen on, whatever the range; the next one at the pace of the last 90 days.",
        definition="milestones.milestones",
        n=plays(int(coming.filter(pl.col("kind") == "play")["now"].sum())),
    )


def milestone(kind: str, n: int) -> str:
    """Return a milestone in words."""
    if kind == "play":
        return "First play" if n == 1 else f"{ordinal(n)} play"
    if kind == "artist":
        return f"{ordinal(n)} artist"
    return f"{formats.plural(n, 'hour')} of listening" if kind == "hour" else f"{formats.plural(n, 'year')} of history"


def _due(coming: pl.DataFrame, today: date) -> str:
    """Return the next milestone with its day; nothing where none is in sight. Years pass by themselves: one ahead."""
    soon = (pl.col("kind") != "year") | ((pl.col("due") - pl.lit(today)).dt.total_days() <= 366)
    known = coming.filter(pl.col("due").is_not_null() & soon).sort("due", "kind")
    if not known.height:
        return ""
    first = known.row(0, named=True)
    what = milestone(first["kind"], first["n"])
    return f"; next: {what}, about {formats.day(first['due'])}"


def on_this_day(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return what was played on today's month and day in earlier years."""
    ever: dict[str, Any] = {"lens": lens, "period": ALL_TIME, "filters": selection.filters}
    found = listening.ask(user_id, calendar.on_this_day, today=selection.today, **ever)
    day = pl.col("day").dt.to_string("%Y-%m-%d..%Y-%m-%d").alias("range")
    today = _day(selection.today)
    title = f"Nothing on {today} in earlier years"
    if found.height:
        title = f"{today} {found['year'][0]}: {found['track'][0]}, {plays(found['best'][0])}"
    return Listing(
        title=title,
        about=f"What you heard on {today} in earlier years",
        frame=found.with_columns(pl.col("year").cast(pl.String).alias("which"), day),
        columns=(
            Shown("Year", "which", "filter", of="range", id="range"),
            Shown("Plays", "plays", "bar"),
            Shown("Most played track", "track", "name", of="track", id="track_id"),
            Shown("Most played artist", "artist", "name", id="artist_id"),
        ),
        empty=f"No earlier year has a play on {today}.",
        explained="By your own clock, whatever the range; on 29 February the other years show their 28th.",
        definition="calendar.on_this_day",
        n=plays(int(found["plays"].sum())),
        limit=20,
    )


def _day(value: date) -> str:
    return f"{value.day} {value:%B}"


PANELS: dict[str, Make] = {
    "trips": trip_list,
    "milestones": milestone_list,
    "on-this-day": on_this_day,
}
