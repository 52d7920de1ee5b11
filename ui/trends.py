"""Public trends: what a page of charts stands on, and its panels by name."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import streamlit as st

from core.domain.trends import TrendAsk, parse_trend
from ui import links, picking
from ui.arranging import Rows
from ui.context import app, locale
from ui.drawing import Place, draw
from ui.figures.trend_panels import TREND_PANELS
from ui.states import panel

_R = TypeVar("_R")
FILES, FORMS = "/download/trend", ("csv", "json")
OTHERS = ("part", "q")  # parameters of these pages that no chart depends on
PARTS = {
    "chart": "Charts",
    "moves": "Movement",
    "genres": "Genres & years",
    "places": "Places",
    "listening": "Listening",
    "compare": "Compare",
}
ROWS: dict[str, Rows] = {
    "chart": [[("trend-facts", 1)], [("trend-chart", 0.58), (("trend-bump", "trend-newcomers"), 0.42)]],
    "moves": [
        [("trend-risers", 0.5), ("trend-fallers", 0.5)],
        [("trend-momentum", 0.5), ("trend-bursts", 0.5)],
        [("trend-newcomers", 0.5), ("trend-stayers", 0.5)],
    ],
    "genres": [[("trend-genres", 1)], [("trend-genre-list", 0.5), ("trend-eras", 0.5)]],
    "places": [
        [("trend-map", 1)],
        [("trend-countries", 0.6), ("trend-country-list", 0.4)],
    ],
    "listening": [[("trend-activity", 1)], [("trend-evolution", 0.55), ("trend-fresh", 0.45)]],
    "compare": [[("trend-compare", 1)], [("trend-compare-list", 1)]],
}
THING_ROWS: Rows = [
    [("thing-facts", 1)],
    [("thing-curve", 1)],
    [("thing-map", 0.6), ("thing-countries", 0.4)],
    [("thing-related", 1)],
]
GENRE_ROWS: Rows = [[("genre-curve", 1)], [("genre-artists", 1)]]


@dataclass(frozen=True, slots=True)
class PublicGround:
    """What a page of public charts stands on: what its address asks for, and the looker's language."""

    ask: TrendAsk
    locale: str

    def href(self, page: str, **params: object) -> str:
        """Return the address of another page; one of charts keeps source, window, place and time."""
        kept = self.ask.other(thing=0, genre="").params() if page in ("trends", "trend") else {}
        return links.href(page, params={**kept, **params})

    def here(self, target: str, /, **changes: str | None) -> str:
        """Return this page's address with some parameters changed."""
        return f"{links.path(target)}?{self.ask.query(**changes)}"

    def kept(self, name: str, make: Callable[[], _R], *more: Hashable) -> _R:
        """Return what ``make`` gives, kept while the stored charts stay as they are."""
        return app().trends.kept((name, self, *more), make)


def open_ground() -> PublicGround:
    """Return what the address asks for."""
    return PublicGround(parse_trend(st.query_params.to_dict()), locale())


def show(ground: PublicGround, name: str, page: str) -> None:
    """Draw the public panel of a name."""
    with panel(name):
        made = ground.kept(name, lambda: TREND_PANELS[name](app().trends, ground.ask))
        params = st.query_params.to_dict()
        others = {key: params[key] for key in OTHERS if key in params}
        draw(ground, Place(name, page, FILES, _query(ground.ask), FORMS, others, picking.follow), made)


_query = lru_cache(maxsize=1_024)(TrendAsk.query)  # that of a page, for each of its panels
