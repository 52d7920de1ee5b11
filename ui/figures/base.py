"""What every figure shares: built once per process on an empty frame, kept as a dict, shown with an Arrow table."""

from collections.abc import Callable
from copy import deepcopy
from functools import lru_cache, wraps
from typing import Any, ParamSpec

import altair as alt
import pyarrow as pa

from ui.figures.shapes import inlined

Spec = dict[str, Any]
Drawing = Any  # an Altair chart: its many classes share no useful type
ROWS = alt.NamedData(name="rows")  # a place for rows: every encoding names its type, so none are needed to build
_P = ParamSpec("_P")

# Colours for pictures taken away; on a page Streamlit's theme decides.
_INK, _SOFT, _LINE, _PAPER = "#1F1D1A", "#6B665E", "#E4E0D8", "#FBFAF7"
_ACCENTS = ["#B4472E", "#35618F", "#8A7A1E", "#4E8F6F", "#7A4E8A", "#C58B2B", "#6B665E"]
_RAMP = ["#F3EFE6", "#EBCAB7", "#D69279", "#B4472E", "#7B2C1B", "#5E1F12"]
_FONT = "'Source Sans 3', 'Source Sans Pro', 'Noto Sans', sans-serif"  # unquoted, the 3 makes all text disappear


def figure(build: Callable[_P, Drawing]) -> Callable[_P, Spec]:
    """Return ``build`` as a function that gives the chart's specification without data.

    Altair validates a chart against its schema under one lock for the whole process, many times slower than all the
    rest of showing it; so each variant is built once and its dict reused. Callers must not change it.
    """

    @wraps(build)
    def made(*args: _P.args, **kwargs: _P.kwargs) -> Spec:
        spec: Spec = build(*args, **kwargs).to_dict()
        for key in ("data", "datasets", "$schema", "config"):
            spec.pop(key, None)
        for layer in spec.get("layer", []):
            if layer.get("data") == {"name": "rows"}:  # other data, such as a map's shapes, stays
                layer.pop("data")
        return spec

    return lru_cache(maxsize=64)(made)  # type: ignore[return-value]


def pick(*fields: str) -> alt.Parameter:
    """Return the selection by which a click filters the page: ``fields`` are columns ``pick_NAME`` of the rows."""
    return alt.selection_point(name="pick", fields=list(fields), on="click", clear="dblclick")


def standalone(spec: Spec, rows: pa.Table, *, title: str, subtitle: str, width: int = 1000) -> Spec:
    """Return a specification that draws itself anywhere: data, title, source and colours included.

    ``rows`` are the figure's rows; dates become ISO text.
    """
    made = inlined(deepcopy(spec))
    for layer in (made, *made.get("layer", [])):
        layer.pop("params", None)
    height = made.get("height", 260)
    made |= {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width,
        "height": height if isinstance(height, int) else 260,
        "data": {"values": [_plain(row) for row in rows.to_pylist()]},
        "title": {"text": title, "subtitle": subtitle, "anchor": "start", "offset": 14},
        "padding": 24,
        "background": _PAPER,
        "config": {
            "font": _FONT,
            "title": {"fontSize": 20, "color": _INK, "subtitleColor": _SOFT, "subtitleFontSize": 13, "fontWeight": 600},
            "axis": {
                "labelColor": _SOFT,
                "titleColor": _SOFT,
                "gridColor": _LINE,
                "domain": False,
                "ticks": False,
                "labelFontSize": 12,
                "titleFontSize": 12,
                "titleFontWeight": "normal",
            },
            "view": {"stroke": None},
            "range": {"category": _ACCENTS, "heatmap": _RAMP, "ramp": _RAMP},
            "mark": {"color": _ACCENTS[0]},
        },
    }
    return made


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with dates and moments as ISO text."""
    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in row.items()}
