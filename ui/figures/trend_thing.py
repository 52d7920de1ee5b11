"""One artist, song or album on public charts: where it stood when and stands now; several beside each other."""

from typing import TYPE_CHECKING

import polars as pl

from core.domain.trends import SOURCES, WORLD, TrendAsk
from ui import formats
from ui.countries import country_name
from ui.figures.panel import Listing, Number, Picture, Shown, Strip
from ui.figures.trend_lines import MOST, lines
from ui.figures.trend_telling import KINDS, about, empty_listing, empty_picture, empty_strip, named, sparks
from ui.figures.trend_words import in_several, listed, place, place_name
from ui.figures.world import world

if TYPE_CHECKING:
    from core.services.trends import Thing, Trends

DEFINITION = "chart_courses.courses"
TITLES = {id: info.title for id, info in SOURCES.items()}
GONE = "Nothing is known here by this address"
ALONE = "Nothing else here belongs to it."


def facts(trends: "Trends", ask: TrendAsk) -> Strip:
    """Return where a thing stands now, its best place, how long and where it was on charts."""
    thing = trends.thing(ask.thing)
    if thing is None:
        return empty_strip(ask, DEFINITION)
    abroad = pl.col("region") != WORLD
    charts = thing.charts.sort("peak_rank", "peak_on", abroad, -pl.col("weeks"), nulls_last=True)
    best = charts.row(0, named=True)
    now = charts.filter(pl.col("now_rank").is_not_null()).sort("now_rank")
    day = formats.day(best["peak_on"]) if best["peak_on"] else "before the charts stored here"
    where = f"{place_name(best['region'])}, {day}"
    regions = charts.filter(pl.col("region") != WORLD)["region"].n_unique()
    longest = charts.sort("weeks", descending=True).row(0, named=True)
    numbers = (
        Number("Now", formats.number(now["now_rank"][0]) + "." if now.height else "–",
               f"{place_name(now['region'][0])}, its best place now" if now.height else "on no newest chart"),
        Number("Best place", f"{formats.number(best['peak_rank'])}.", where),
        Number("On charts", formats.plural(longest["weeks"], longest["window"].replace("all", "time")),
               f"{place_name(longest['region'])}, where it stayed longest"),
        Number("Countries", formats.number(regions) if regions else "–",
               "where it is or was on the chart" if regions else "no charts of countries"),
        Number("First seen", formats.day(charts["first"].min()), "on a chart stored here"),  # type: ignore[arg-type]
    )  # fmt: skip
    return Strip(
        f"Best: {formats.number(best['peak_rank'])}. {place(best['region'])}",
        "Places on the charts stored here",
        numbers,
        _told(charts),
        "Best places and times are those of charts stored here and of what chart files tell.",
        "chart_standing.standing",
        formats.plural(charts.height, "chart"),
        _credits(charts),
    )


def _told(charts: pl.DataFrame) -> pl.DataFrame:
    """Return the figures of a thing as one row; ``charts``: where it stood, the best first."""
    return charts.select(
        pl.col("now_rank").min(),
        pl.col("peak_rank", "peak_on").first(),
        pl.col("weeks").max(),
        charts=pl.len(),
        countries=pl.col("region").filter(pl.col("region") != WORLD).n_unique(),
        first=pl.col("first").min(),
    )


def _credits(charts: pl.DataFrame) -> str:
    return " · ".join(SOURCES[source].credit for source in charts["source"].unique(maintain_order=True).to_list())


def curve(trends: "Trends", ask: TrendAsk) -> Picture:
    """Return the place of a thing along time: the world first, then the countries where it came highest."""
    thing, settled = trends.thing(ask.thing), trends.settle(ask)
    if thing is None or settled is None:
        return empty_picture(ask, DEFINITION, why="Choose something from the charts.", title=GONE)
    frame, window = _ways(trends, thing)
    label = pl.struct("source", "region").map_elements(_called, return_dtype=pl.String)
    if frame["source"].n_unique() == 1:
        label = pl.col("region").map_elements(place_name, return_dtype=pl.String)
    frame = frame.with_columns(line=label, label=label)
    several = frame["first"].n_unique() > 1
    best = frame.sort("rank", "first", "at").row(0, named=True)
    title = f"Highest: {formats.number(best['rank'])}. {place(best['region'])}, {formats.day(best['first'])}"
    return lines(
        frame.sort("first"),
        title=title,
        about=f"Place by {window}, by source and country",
        explained="A line ends where it left the chart; far places lie closer together.",
        definition=DEFINITION,
        credit=_credits(thing.charts),
        window=window,
        empty="" if several else "It stood on one chart so far; a line comes with the next.",
    )


def _ways(trends: "Trends", thing: "Thing") -> tuple[pl.DataFrame, str]:
    """Return the places of a thing in its most usual window, in at most seven charts, and that window."""
    frame = trends.curves(thing.id)
    window = str(thing.charts.sort("weeks", descending=True)["window"][0])
    mine = thing.charts.filter(pl.col("window") == window)
    order = mine.with_columns(world=pl.col("region") == WORLD).sort(
        ["world", "peak_rank", "weeks"], descending=[True, False, True]
    )
    chosen = order.select("source", "region").head(MOST).with_row_index("at")
    kept = frame.filter(pl.col("window") == window).join(chosen, on=["source", "region"], how="inner")
    return kept.sort("at", "first"), window


def _called(row: dict[str, str]) -> str:
    title = SOURCES[row["source"]].title
    return title if row["region"] == WORLD else f"{country_name(row['region'])}, {title}"


def countries(trends: "Trends", ask: TrendAsk) -> Listing:
    """Return where a thing was on the chart, with its best place there."""
    thing = trends.thing(ask.thing)
    if thing is None:
        return empty_listing(ask, DEFINITION, why="Choose something from the charts.", title=GONE)
    frame = thing.charts.sort("peak_rank", "weeks", descending=[False, True]).with_columns(
        where=pl.col("region").map_elements(place_name, return_dtype=pl.String),
        chart=pl.format("{}, {}", pl.col("source").replace_strict(TITLES), "window"),
    )
    columns = (
        Shown("Where", "where", "text"),
        Shown("Chart", "chart", "text", phone=False),
        Shown("Now", "now_rank", "number"),
        Shown("Best", "peak_rank", "number"),
        Shown("Times", "weeks", "number"),
    )
    return Listing(
        f"On {formats.plural(frame.height, 'chart')} here", "Best place, and how often it was there", frame, columns,
        "It stands on no chart here.", "", "chart_standing.standing", "", _credits(frame), 12,
    )  # fmt: skip


def place_map(trends: "Trends", ask: TrendAsk) -> Picture:
    """Return where in the world a thing stands, at the moment looked at."""
    thing, settled = trends.thing(ask.thing), trends.settle(ask.other(kind=_kind(trends, ask)))
    definition = "chart_standing.standing"
    if thing is None or settled is None:
        return empty_picture(ask, definition, why="Choose something from the charts.", title=GONE)
    frame = trends.place(ask.other(kind=thing.kind), ask.thing).filter(pl.col("region") != WORLD)
    what = f"Place by country, {about(settled, short=True, everywhere=True)}"
    if frame.is_empty():
        why = "It is on no chart of a country at this time."
        return empty_picture(ask, definition, why=why, title="On no country's chart now")
    worst = int(frame["rank"].max())  # type: ignore[arg-type]
    rows = frame.select(
        country="region",
        name=pl.col("region").map_elements(country_name, return_dtype=pl.String),
        value=worst + 1 - pl.col("rank"),
        about=pl.col("rank").cast(pl.String),
    )
    first = frame.filter(pl.col("rank") == pl.col("rank").min())
    title = f"{formats.number(first['rank'][0])}. in {in_several(first['region'].sort().to_list())}"
    table = frame.select(country=pl.col("region").map_elements(country_name, return_dtype=pl.String), rank="rank")
    return Picture(
        title, what, frame, table, rows.to_arrow(), world("Places above the last", ",d", filters=False, about="Place"),
        f"{what}. {title}.", "The stronger the colour, the higher it stands there.", definition, "",
        settled.info.credit,
    )  # fmt: skip


def _kind(trends: "Trends", ask: TrendAsk) -> str:
    thing = trends.thing(ask.thing)
    return thing.kind if thing else ask.kind


def related(trends: "Trends", ask: TrendAsk) -> Listing:
    """Return what belongs to a thing and what stands beside it."""
    frame, thing = trends.related(ask.thing), trends.thing(ask.thing)
    if frame.is_empty() or thing is None:
        return empty_listing(ask, DEFINITION, why=ALONE, title="Nothing beside it")
    shown = frame.with_columns(
        sort=pl.col("kind").replace_strict({kind: words.removesuffix("s") for kind, words in KINDS.items()})
    )
    columns = (
        Shown("Name", "name", "name", of="trend", id="id", under="artist"),
        Shown("What", "sort", "text", phone=False),
        Shown("Why", "why", "text"),
    )
    title = named(frame.row(0, named=True))
    return Listing(
        f"{title} and others" if frame.height > 1 else title, "What is by the same artist or on the same charts", shown,
        columns, ALONE, "", "chart_courses.company", "", _credits(thing.charts), 12,
    )  # fmt: skip


def compared(trends: "Trends", ask: TrendAsk) -> Picture:
    """Return the places of up to five things along time."""
    settled = trends.settle(ask)
    if settled is None:
        return empty_picture(ask, DEFINITION)
    if not ask.ids:
        why = "Choose two to five artists, songs or albums above, or search for them and press Compare."
        return empty_picture(ask, DEFINITION, why=why, title="Nothing chosen to compare yet")
    frame = trends.courses(ask, ids=ask.ids, snapshots=104).filter(pl.col("rank").is_not_null())
    if frame.is_empty():
        why = "None of them stands on this chart; choose another source, place or kind."
        return empty_picture(ask, DEFINITION, why=why, title="None of them is on this chart")
    best = frame.filter(pl.col("rank") == pl.col("rank").min()).sort("first").unique("id", maintain_order=True)
    leaders = listed([named(row) for row in best.iter_rows(named=True)])
    return lines(
        frame.with_columns(line=pl.col("id"), label=pl.col("name")),
        title=f"{leaders} came highest, to place {formats.number(best['rank'][0])}",
        about=f"Places of up to five, {about(settled, short=True)}",
        explained="A line has a hole where it was not on the chart; far places lie closer together.",
        definition=DEFINITION,
        credit=settled.info.credit,
        window=settled.key.window,
    )


def compared_list(trends: "Trends", ask: TrendAsk) -> Listing:
    """Return how the things compared stand now."""
    chart, definition = trends.chart(ask), "chart_standing.standing"
    if chart is None or not ask.ids:
        return empty_listing(ask, definition, why="Choose something to compare above.", title="Nothing chosen yet")
    frame = chart.frame.filter(pl.col("id").is_in(list(ask.ids)))
    columns = (
        Shown("Place", "rank", "number"),
        Shown("", "change", "change", id="entry"),
        Shown("Name", "name", "name", of="trend", id="id", under="artist"),
        Shown("Best", "peak_rank", "number"),
        Shown("Times", "weeks_on_chart", "number", phone=False),
        Shown("Trend", "momentum", "momentum", phone=False),
        Shown("Places", "curve", "spark", phone=False),
    )
    return Listing(
        f"{formats.number(frame.height)} of {formats.number(len(ask.ids))} are on this chart",
        about(chart.settled),
        frame.with_columns(sparks(frame)),
        columns,
        "None of them is on this chart just now; travel back, or choose another place.",
        "",
        definition,
        "",
        chart.settled.info.credit,
    )
