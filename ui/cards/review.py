"""The card of a whole year: its largest figure, its course, and what was played most."""

from collections.abc import Sequence

from ui.cards import shapes
from ui.cards.contents import ReviewCard, Top
from ui.cards.courses import large
from ui.cards.fitting import Style
from ui.cards.frame import Frame
from ui.cards.numbers import grid, hero
from ui.cards.sheet import Room, Sheet


def body(sheet: Sheet, card: ReviewCard, frame: Frame) -> None:
    """Draw figure, course and rankings, each where the shape has room for it."""
    tops = [top for top in card.tops if top.rows][:3]
    if frame.aside:
        _landscape(sheet, card, tops, frame.body, frame.aside)
    elif sheet.shape.name == "story":
        _story(sheet, card, tops, frame.body)
    else:
        _square(sheet, card, tops, frame.body)


def _story(sheet: Sheet, card: ReviewCard, tops: Sequence[Top], room: Room) -> None:
    words = sheet.shape.words
    under = hero(sheet, card.figure, room, 200)
    if card.points:
        course = Room(room.left, under + words * 0.6, room.right, under + words * 0.6 + 250)
        large(sheet, card.points, course)
        under = course.bottom
    left = Room(room.left, under + words * 1.3, room.right, room.bottom)
    if card.figures:
        grid(sheet, card.figures[:2], Room(left.left, left.bottom - words * 4.4, left.right, left.bottom))
        left = Room(left.left, left.top, left.right, left.bottom - words * 5.2)
    _stacked(sheet, tops, left)


def _square(sheet: Sheet, card: ReviewCard, tops: Sequence[Top], room: Room) -> None:
    words = sheet.shape.words
    half = room.left + room.wide * (0.46 if card.points else 1)
    under = hero(sheet, card.figure, Room(room.left, room.top, half, room.bottom), 116)
    if card.points:
        large(sheet, card.points, Room(half + words * 1.5, room.top, room.right, under))
    _beside(sheet, tops, Room(room.left, under + words * 1.6, room.right, room.bottom), rows=4)


def _landscape(sheet: Sheet, card: ReviewCard, tops: Sequence[Top], room: Room, aside: Room) -> None:
    words = sheet.shape.words
    if aside.high > 160:
        hero(sheet, card.figure, aside, 84)
        under = room.top
    else:
        under = hero(sheet, card.figure, room, 84) + words
    if card.points:
        course = Room(room.left, under, room.right, under + min(170, room.high * 0.4))
        large(sheet, card.points, course)
        under = course.bottom + words * 1.2
    _beside(sheet, tops, Room(room.left, under, room.right, room.bottom), rows=4)


def _stacked(sheet: Sheet, tops: Sequence[Top], room: Room) -> None:
    """Draw rankings: the first across, those after it beside each other below."""
    if not tops:
        return
    if len(tops) == 1 or room.high < 420:
        _beside(sheet, tops, room, rows=5)
        return
    words = sheet.shape.words
    cut = room.top + room.high * 0.5 - words * 0.5
    _top(sheet, tops[0], Room(room.left, room.top, room.right, cut), rows=5, large=True)
    _beside(sheet, tops[1:], Room(room.left, cut + words, room.right, room.bottom), rows=4)


def _beside(sheet: Sheet, tops: Sequence[Top], room: Room, *, rows: int) -> None:
    """Draw rankings in columns."""
    if not tops:
        return
    gap = sheet.shape.edge * 0.55
    wide = (room.wide - gap * (len(tops) - 1)) / len(tops)
    for at, top in enumerate(tops):
        left = room.left + at * (wide + gap)
        _top(sheet, top, Room(left, room.top, left + wide, room.bottom), rows=rows, large=False)


def _top(sheet: Sheet, top: Top, room: Room, *, rows: int, large: bool) -> None:
    """Draw one short ranking below a thin line."""
    words = sheet.shape.words
    sheet.draw(shapes.rule(room.left, room.top, room.right, sheet.colour("line")))
    head = Style(round(words * 0.85), weight=600, least=0.75)
    base = sheet.write(top.title, room.left, room.top + words * 1.35, head, most=room.wide, colour="accent").base
    space = room.bottom - base - words * 0.2
    step = min(space / max(min(rows, len(top.rows)), 1), words * (2.0 if large else 1.9))
    fitting = max(1, min(rows, len(top.rows), int(space / (words * 1.2))))
    step = max(step, words * 1.2)
    for at, row in enumerate(top.rows[:fitting]):
        y = base + (at + 1) * step - (step - words * 1.5) * 0.3
        first = at == 0
        style = Style(
            round(min(step * 0.72, words * (1.25 if large else 1.02))), weight=600 if first else 400, least=0.72
        )
        right = room.right
        if large and row.value:
            value = Style(round(words * 0.95), least=0.7)
            right -= (
                sheet.write(row.value, right, y, value, most=room.wide * 0.3, align="right", colour="soft").wide + words
            )
        sheet.write(row.name or "(no name)", room.left, y, style, most=right - room.left)
