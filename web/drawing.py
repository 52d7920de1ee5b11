"""A panel as a file: its data as CSV or JSON, its picture as PNG or SVG."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from textwrap import wrap
from typing import Any

import polars as pl

from ui.figures.base import Spec, standalone
from ui.figures.panel import Picture
from web.downloads import as_csv

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "png": "image/png",
    "svg": "image/svg+xml",
}

_LETTERS = 130  # of a line under the title
# What no XML may hold, not even escaped: the renderer ends the whole process over it, and names come from outside.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_SHORT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd]")  # nor letters that are two halves to the renderer


def drawn(made: Picture, kind: str, *, source: str) -> bytes:
    """Return a picture as PNG (twice the size, for sharp screens) or SVG; it says ``source``."""
    about = " · ".join(filter(None, (made.about, made.n, made.credit, source)))
    spec = standalone(made.spec, made.rows, title=made.title, subtitle=about)
    spec["title"]["subtitle"] = wrap(about, _LETTERS)  # one long line would make the picture wider than its figure
    try:
        return _rendered(drawable(spec), kind)
    except ValueError:  # a long text was cut in the middle of a letter of two halves
        return _rendered(drawable(spec, _NO_SHORT), kind)


def _rendered(spec: Spec, kind: str) -> bytes:
    import vl_convert  # a renderer of 30 MB: loaded when the first picture is asked for

    return vl_convert.vegalite_to_png(spec, scale=2) if kind == "png" else vl_convert.vegalite_to_svg(spec).encode()


def drawable(value: Any, without: re.Pattern[str] = _NO_XML) -> Any:
    """Return what a specification holds without the characters that no XML can hold, or those that are not wanted."""
    if isinstance(value, str):
        return without.sub("", value)
    if isinstance(value, dict):
        return {drawable(key, without): drawable(part, without) for key, part in value.items()}
    return [drawable(part, without) for part in value] if isinstance(value, list | tuple) else value


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """Return a frame as CSV; lists become their values with semicolons between, nothing where one is unknown."""
    lists = [name for name, dtype in frame.schema.items() if dtype.base_type() == pl.List]
    known = {name: pl.col(name).cast(pl.List(pl.String)).list.eval(pl.element().fill_null("")) for name in lists}
    return b"".join(as_csv(frame.with_columns(each.list.join("; ").alias(name) for name, each in known.items())))


def json_bytes(about: Mapping[str, object], frame: pl.DataFrame) -> bytes:
    """Return ``about`` with the rows of a frame as ``rows``; days and moments are ISO 8601, no number is null."""
    rows = frame.with_columns(pl.col(pl.Float32, pl.Float64).fill_nan(None)).to_dicts()
    return json.dumps({**about, "rows": rows}, default=_plain, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _plain(value: Any) -> str:
    if not isinstance(value, date | datetime):
        raise TypeError(type(value).__name__)
    return value.isoformat()
