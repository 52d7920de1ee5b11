"""What genres a public chart is made of, how that changes, and when its music came out."""

from typing import TYPE_CHECKING

import polars as pl

from core.analytics.genres import REST, UNKNOWN
from core.domain.trends import TrendAsk
from ui import formats
from ui.figures import genres as figures
from ui.figures.panel import Listing, Picture, Shown
from ui.figures.panels_genres import CREDIT
from ui.figures.trend_telling import (
    UNITS,
    about,
    behind,
    empty_listing,
    empty_picture,
    named,
    thing_column,
    weight,
)
from ui.figures.trend_words import genre_title, place, plain, time

if TYPE_CHECKING:
    from core.services.trends import Settled, Trends

LINES = 6  # families along time, beside the rest and the unknown
MOST = 14
SHORT = 120  # days whose weeks are named along the axis
MOSTLY = 0.5  # of a chart: so much unknown is said first
CHOOSE = "Choose a genre from the list of genres on the page of trends."
EXPLAINED = "What an artist counts is shared among their genres; artists nobody knows the genres of stay unknown."


def _credit(settled: "Settled") -> str:
    return f"{settled.info.credit} · {CREDIT}"


def stream(trends: "Trends", ask: TrendAsk) -> Picture:
    """Return the shares of families of genres along time."""
    settled, definition = trends.settle(ask), "chart_makeup.genre_shares"
    if settled is None:
        return empty_picture(ask, definition)
    found = trends.genres(ask)
    several = found["first"].n_unique() > 1
    leaders = _leaders(found)
    named = pl.when(pl.col("name") == "").then(pl.lit(UNKNOWN)).when(pl.col("name").is_in(leaders)).then("name")
    frame = found.with_columns(name=named.otherwise(pl.lit(REST))).group_by("first", "name").agg(pl.col("share").sum())
    order = {name: place for place, name in enumerate([*leaders, REST, UNKNOWN])}
    shown = [name for name in order if name in set(frame["name"].to_list())]
    rows = frame.select(
        pl.col("first").alias("start"),
        "name",
        "share",
        place=pl.col("name").replace_strict(order, return_dtype=pl.Int64),
        quiet=pl.col("name").is_in([REST, UNKNOWN]),
        pick_genre=pl.lit(None, pl.String),
    ).sort("start", "place")
    wide = rows.pivot("name", index="start", values="share", aggregate_function="first").sort("start")
    near = several and (found["first"].max() - found["first"].min()).days < SHORT  # type: ignore[operator, union-attr]
    step = "smooth" if settled.key.window in ("day", "week") else "month"
    title = _moved(frame, leaders) if several else _mostly(frame, leaders)
    what = f"Share of {weight(settled)} by family of genres, {about(settled, short=True, kind=behind(settled))}"
    empty = "" if several else "Shares change from chart to chart; the list beside has those of this one."
    return Picture(
        title, what, found, wide, rows.to_arrow(),
        figures.stream(f"Share of {weight(settled)}", step, names=tuple(shown), near=near),
        f"{what}. {title}.", EXPLAINED, definition, "", _credit(settled), empty,
    )  # fmt: skip


def _leaders(found: pl.DataFrame) -> list[str]:
    """Return the largest families over all the time, the largest first."""
    known = found.filter(pl.col("name") != "").group_by("name").agg(pl.col("share").sum())
    return known.sort(["share", "name"], descending=[True, False])["name"].head(LINES).to_list()


def _moved(frame: pl.DataFrame, leaders: list[str]) -> str:
    """Return which family's share changed most from the first to the last chart."""
    first, last = (
        dict(frame.filter(pl.col("first") == edge).select("name", "share").iter_rows())
        for edge in (frame["first"].min(), frame["first"].max())
    )
    ends = {name: (first.get(name, 0.0), last.get(name, 0.0)) for name in leaders}
    if not ends:
        return "Nobody knows the genres of these artists yet"
    if last.get(UNKNOWN, 0.0) > MOSTLY:
        return f"Nobody knows the genres of {formats.share(last[UNKNOWN])} yet"
    most = max(ends, key=lambda name: abs(ends[name][1] - ends[name][0]))
    before, now = ends[most]
    if abs(now - before) < 0.005:
        return f"{max(ends, key=lambda name: ends[name][1])} leads, and the mix stays as it was"
    since = formats.day(frame["first"].min())  # type: ignore[arg-type]
    moved = f"{most} {'grew' if now > before else 'shrank'} from {formats.share(before)} to {formats.share(now)}"
    return f"{moved} since {since}"


def _mostly(frame: pl.DataFrame, leaders: list[str]) -> str:
    first = frame.filter(pl.col("name").is_in(leaders)).sort("share", descending=True)
    if not first.height:
        return "Nobody knows the genres of these artists yet"
    unknown = float(frame.filter(pl.col("name") == UNKNOWN)["share"].sum())
    if unknown > MOSTLY:
        return f"Nobody knows the genres of {formats.share(unknown)} yet"
    return f"Most is {first['name'][0]}, {formats.share(first['share'][0])}"


def genre_list(trends: "Trends", ask: TrendAsk) -> Listing:
    """Return the genres of a chart with their shares and how those changed."""
    settled, definition = trends.settle(ask), "chart_makeup.genre_shares"
    if settled is None:
        return empty_listing(ask, definition)
    frame = trends.genre_list(ask)
    known = frame.filter(pl.col("name") != "")
    unknown = float(frame.filter(pl.col("name") == "")["share"].sum())
    title = "Nobody knows the genres of these artists yet"
    if known.height:
        of_known = " among those that are known" if unknown > MOSTLY else ""
        title = f"{genre_title(known['name'][0])} leads{of_known}"
    points = pl.col("change").map_elements(_points, return_dtype=pl.String)
    columns = (
        thing_column("genre"),
        Shown("Share", "share", "share"),
        Shown("Change", "points", "text", phone=False, hint="Percentage points since the chart before"),
        Shown("Artists", "artists", "number", phone=False),
    )
    return Listing(
        title,
        f"Share of {weight(settled)} by genre, {formats.share(unknown)} unknown, "
        f"{about(settled, short=True, kind=behind(settled))}",
        known.with_columns(points=points),
        columns,
        "Genres come with what is known of the artists; nothing is known of these yet.",
        EXPLAINED,
        definition,
        f"{formats.number(known.height)} genres",
        _credit(settled),
        MOST,
    )


def _points(value: float) -> str:
    if abs(value) < 0.05:
        return "±0"
    return f"{'+' if value > 0 else formats.MINUS}{abs(value):.1f}"


def eras(trends: "Trends", ask: TrendAsk) -> Picture:
    """Return in which decades the music that is listened to came out."""
    settled, definition = trends.settle(ask), ""
    told = trends.extra(ask, "eras") if settled else None  # noqa: S610 - no database behind it
    if settled is None or told is None or not told.rows:
        why = "This source does not tell release years; ListenBrainz does."
        return empty_picture(ask, definition, why=why, title="Release years are not told here")
    frame = pl.DataFrame([{"year": int(row["year"]), "count": int(row["count"])} for row in told.rows]).sort("year")
    by = frame.group_by((pl.col("year") // 10 * 10).alias("decade")).agg(pl.col("count").sum()).sort("decade")
    whole = int(by["count"].sum()) or 1
    rows = by.select(
        name=pl.col("decade").cast(pl.String) + "s",
        value="count",
        place=pl.int_range(pl.len()),
        words=(pl.col("count") / whole).map_elements(formats.share, return_dtype=pl.String),
        quiet=pl.lit(value=False),
    )
    best = by.sort("count", descending=True)
    title = f"{formats.share(best['count'][0] / whole)} came out in the {best['decade'][0]}s"
    unit = UNITS[settled.info.value_kind]
    when = time(told.window, told.first, told.until)
    what = f"{unit} by the decade the music came out in, {when}"
    return Picture(
        title, what, frame, by.with_columns(share=(pl.col("count") / whole).round(4)), rows.to_arrow(),
        figures.decades(unit, ",d"), f"{what}. {title}.", "Everything counts in the decade its album came out.",
        definition, f"{formats.number(whole)} {unit.lower()}", settled.info.credit,
    )  # fmt: skip


def curve(trends: "Trends", ask: TrendAsk) -> Picture:
    """Return the share of one genre along time, a line for each source."""
    from ui.figures.trend_shares import shares

    frame, definition = trends.genre_curve(ask.genre), "chart_makeup.genre_shares"
    settled = trends.settle(ask)
    genre = plain(ask.genre)
    if not genre:
        return empty_picture(ask, definition, why=CHOOSE, title="No genre chosen yet")
    if settled is None or frame.is_empty() or not frame["share"].max():
        why = f"No chart here has artists of {genre}, as far as anybody knows."
        return empty_picture(ask, definition, why=why, title=f"{genre_title(genre)} is on no chart here")
    latest = frame.filter(pl.col("source") == settled.info.id)
    latest = (latest if latest.height else frame).sort("first")
    title = f"{genre_title(genre)} makes up {formats.share(latest['share'][-1])} of the chart"
    return shares(frame, title=title, credit=_credit(settled), definition=definition, explained=EXPLAINED)


def artists(trends: "Trends", ask: TrendAsk) -> Listing:
    """Return the artists of one genre on the chart."""
    settled, definition = trends.settle(ask), "chart_standing.standing"
    if settled is None:
        return empty_listing(ask, definition)
    genre = plain(ask.genre)
    if not genre:
        return empty_listing(ask, definition, why=CHOOSE, title="No genre chosen yet")
    frame = trends.genre_artists(ask, ask.genre)
    title = f"Nobody on the chart plays {genre}"
    if frame.height:
        title = f"{named(frame.row(0, named=True))} leads in {genre}"
    columns = (
        Shown("Place", "rank", "number"),
        Shown("", "change", "change", id="entry"),
        Shown("Artist", "name", "name", of="trend", id="id"),
        Shown("Best", "peak_rank", "number", phone=False),
        Shown("Times", "weeks_on_chart", "number", phone=False),
        Shown("Trend", "momentum", "momentum", phone=False),
    )
    when = time(settled.key.window, settled.at, settled.until, complete=settled.complete)
    where = f"Artists {place(settled.key.region)}, {when}"
    return Listing(
        title, where, frame, columns, "Choose another place, day or source, or another genre.",
        "Those of whom it is a genre, as far as anybody knows.", definition,
        formats.plural(frame.height, "artist"), _credit(settled), 30,
    )  # fmt: skip
