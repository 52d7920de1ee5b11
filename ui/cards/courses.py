"""Courses on share cards: values over time as small curves and as large ones with months and marks."""

import math
from collections.abc import Sequence
from datetime import date, timedelta

from ui.cards import shapes
from ui.cards.contents import Mark
from ui.cards.fitting import Style, fit
from ui.cards.letters import width
from ui.cards.sheet import Room, Sheet

Known = tuple[date, float | None]


def number(value: float | None) -> float | None:
    """Return a value that can be drawn: none where it is not a number, and at least 0."""
    return max(float(value), 0.0) if value is not None and math.isfinite(value) else None


def small(sheet: Sheet, values: Sequence[float | None], room: Room) -> None:
    """Draw a course without words; nothing where fewer than two values are known."""
    known = [number(value) for value in values]
    there = [value for value in known if value is not None]
    if len(there) < 2:
        return
    high, low = max(there), min(there)
    step = room.wide / (len(known) - 1)
    points: list[shapes.Point | None] = [
        None
        if value is None
        else (room.left + at * step, room.bottom - room.high * ((value - low) / (high - low) if high > low else 0.5))
        for at, value in enumerate(known)
    ]
    thick = max(2.5, room.high * 0.07)
    sheet.draw(shapes.curve(points, sheet.colour("accent"), thick=thick), "curve", room)
    end = next(point for point in reversed(points) if point)
    sheet.draw(shapes.dot(end, thick * 1.6, sheet.colour("accent")))


def large(sheet: Sheet, points: Sequence[Known], room: Room, *, marks: Sequence[Mark] = (), unit: str = "") -> None:
    """Draw a course with its months below and its marks above; a plain ground line where nothing is known."""
    words = sheet.shape.words
    floor = room.bottom - words * 1.7
    days = sorted((day, number(value)) for day, value in _last(points).items())
    sheet.draw(shapes.rule(room.left, floor, room.right, sheet.colour("line"), thick=3))
    if not any(value is not None for _, value in days):
        style = Style(words, lines=2)
        sheet.write("Nothing to draw for this time", room.left, floor - words, style, most=room.wide, colour="soft")
        return
    first, last = days[0][0], days[-1][0]
    shown = [mark for mark in sorted(marks, key=lambda mark: mark.day) if first <= mark.day <= last][:4]
    top = room.top + _lanes(shown) * words * 1.5 + (words * 1.4 if unit else 0) + 10
    peak = max(value for _, value in days if value is not None)
    space = Room(room.left, top, room.right, floor)
    ways: list[shapes.Point | None] = [
        None if value is None else (_at(day, first, last, space), floor - (space.high * value / peak if peak else 0))
        for day, value in days
    ]
    if unit:
        _unit(sheet, unit, room, top)
    _months(sheet, first, last, space, room.bottom)
    thick = 5 if sheet.shape.name == "story" else 4
    sheet.draw(shapes.curve(ways, sheet.colour("accent"), thick=thick, ground=floor), "course", space)
    known = [(day, way) for (day, _), way in zip(days, ways, strict=True) if way]
    _marks(sheet, shown, known, room, top)


def _last(points: Sequence[Known]) -> dict[date, float | None]:
    return dict(points)


def _lanes(marks: Sequence[Mark]) -> int:
    return len(marks)


def _at(day: date, first: date, last: date, room: Room) -> float:
    """Return where a day is, from left to right."""
    return room.left + room.wide * (day - first).days / max((last - first).days, 1)


def _unit(sheet: Sheet, unit: str, room: Room, top: float) -> None:
    style = Style(round(sheet.shape.words * 0.85))
    sheet.write(unit, room.left, room.top + style.size, style, most=room.wide, colour="soft")


def _months(sheet: Sheet, first: date, last: date, room: Room, base: float) -> None:
    """Write months or years below a course, as many as there is room for."""
    style = Style(round(sheet.shape.words * 0.85))
    right = room.left - 1.0
    for day, label in _ticks(first, last):
        x = _at(day, first, last, room)
        wide = width(label, style.face, style.size, style.weight)
        if x > right and x + wide <= room.right:
            sheet.write(label, x, base - 4, style, most=wide + 1, colour="soft")
            right = x + wide + style.size * 1.1


def _ticks(first: date, last: date) -> list[tuple[date, str]]:
    """Return days with what is written below them: days, months or years, by how long a course is."""
    span = (last - first).days
    if span < 70:
        return [(first + timedelta(days=at), f"{first + timedelta(days=at):%-d %b}") for at in range(0, span + 1, 7)]
    months = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in range(1, 13)]
    starts = [max(day, first) for day in months if first - timedelta(days=14) <= day <= last]
    if span < 500:
        return [(day, f"{day:%b}") for day in starts]
    years = [day for day in starts if day.month == 1 or day == first]
    return [(day, str(day.year)) for day in years]


def _marks(
    sheet: Sheet, marks: Sequence[Mark], ways: Sequence[tuple[date, shapes.Point]], room: Room, top: float
) -> None:
    """Draw marked days: a dot on the course, a thin line up, and words in a row of their own above it."""
    words = sheet.shape.words
    style = Style(round(words * 0.95), weight=600, least=0.8)
    for at, mark in enumerate(marks):
        x, y = min(ways, key=lambda way: abs((way[0] - mark.day).days))[1]
        lane = top - 10 - (len(marks) - 1 - at) * words * 1.5 - words * 0.55
        made = fit(mark.words, room.wide * 0.8, style)
        wide = max((width(line, style.face, made.size, style.weight) for line in made.lines), default=0)
        # Words stand to the left of their line, later marks higher up: no line runs through another's words.
        left = x - words * 0.5 - wide
        if left >= room.left:
            sheet.put(made, left, lane, style)
        else:
            sheet.put(made, min(x + words * 0.5, room.right - wide), lane, style)
        sheet.draw(shapes.line((x, lane - words * 0.75), (x, y), sheet.colour("soft"), thick=1.5))
        sheet.draw(shapes.dot((x, y), words * 0.27, sheet.colour("accent"), ring=sheet.colour("paper")))
