"""One page of a whole ranked list as a table: its columns, each of which sorts it, and beside it another range's."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from ui import formats, html, lists
from ui.figures.chart import FIELDS, Chart
from ui.scene import Scene

Row = Mapping[str, Any]
Shown = tuple[html.Column, Callable[[Row], html.Cell]]


def table(
    scene: Scene, chart: Chart, frame: pl.DataFrame, curves: Mapping[int, Sequence[float]], sorts: Mapping[str, str]
) -> str:
    """Return rows of a ranked list; ``curves`` are plays along the range by id, ``sorts`` the links of the headers."""
    made = _Table(scene, chart, frame, sorts)
    shown = made.compared() if scene.selection.versus else made.plain(curves)
    rows = [[cell(row) for _, cell in shown] for row in frame.iter_rows(named=True)]
    return html.Table(f"{lists.PLURAL[chart.of]}, all places", [head for head, _ in shown], rows, wide=True).html()


class _Table:
    """The columns of one list."""

    def __init__(self, scene: Scene, chart: Chart, frame: pl.DataFrame, sorts: Mapping[str, str]) -> None:
        self._scene, self._chart, self._frame, self._sorts = scene, chart, frame, sorts
        self._metric, self._locale = scene.selection.metric, scene.viewer.locale
        self._field = "plays" if self._metric == "plays" else "ms_played"

    def plain(self, curves: Mapping[int, Sequence[float]]) -> list[Shown]:
        """Return place, movement, name, curve, amounts and share; what the list is ordered by besides, where it is."""
        other = "hours" if self._metric == "plays" else "plays"
        moved = [self._moved("the range before")] if lists.moved(self._frame) else []
        curve = html.Column("Along the range", "spark", phone=False, spoken=True)
        drawn = (curve, lambda row: html.spark(curves.get(row["id"], []), "plays along the range"))
        bar = self._head(self._metric, self._metric.title(), "bar")
        number = self._head(other, other.title(), "number", phone=False)
        share = self._head("share", "Share", "number", phone=False, hint=f"Share of all {self._metric} in the range")
        return [
            self._place("rank", "#", "rank"),
            *moved,
            (self._head("name", lists.NAMES[self._chart.of], "name"), self._name),
            *([] if self._chart.of == "genre" else [drawn]),
            (bar, lambda row: self._bar(row, self._field, self._most(self._field))),
            (number, lambda row: html.plain(lists.amount(row, other, self._locale))),
            (share, lambda row: html.plain(formats.share(row["share"], locale=self._locale))),
            *self._besides(),
        ]

    def compared(self) -> list[Shown]:
        """Return the places and amounts in both ranges."""
        selection = self._scene.selection
        here = formats.days(selection.shown)
        there = formats.days(selection.versus) if selection.versus else ""
        second = "plays_there" if self._metric == "plays" else "ms_there"
        most = max(self._most(self._field), self._most(second))
        bars = self._head(self._metric, here, "bar"), self._head("plays-there", there, "bar")
        return [
            self._place("rank", "#", "rank", hint=f"Place in {here}"),
            self._place("there", "Then", "rank_before", hint=f"Place in {there}"),
            self._moved(there),
            (self._head("name", lists.NAMES[self._chart.of], "name"), self._name),
            (bars[0], lambda row: self._bar(row, self._field, most)),
            (bars[1], lambda row: self._bar(row, second, most)),
            *self._besides(),
        ]

    def _head(self, name: str, label: str, kind: html.Kind, *, phone: bool = True, hint: str = "") -> html.Column:
        """Return the head of a column that sorts the list."""
        chosen = self._chart.order == name
        rising = FIELDS[name][1] == self._chart.turned
        return html.Column(label, kind, self._sorts[name], sorted=chosen, rising=rising, phone=phone, hint=hint)

    def _place(self, name: str, label: str, field: str, *, hint: str = "") -> Shown:
        head = self._head(name, label, "rank", hint=hint)
        return head, lambda row: html.plain("–" if row[field] is None else formats.number(row[field]))

    def _moved(self, before: str) -> Shown:
        """Return the column of places gained; a place in one range alone has moved nowhere."""
        head = self._head("change", "Moved", "change", hint=f"Places against {before}")
        return head, lambda row: html.plain("") if row["rank"] is None else html.rank_change(row["change"])

    def _name(self, row: Row) -> html.Cell:
        if self._chart.of == "genre":
            return html.name(self._scene.href("genre", name=row["name"]), row["name"])
        return lists.item_cell(self._scene, self._chart.of, row, self._own(row))

    def _own(self, row: Row) -> str:
        """Return the address of a row's own page."""
        if self._chart.of == "genre":
            return self._scene.href("genre", name=row["name"])
        return self._scene.href(self._chart.of, id=row["id"])

    def _most(self, field: str) -> float:
        return float(max(self._frame[field].to_list(), default=0))

    def _bar(self, row: Row, field: str, most: float) -> html.Cell:
        """Return an amount with a bar on the scale of all rows."""
        plays = self._metric == "plays"
        amount = formats.number(row[field], locale=self._locale) if plays else formats.hours(row[field])
        return html.bar(row[field], most, amount, href=self._own(row))

    def _besides(self) -> list[Shown]:
        """Return what the list is ordered by and no other column shows; of genres, how many artists they have."""
        if self._chart.of == "genre":
            head = self._head("artists", "Artists", "number", phone=False, hint="Artists played who count to it")
            return [(head, lambda row: html.plain(formats.number(row["artists"] or 0)))]
        if self._chart.order == "skips":
            head = self._head("skips", "Skipped", "number", hint="Of the listens that tell about skips; at least 20")
            return [(head, lambda row: html.plain(f"{formats.share(row['skipped'])} of {row['starts']}"))]
        if self._chart.order == "first":
            head = self._head("first", "First play", "when", hint="The first play ever")
            return [(head, lambda row: html.plain(formats.day(row["first"]) if row["first"] else "–"))]
        return []
