"""Times every panel of the pages on 300,000 listens, each against the bare Polars expression it grew from.

``python -m benchmarks.panels [--listens 300000]``. Each panel is made anew on a warm library: its view, its metrics,
its rows and its words. Beside it stands what Polars alone takes for the counts the panel is made of.
"""

import argparse
from collections.abc import Callable
from dataclasses import replace

import polars as pl

from benchmarks.analytics import milliseconds, scratch, servers
from benchmarks.budgets import Held, quiet, verdict
from benchmarks.person import add_catalogue, add_person
from core.analytics.library import Library
from core.cache import Cache
from core.domain.lens import Lens
from core.domain.selection import Selection, parse_selection, with_item
from core.services.listening import Listening
from ui.figures import panels_items
from ui.figures.panels import PANELS

LENS = Lens("Europe/Berlin")
BUDGET_MS, LONG_MS = 30.0, 250.0
# Change points, random splits and sessions walk through the whole history in its order.
LONG = (
    "eras",
    "era-list",
    "drift",
    "drift-artists",
    "sessions",
    "sessions-lengths",
    "sessions-longest",
    "item-sessions",
)
OF_ONE = (*panels_items.PANELS, "affinity-parts")
Bare = Callable[[], object]


def bare(library: Library) -> dict[str, Bare]:
    """Return the expressions by name: the counts panels are made of, straight on the frame."""
    local = library.local(LENS.timezone)
    frame = library.listens.with_columns(
        pl.Series("day", local.day).cast(pl.Date), pl.Series("hour", local.hour), pl.Series("weekday", local.weekday)
    ).lazy()
    plays = frame.filter(pl.col("ms_played") >= 30_000)
    counted = (pl.len().alias("plays"), pl.col("ms_played").cast(pl.Int64).sum())

    def grouped(*by: str) -> Bare:
        return lambda: plays.group_by(*by).agg(*counted).collect()

    def along(every: str, *by: str) -> Bare:
        return lambda: plays.group_by(pl.col("day").dt.truncate(every), *by).agg(*counted).collect()

    silence = (pl.col("began") - pl.col("ended").shift()).dt.total_minutes() > 20
    runs = (pl.col("day").diff().over("artist").dt.total_days() != 1).cum_sum()
    return {
        "by artist": grouped("artist"),
        "by album": grouped("album"),
        "by recording": grouped("recording"),
        "by hour": grouped("weekday", "hour"),
        "by day": grouped("day"),
        "by device": grouped("platform"),
        "by country": grouped("country", "artist"),
        "by reason": grouped("reason_start", "reason_end"),
        "by month": along("1mo"),
        "artists by month": along("1mo", "artist"),
        "artists by week": along("1w", "artist"),
        "recordings by day": along("1d", "recording"),
        "first plays": lambda: plays.group_by("artist").agg(pl.col("ended").min()).collect(),
        "gaps of recordings": lambda: plays.select(pl.col("ended").diff().over("recording")).collect(),
        "sessions": lambda: frame.group_by(silence.cum_sum()).agg(*counted, pl.col("ended").min()).collect(),
        "runs of artists": lambda: plays.unique(["artist", "day"]).sort("day").select(runs).collect(),
        "in order": lambda: plays.select("ended", "recording", "artist").collect(),
    }


# Which of them a panel is made of, by how its name begins; by artist where nothing fits.
MADE_OF = {
    "timeline": "by day", "when": "by hour", "hours": "by hour", "day-shares": "by hour", "calendar": "by day",
    "clock": "by hour", "best-of": "by hour", "sessions": "sessions", "item-sessions": "sessions",
    "played-with": "sessions", "streaks-artists": "runs of artists", "streaks-tracks": "runs of artists",
    "streak": "by day", "trips": "by country", "milestones": "in order", "on-this-day": "by day",
    "seasons": "by month", "seasonal": "artists by month", "skips": "by reason", "skip-": "by reason",
    "item-skips": "by reason", "skipped-tracks": "by recording", "modes": "by month", "devices": "by device",
    "repeat": "gaps of recordings", "on-your-mind": "gaps of recordings", "obsessions": "recordings by day",
    "binges": "in order", "countr": "by country", "era": "artists by week", "drift": "artists by month",
    "variety-over": "artists by month", "novelty": "first plays", "exploration": "first plays",
    "retention": "first plays", "new-artists": "first plays", "forgotten": "gaps of recordings",
    "decades": "by album", "genre-stream": "artists by month", "rank-history": "artists by month",
    "bump": "artists by month", "share-over": "by month", "found": "first plays",
}  # fmt: skip


def made_of(name: str) -> str:
    """Return the name of the expression a panel is held against."""
    return next((bare_name for begins, bare_name in MADE_OF.items() if name.startswith(begins)), "by artist")


def report(listens: int) -> list[Held]:
    """Measure and print; return every panel with its budget."""
    with servers() as (database, redis), scratch(database) as db:
        add_catalogue(db)
        user = add_person(db, listens=listens)
        service = Listening(db, Cache(redis), memory_bytes=10**9)
        first, last = service.span(user, lens=LENS)  # type: ignore[misc]
        selection = parse_selection({"range": "all"}, first=first, last=last)
        artist = int(service.top(user, by="artist", lens=LENS, limit=1)["id"][0])
        one = replace(selection, filters=with_item(selection.filters, "artist", artist))
        floors, more, held = bare(service.library(user)), 4 if listens >= 1_000_000 else 1, list[Held]()
        print(f"{'':24}{'ms':>8}{'budget':>8}{'bare ms':>9}{'ratio':>7}  bare")
        for name in PANELS:
            chosen = one if name in OF_ONE else selection
            took, least = _timed(service, user, name, chosen, floors[made_of(name)])
            held.append(Held(name, took, (LONG_MS if _long(name) else BUDGET_MS) * more, "ms"))
            over = "" if held[-1].within else "  OVER"
            print(
                f"{name:<24}{took:>8.1f}{held[-1].budget:>8.0f}{least:>9.1f}{took / least:>7.1f}  {made_of(name)}{over}"
            )
    return held


def _long(name: str) -> bool:
    return name in LONG


def _timed(service: Listening, user: int, name: str, chosen: Selection, floor: Bare) -> list[float]:
    """Return the milliseconds of a panel made anew and of its bare expression."""

    def fresh() -> object:
        service.forget_views()
        return PANELS[name](service, user, LENS, chosen)

    return milliseconds(fresh, floor, rounds=6)


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--listens", type=int, default=300_000)
    quiet()
    print(verdict(report(arguments.parse_args().listens)))


if __name__ == "__main__":
    main()
