"""The rows of the list of the charts page: searched, ordered, beside another range. Page and download share it."""

from dataclasses import dataclass

import polars as pl

from core.analytics.counting import Metric
from core.analytics.discovery import first_listens
from core.analytics.genres import Level, genre_top
from core.analytics.library import By
from core.domain.lens import Lens
from core.domain.period import Period
from core.domain.selection import Selection
from core.services.listening import Listening
from ui.figures.chart import FIELDS, Chart
from ui.figures.panel import asked


@dataclass(frozen=True, eq=False)
class Ranked:
    """The list: ``whole`` rows of it, and ``frame``: those searched for, in the chosen order.

    Columns: rank, name, plays, ms_played, share, rank_before, change; id, artist, artist_id of all but genres; artists
    of genres; plays_there and ms_there where two ranges are compared; the skips with their interval, or the first
    play, where the list is in their order.
    """

    whole: int
    frame: pl.DataFrame


def ranked(listening: Listening, user_id: int, lens: Lens, selection: Selection, chart: Chart) -> Ranked:
    """Return a list of the charts page."""
    order: Metric = "plays" if selection.metric == "plays" else "time"
    if chart.of == "genre":
        every = _genres(listening, user_id, lens, selection, chart.level, order)
    else:
        every = _things(listening, user_id, lens, selection, chart.by, order)
    frame = _found(every, chart.search)
    if chart.order == "skips":
        shares = listening.skips(user_id, by=chart.by, **asked(lens, selection))
        frame = frame.join(shares.select("id", "starts", "skips", skipped="share", low="low", high="high"), on="id")
    if chart.order == "first":
        first = listening.ask(user_id, first_listens, lens=lens, by=chart.by).select("id", "first")
        local = pl.col("first").dt.convert_time_zone(lens.timezone).dt.date()
        frame = frame.join(first.with_columns(local), on="id", how="left", maintain_order="left")
    return Ranked(every.height, _ordered(frame, chart))


def _things(
    listening: Listening, user_id: int, lens: Lens, selection: Selection, by: By, order: Metric
) -> pl.DataFrame:
    """Return the ranked artists, albums or tracks; of two ranges also those heard in the other one alone."""
    here = listening.top(user_id, by=by, metric=order, versus=selection.versus, **asked(lens, selection))
    other = selection.other()
    if other is None:
        return here
    there = listening.top(user_id, by=by, metric=order, versus=selection.shown, **asked(lens, other))
    return _both(here, there, ["id"], ["artist", "artist_id"])


def _genres(
    listening: Listening, user_id: int, lens: Lens, selection: Selection, level: Level, order: Metric
) -> pl.DataFrame:
    """Return the ranked genres or families, with their rank in the other range or the one before."""
    chosen = asked(lens, selection)
    here = listening.ask(user_id, genre_top, level=level, metric=order, **chosen)
    before = selection.versus or _before(listening, user_id, lens, selection)
    if before is None:
        return here
    there = listening.ask(user_id, genre_top, level=level, metric=order, **{**chosen, "period": before})
    ranks = there.select("name", rank_before="rank")
    moved = (pl.col("rank_before").cast(pl.Int32) - pl.col("rank").cast(pl.Int32)).alias("change")
    here = here.drop("rank_before", "change").join(ranks, on="name", how="left", maintain_order="left")
    here = here.with_columns(moved)
    return here if selection.versus is None else _both(here, there, ["name"], ["artists"])


def _before(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Period | None:
    """Return the range before, if it was lived through."""
    earlier, days = selection.shown.before(), listening.span(user_id, lens=lens)
    lived = earlier is not None and earlier.start is not None and days is not None and earlier.start >= days[0]
    return earlier if lived else None


def _both(here: pl.DataFrame, there: pl.DataFrame, key: list[str], known: list[str]) -> pl.DataFrame:
    """Return the list of one range with the amounts of the other, and after it what only the other one has."""
    amounts = there.select(*key, plays_there="plays", ms_there="ms_played")
    joined = here.join(amounts, on=key, how="left", maintain_order="left")
    alone = there.join(here, on=key, how="anti", maintain_order="left").select(
        *dict.fromkeys([*key, "name", *known]), rank_before="rank", plays_there="plays", ms_there="ms_played"
    )
    none = pl.lit(0)
    alone = alone.with_columns(plays=none, ms_played=none, share=none).select(
        pl.col(name).cast(joined.schema[name]) if name in (*alone.columns, "plays", "ms_played", "share")
        else pl.lit(None, joined.schema[name]).alias(name)
        for name in joined.columns
    )  # fmt: skip
    return pl.concat([joined, alone]).with_columns(pl.col("plays_there", "ms_there").fill_null(0))


def _found(frame: pl.DataFrame, search: str) -> pl.DataFrame:
    """Return the rows whose name or artist contains the search, in any case."""
    if not search:
        return frame
    low = search.lower()
    columns = [name for name in ("name", "artist") if name in frame.columns]
    hits = [pl.col(name).str.to_lowercase().str.contains(low, literal=True) for name in columns]
    return frame.filter(pl.any_horizontal(hits))


def _ordered(frame: pl.DataFrame, chart: Chart) -> pl.DataFrame:
    """Return the rows in the chosen order; what has no value stands at the end, equals stay in order of rank."""
    if chart.sort == "rank":
        return frame
    column, greatest = FIELDS[chart.order]
    column = "high" if chart.sort == "-skips" else column  # the surest of each end first
    by = pl.col(column).str.to_lowercase() if column == "name" else pl.col(column)
    return frame.sort(by, descending=greatest != chart.turned, nulls_last=True, maintain_order=True)
