"""Every panel of public charts by its name."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from core.domain.trends import TrendAsk
from ui.figures import trend_chart, trend_genres, trend_listening, trend_moves, trend_places, trend_thing
from ui.figures.panel import Panel

if TYPE_CHECKING:
    from core.services.trends import Trends

TrendMake = Callable[["Trends", TrendAsk], Panel]
TREND_PANELS: dict[str, TrendMake] = {
    "trend-facts": trend_chart.facts,
    "trend-chart": trend_chart.chart_list,
    "trend-bump": trend_chart.bump,
    **trend_moves.PANELS,
    "trend-genres": trend_genres.stream,
    "trend-genre-list": trend_genres.genre_list,
    "trend-eras": trend_genres.eras,
    "trend-map": trend_places.origins,
    "trend-countries": trend_places.countries,
    "trend-country-list": trend_places.country_list,
    "trend-activity": trend_listening.activity,
    "trend-evolution": trend_listening.evolution,
    "trend-fresh": trend_listening.fresh,
    "trend-compare": trend_thing.compared,
    "trend-compare-list": trend_thing.compared_list,
    "thing-facts": trend_thing.facts,
    "thing-curve": trend_thing.curve,
    "thing-countries": trend_thing.countries,
    "thing-map": trend_thing.place_map,
    "thing-related": trend_thing.related,
    "genre-curve": trend_genres.curve,
    "genre-artists": trend_genres.artists,
}
