"""Where public charts are from, where their artists are from, and how alike countries are."""

import math
from typing import TYPE_CHECKING

import polars as pl

from core.domain.trends import WORLD, TrendAsk
from ui import formats
from ui.countries import country_name
from ui.figures.panel import Listing, Picture, Shown
from ui.figures.panels_genres import PLACES
from ui.figures.trend_telling import about, behind, empty_listing, empty_picture, weight
from ui.figures.trend_words import in_several, in_words
from ui.figures.world import world

if TYPE_CHECKING:
    from core.services.trends import Settled, Trends

NO_WORLD = "This source has no chart of the world to compare with; what is on top in each country is in the list."
ALONE = "This source has one chart of the world; Spotify chart files and Last.fm have charts of countries."


def origins(trends: "Trends", ask: TrendAsk) -> Picture:
    """Return where the artists of a chart come from, as a map."""
    settled, definition = trends.settle(ask), "chart_makeup.origins"
    if settled is None:
        return empty_picture(ask, definition)
    frame = trends.origins(ask)
    known = frame.filter(pl.col("country") != "")
    unknown = float(frame.filter(pl.col("country") == "")["share"].sum())
    unit = weight(settled)
    rows = known.select(
        "country",
        name=pl.col("country").map_elements(country_name, return_dtype=pl.String),
        value="share",
        about=pl.col("first"),
    )
    title = "Nobody knows where these artists are from yet"
    if known.height:
        title = f"{formats.share(known['share'][0])} is by artists from {in_words(known['country'][0])}"
    whose = about(settled, short=True, kind=behind(settled))
    what = f"Share of {unit} by the country of the artist, {formats.share(unknown)} unknown, {whose}"
    table = rows.select(pl.col("name").alias("country"), "value", "about")
    empty = "" if known.height else "Countries come with what is known of the artists; nothing is known of these yet."
    return Picture(
        title, what, frame, table, rows.to_arrow(), world("Share", ".0%", filters=False, about="First of them"),
        f"{what}. {title}.", "Every artist counts where they are from, not where they are heard.", definition,
        f"{formats.plural(int(frame['artists'].sum()), 'artist')}", f"{settled.info.credit} · {PLACES}", empty,
    )  # fmt: skip


def countries(trends: "Trends", ask: TrendAsk) -> Picture:
    """Return the countries there are charts of, by how alike they are to the world's."""
    settled, definition = trends.settle(ask), "chart_courses.likeness"
    if settled is None:
        return empty_picture(ask, definition)
    frame = trends.countries(ask).filter(pl.col("region") != WORLD)
    if frame.is_empty():
        return empty_picture(ask, definition, why=ALONE, title="No charts of countries here")
    known = frame.filter(pl.col("likeness").is_not_null())
    if known.is_empty():
        return empty_picture(ask, definition, why=NO_WORLD, title=_charts_of(frame.height))
    rows = known.select(
        country="region",
        name=pl.col("region").map_elements(country_name, return_dtype=pl.String),
        value="likeness",
        about="name",
        pick_in="region",
    )
    smallest = float(known["likeness"].min())  # type: ignore[arg-type]
    least = max(math.floor(smallest * 10 - 1) / 10, 0.0)
    title = _extremes(known) if known["likeness"].n_unique() > 1 else _charts_of(frame.height)
    what = f"Share of a country's first 50 that is among the world's, {_whole(settled, short=True)}"
    table = rows.select(
        pl.col("name").alias("country"), pl.col("value").alias("likeness"), pl.col("about").alias("on_top")
    )
    return Picture(
        title, what, frame, table, rows.to_arrow(),
        world("Like the world", ".0%", filters=True, picked="pick_in", least=least, about="On top"),
        f"{what}. {title}.", "The stronger the colour, the more of what the world hears. Click one for its chart.",
        definition, "", settled.info.credit,
    )  # fmt: skip


def _whole(settled: "Settled", *, short: bool = False) -> str:
    """Return what is on the charts of all countries: things, also where the page is of the genres behind them."""
    return about(settled, short=short, everywhere=True, kind=settled.series.key.kind)


def _charts_of(count: int) -> str:
    return f"Charts of {formats.number(count)} {'country' if count == 1 else 'countries'}"


def _extremes(known: pl.DataFrame) -> str:
    """Return which countries are closest to the world and which are farthest from it."""
    closest, own = (
        known.filter(pl.col("likeness") == edge)["region"].to_list()
        for edge in (known["likeness"].max(), known["likeness"].min())
    )
    likest = f"{formats.first_letter(in_several(closest))} {'is' if len(closest) == 1 else 'are'} closest to the world"
    return f"{likest}, {in_several(own)} the most {'its' if len(own) == 1 else 'their'} own"


def country_list(trends: "Trends", ask: TrendAsk) -> Listing:
    """Return every country with what is on top there."""
    settled, definition = trends.settle(ask), "chart_courses.likeness"
    if settled is None:
        return empty_listing(ask, definition)
    frame = trends.countries(ask).filter(pl.col("region") != WORLD)
    if frame.is_empty():
        return empty_listing(ask, definition, why=ALONE, title="No charts of countries here")
    frame = frame.with_columns(country=pl.col("region").map_elements(country_name, return_dtype=pl.String)).sort(
        "country"
    )
    kind = settled.series.key.kind
    leaders = frame["name"].n_unique()
    columns = (
        Shown("Country", "country", "filter", of="in", id="region"),
        Shown("On top", "name", "name", of="trend-genre" if kind == "genre" else "trend", id="id",
              under="artist" if kind in ("track", "album") else ""),
        Shown("Like the world", "likeness", "share", phone=False),
    )  # fmt: skip
    alone = "The same on top everywhere" if leaders == 1 else f"{formats.number(leaders)} different ones on top"
    return Listing(
        f"{alone} in {formats.number(frame.height)} {'country' if frame.height == 1 else 'countries'}",
        _whole(settled),
        frame,
        columns,
        ALONE,
        "A country's name opens its chart.",
        definition,
        "",
        settled.info.credit,
        15,
    )
