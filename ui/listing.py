"""A list as a table: each column shown as its kind says, names linked, long ones cut to their first rows."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from core.domain.period import Period
from ui import formats, html
from ui.figures.panel import Listing, Shown
from ui.ground import Ground

MANY = 1_000_000  # from here on a column of bars tells its counts in few letters
MOST_ROWS = 500  # on a page; the download has them all
HEADS: dict[str, Any] = {
    "rank": "rank", "name": "name", "number": "number", "decimal": "number", "bar": "bar", "hours": "number",
    "duration": "number", "share": "number", "day": "when", "days": "when", "moment": "when", "text": "text",
    "prose": "prose", "spark": "spark", "filter": "text", "change": "change", "momentum": "change",
}  # fmt: skip
ENTRIES = {"new": "new", "re-entry": "back"}  # how something came onto a chart, as the list says it
# Pages that go by a name, or by a key, not by an id.
TARGETS = {"genre": ("genre", "name"), "trend-genre": ("trend", "genre"), "playlist": ("playlist", "list")}
BY_ID = ("id", "list")
Row = Mapping[str, Any]


def listing(ground: Ground, page: str, made: Listing, *, whole: bool = False) -> str:
    """Return a list as a table; ``whole``: all its rows (as many as a page can hold) in a box that scrolls."""
    frame = made.frame.head(MOST_ROWS if whole else made.limit)
    columns = [
        html.Column(c.label or c.field.replace("_", " "), HEADS[c.kind], phone=c.phone, hint=c.hint, spoken=not c.label)
        for c in made.columns
    ]
    most = {c.field: float(frame[c.field].max() or 0) for c in made.columns if c.kind == "bar"}  # type: ignore[arg-type]
    rows = [
        [_cell(ground, page, column, row, place, most) for column in made.columns]
        for place, row in enumerate(frame.iter_rows(named=True), start=1)
    ]
    return html.Table(made.title, columns, rows, low=whole and frame.height > made.limit).html()


def _cell(ground: Ground, page: str, column: Shown, row: Row, place: int, most: Mapping[str, float]) -> html.Cell:
    """Return one cell."""
    if column.kind == "rank":
        return html.plain(row.get(column.field, place) or place)
    value = row[column.field]
    if column.kind == "name":
        return _name(ground, column, row)
    if column.kind == "change":
        word = row[column.id]
        return html.entry(ENTRIES[word]) if word in ENTRIES else html.rank_change(value or 0)
    if column.kind == "momentum":
        return html.momentum(value)
    if value is None:
        return html.plain("–")
    if column.kind == "bar":
        words = (
            formats.amount(value, locale=ground.locale) if most[column.field] >= MANY else _number(value, ground.locale)
        )
        return html.bar(value, most[column.field], words)
    if column.kind == "spark":
        return html.spark(value, column.label)
    if column.kind == "filter":
        return html.Cell(html.link(ground.here(page, **{column.of: str(row[column.id])}), str(value)))
    if column.kind == "days":
        return html.plain(_days(value, row[column.until]))
    return html.plain(_WORDS[column.kind](value, ground.locale))


def _name(ground: Ground, column: Shown, row: Row) -> html.Cell:
    """Return the linked name of an artist, album, track or genre, with a smaller line under it."""
    label, under = row[column.field], row[column.under] if column.under else ""
    if not label and not row.get(column.id):
        return html.plain("–")
    page, target = TARGETS.get(column.of, (column.of, "id"))
    id = row[column.id] if target in BY_ID else label
    if target in BY_ID and not id:  # never heard: there is no page of it
        return html.unlinked(label or "Unknown", under=str(under or ""))
    way = ground.href(page, **{target: id})
    whose = row[column.under_id] if column.under_id else None
    beneath = ground.href("artist", id=whose) if under and whose else ""
    return html.name(way, label or "Unknown", under=str(under or ""), under_href=beneath)


def _number(value: float, locale: str) -> str:
    whole = isinstance(value, int) or float(value).is_integer() or abs(value) >= 100
    return formats.number(value, decimals=0 if whole else 1, locale=locale)


def _days(first: date, end: date | None) -> str:
    return formats.days(Period(first, end or first + timedelta(days=1)))


def _moment(value: datetime, _: str) -> str:
    return formats.moment(value)


_WORDS: dict[str, Callable[[Any, str], str]] = {
    "number": lambda value, locale: formats.number(value, locale=locale),
    "decimal": lambda value, locale: formats.number(value, decimals=1 if abs(value) >= 1 else 2, locale=locale),
    "hours": lambda value, locale: formats.hours(value, locale=locale),
    "duration": lambda value, _: formats.duration(value),
    "share": lambda value, locale: formats.share(value, locale=locale),
    "day": lambda value, _: formats.day(value),
    "moment": _moment,
    "text": lambda value, _: str(value),
    "prose": lambda value, _: str(value),
}
