"""Every panel of public charts on every sort of instance: it says something true, and draws what it has."""

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from trend_worlds import WORLDS

from core.cache import Cache
from core.domain.trends import KINDS, Kind, TrendAsk
from core.repositories.chart_rows import ChartRows
from core.repositories.database import Database
from core.services.trends import Trends
from ui.figures.panel import Listing, Panel, Picture, Strip
from ui.figures.trend_panels import TREND_PANELS
from web.drawing import csv_bytes, drawn, json_bytes

NOBODY = 99_999_999
_numbers = itertools.count()
Worlds = dict[str, Trends]


@pytest.fixture(scope="module")
def worlds(another_db: Callable[[], AbstractContextManager[Database]], redis_url: str) -> Iterator[Worlds]:
    """Return what is answered on each instance."""
    made: Worlds = {}
    open_ones: list[Any] = []
    for name, fill in WORLDS.items():
        opened = another_db()
        db = opened.__enter__()
        cache = Cache(redis_url, namespace=f"trend-panels-{os.getpid()}-{next(_numbers)}")
        open_ones += [opened, cache]
        fill(ChartRows(db))
        made[name] = Trends(db, cache)
    yield made
    for each in reversed(open_ones):
        each.close() if isinstance(each, Cache) else each.__exit__(None, None, None)


def asks(trends: Trends, kind: Kind) -> list[TrendAsk]:
    """Return what may be asked of one kind: the chart, something on it, nothing known, several, a genre."""
    chart = trends.chart(TrendAsk(kind=kind))
    ids = tuple(id for id in chart.frame["id"].head(5).to_list() if id) if chart else ()
    plain = TrendAsk(kind=kind)
    found = [plain, plain.other(thing=NOBODY, ids=(NOBODY,), genre="no such genre")]
    if ids:
        found.append(plain.other(thing=ids[-1], ids=ids, genre="Jazz"))
    return found


def fields(spec: Any) -> set[str]:
    """Return the fields of rows that a picture's encodings name, those its own lookups make left out."""
    if isinstance(spec, list):
        return set().union(*map(fields, spec))
    if not isinstance(spec, dict):
        return set()
    own = {spec["field"]} if isinstance(spec.get("field"), str) else set()
    return own.union(*map(fields, spec.values())) - {"shape"}


def check(made: Panel) -> None:
    """Say what must hold for every panel."""
    assert made.title
    assert made.about
    assert made.explained == "" or made.explained.endswith(".")
    for said in (made.title, made.about, made.n, made.explained, made.credit):
        assert said == said.strip()
        for wrong in ("nan", "null", "\n", "\u202e", "  ", "1 artists", "countrys"):
            assert wrong not in said
    csv_bytes(made.frame)
    json_bytes({}, made.frame)


@pytest.mark.parametrize("name", sorted(TREND_PANELS))
@pytest.mark.parametrize("world", sorted(WORLDS))
@pytest.mark.parametrize("kind", KINDS)
def test_every_panel_says_something_everywhere(worlds: Worlds, name: str, world: str, kind: Kind) -> None:
    trends = worlds[world]
    for ask in asks(trends, kind):
        made = TREND_PANELS[name](trends, ask)
        check(made)
        if world != "odd-names":  # there an artist is called so
            assert "None" not in f"{made.title} {made.about}".replace("None of", "")
        if isinstance(made, Listing):
            assert {column.field for column in made.columns} <= set(made.frame.columns)
            assert not made.frame.is_empty() or made.empty.endswith(".")
        if isinstance(made, Strip):
            assert all(number.label and number.value for number in made.numbers)
            assert made.numbers or made.explained
        if isinstance(made, Picture):
            assert made.alternative
            assert made.rows.num_rows or made.empty.endswith(".")
            if made.rows.num_rows:
                assert fields(made.spec) <= set(made.rows.column_names)


@pytest.mark.parametrize("world", ["ordinary", "ranks-alone", "odd-names"])
def test_whose_data_it_is_stands_beside_everything(worlds: Worlds, world: str) -> None:
    trends = worlds[world]
    ask = asks(trends, "artist")[-1]
    settled = trends.settle(ask)
    assert settled is not None
    for name, make in TREND_PANELS.items():
        made = make(trends, ask)
        empty = made.empty and not made.credit if not isinstance(made, Strip) else False
        assert empty or settled.info.credit in made.credit or made.frame.is_empty(), name


@pytest.mark.parametrize("name", sorted(TREND_PANELS))
def test_every_picture_can_be_drawn(worlds: Worlds, name: str) -> None:
    for world in ("ordinary", "odd-names"):
        ask = asks(worlds[world], "artist")[-1]
        made = TREND_PANELS[name](worlds[world], ask)
        if isinstance(made, Picture) and made.rows.num_rows and not made.empty:
            assert drawn(made, "svg", source="made here").startswith(b"<svg")
