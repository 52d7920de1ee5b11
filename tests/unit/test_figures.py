"""Every figure on an ordinary, a one-row and an empty frame, drawn by Vega itself."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
import vl_convert

from ui.figures.base import Spec, standalone
from ui.figures.clock import WEEKDAYS, weekday_hours
from ui.figures.timeline import timeline

DAYS = [date(2025, 1, 6) + timedelta(weeks=i) for i in range(20)]
CURVE: dict[str, list[Any]] = {"start": DAYS, "value": [float(i % 7) for i in range(20)], "before": [1.0] * 19 + [None]}
GRID: dict[str, list[Any]] = {
    "weekday": [day for day in WEEKDAYS for _ in range(24)],
    "hour": list(range(24)) * 7,
    "value": [float(i % 11) for i in range(168)],
}
FIGURES: list[tuple[Callable[[], Spec], dict[str, list[Any]]]] = [
    *[(lambda u=unit: timeline(u, "plays", compared=True), CURVE) for unit in ("day", "smooth", "month", "year")],  # type: ignore[misc]
    (lambda: timeline("month", "hours", compared=False, brush=False), CURVE),
    (lambda: weekday_hours("plays"), GRID),
]


@pytest.mark.parametrize(("make", "rows"), FIGURES)
@pytest.mark.parametrize("size", [None, 1, 0])
def test_a_figure_draws(make: Callable[[], Spec], rows: dict[str, list[Any]], size: int | None) -> None:
    spec = standalone(make(), pa.table(rows).slice(0, size), title="Title", subtitle="Source")
    svg = vl_convert.vegalite_to_svg(spec)
    assert svg.startswith("<svg")
    assert "Title" in svg
    assert "Source" in svg


@pytest.mark.parametrize(("make", "rows"), FIGURES)
def test_a_figure_is_built_once_and_holds_no_data(make: Callable[[], Spec], rows: dict[str, list[Any]]) -> None:
    assert make() is make()
    assert "data" not in make()
    assert "config" not in make()
    assert all("data" not in layer for layer in make().get("layer", []))


def test_every_axis_of_a_number_names_its_unit() -> None:
    spec = timeline("smooth", "hours", compared=True)
    titles = [
        layer["encoding"]["y"].get("axis", {}).get("title") for layer in spec["layer"] if "y" in layer["encoding"]
    ]
    assert "Hours a day" in titles


def test_a_picture_shows_its_text() -> None:
    """A font name that holds a digit makes all text of a PNG disappear unless it is quoted."""
    one, other = (
        vl_convert.vegalite_to_png(standalone(weekday_hours("plays"), pa.table(GRID), title=title, subtitle=""))
        for title in ("One", "Other")
    )
    assert one != other
