"""Every panel of public charts holds to what every panel does: for every window, on names of every sort, in no time."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from charted_house import entry, listens, snapshot
from panels_checked import METRICS, check
from trend_worlds import extras

from core.cache import Cache
from core.domain.trends import WINDOWS, WORLD, ChartKey, Kind, TrendAsk, Window
from core.repositories.chart_rows import ChartRows
from core.repositories.database import Database
from core.services.trends import Trends
from ui.figures.base import standalone
from ui.figures.panel import Picture
from ui.figures.trend_panels import TREND_PANELS
from web.drawing import drawn

# Names as people write them into charts and addresses: markup, scripts, letters that turn words round.
NAMES = ("<b>Bold</b>", '"><script>alert(1)</script>', "\u202eevil\u2066", "東京事変", "%s {x} \\", "a" * 300, "Björk")
KINDS: tuple[Kind, ...] = ("artist", "track", "album")
CASES = sorted(TREND_PANELS)


@pytest.fixture(scope="module")
def trends(another_db: Callable[[], AbstractContextManager[Database]], redis_url: str) -> Iterator[Trends]:
    """Return an instance with a chart of every kind, window and of three places, five snapshots each."""
    with another_db() as db:
        rows = ChartRows(db)
        keys = [ChartKey("listenbrainz", kind, window, WORLD) for kind in KINDS for window in WINDOWS]
        keys += [ChartKey("spotify", "track", "week", region) for region in (WORLD, "DE", "HK")]
        for key in keys:
            for week in range(5):
                turned = NAMES[week:] + NAMES[:week]
                by = "" if key.kind == "artist" else NAMES[0]
                entries = (entry(n + 1, name, 90 - n, by) for n, name in enumerate(turned))
                rows.store([snapshot(key, week, *entries)])
        rows.store([snapshot(listens(), 5, entry(1, "Björk", 3), complete=False)])
        for each in extras():
            rows.store_extra(each)
        cache = Cache(redis_url, namespace=f"every-trend-panel-{os.getpid()}")
        yield Trends(db, cache)
        cache.close()


def asked(trends: Trends, kind: Kind, window: Window | str = "") -> TrendAsk:
    """Return what is asked of a window: the last thing of its chart, beside the first three."""
    ask = TrendAsk(kind=kind, window=window)  # type: ignore[arg-type]
    chart = trends.chart(ask)
    assert chart is not None
    ids = tuple(chart.frame["id"].to_list())
    return ask.other(thing=ids[-1], ids=ids[:3], genre=NAMES[1])


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("window", ["", *WINDOWS])
def test_a_panel_of_any_window(trends: Trends, name: str, window: str) -> None:
    for kind in KINDS:
        made = TREND_PANELS[name](trends, asked(trends, kind, window))
        check(made)
        assert made.definition in ("", *METRICS), f"{made.definition} is no metric of the definitions"
        assert not {"\u202e", "\u2066"} & set(made.title + made.about + made.n + made.credit)
        assert len(made.title) < 220, "a long name is cut"


@pytest.mark.parametrize("name", CASES)
def test_a_panel_of_genres_of_another_country_and_of_long_ago(trends: Trends, name: str) -> None:
    for ask in (TrendAsk(kind="genre"), TrendAsk("spotify", "track", "week", "HK"), TrendAsk(region="XX")):
        for changed in (ask, ask.other(at=extras()[0].first), ask.other(thing=1, ids=(1, 10**9), genre="?" * 100)):
            check(TREND_PANELS[name](trends, changed))


@pytest.mark.parametrize("name", CASES)
def test_a_picture_is_drawn_with_markup_in_its_names(trends: Trends, name: str) -> None:
    made = TREND_PANELS[name](trends, asked(trends, "artist"))
    if not isinstance(made, Picture) or made.empty:
        return
    spec = standalone(made.spec, made.rows, title=made.title, subtitle=made.about)
    assert spec
    assert drawn(made, "png", source="made here").startswith(b"\x89PNG")
    assert b"<script" not in drawn(made, "svg", source="made here")


def test_most_pictures_have_something_to_draw(trends: Trends) -> None:
    ask = asked(trends, "artist")
    made = {name: TREND_PANELS[name](trends, ask) for name in CASES}
    pictures = {name for name, panel in made.items() if isinstance(panel, Picture)}
    assert pictures == {
        *("trend-bump", "trend-genres", "trend-eras", "trend-map", "trend-countries", "trend-activity"),
        *("trend-evolution", "trend-compare", "thing-curve", "thing-map", "genre-curve"),
    }
    empty = {name for name in pictures if made[name].empty}  # type: ignore[union-attr]
    assert empty <= {"trend-eras", "trend-map", "trend-countries", "thing-map", "genre-curve", "trend-genres"}
