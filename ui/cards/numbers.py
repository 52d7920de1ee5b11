"""The card of figures: one very large, the others in a grid below it."""

from collections.abc import Sequence

from ui.cards import shapes
from ui.cards.contents import Figure, NumbersCard
from ui.cards.fitting import Style
from ui.cards.frame import Frame
from ui.cards.ranking import nothing
from ui.cards.sheet import Room, Sheet

_ROOM = {"story": 7, "square": 5, "landscape": 5}
_HERO = {"story": 260, "square": 170, "landscape": 118}


def body(sheet: Sheet, card: NumbersCard, frame: Frame) -> None:
    """Draw the figures."""
    figures = card.figures[: _ROOM[sheet.shape.name]]
    if not figures:
        nothing(sheet, frame.body, "There is nothing to count in this time.")
        return
    under = hero(sheet, figures[0], frame.body, _HERO[sheet.shape.name])
    if len(figures) > 1:
        grid(sheet, figures[1:], Room(frame.body.left, under + sheet.shape.words * 1.4, *frame.body[2:]))


def hero(sheet: Sheet, figure: Figure, room: Room, size: int) -> float:
    """Write a very large figure with its words at the top of a room; return where its ink ends."""
    words = sheet.shape.words
    style = Style(size, "serif", 600, least=0.3)
    made = sheet.write(
        figure.value or "0", room.left - size * 0.02, room.top + size * 0.74, style, most=room.wide, colour="accent"
    )
    base = made.base + max(size * 0.3, words * 1.6)
    style = Style(round(words * 1.3), weight=600, lines=2)
    base = sheet.write(figure.words, room.left, base, style, most=room.wide).base
    if figure.about:
        base = sheet.write(
            figure.about, room.left, base + words * 1.5, Style(words, lines=2), most=room.wide, colour="soft"
        ).base
    return base + words * 0.3


def grid(sheet: Sheet, figures: Sequence[Figure], room: Room, *, columns: int = 2) -> None:
    """Write figures in columns, each below a thin line."""
    words, gap = sheet.shape.words, sheet.shape.edge * 0.5
    rows = -(-len(figures) // columns)
    wide = (room.wide - gap * (columns - 1)) / columns
    high = min(room.high / rows, words * 8.5)
    size = round(min(high * 0.34, words * 2.4))
    for at, figure in enumerate(figures):
        left, top = room.left + at % columns * (wide + gap), room.top + at // columns * high
        sheet.draw(shapes.rule(left, top, left + wide, sheet.colour("line")))
        base = top + high * 0.09 + size
        base = sheet.write(figure.value or "0", left, base, Style(size, "serif", 600, least=0.45), most=wide).base
        room_below = top + high - base
        lines = 2 if room_below > words * 3.4 else 1
        style = Style(round(words * 0.95), lines=lines, least=0.7)
        made = sheet.write(figure.words, left, base + words * 1.35, style, most=wide, colour="soft")
        if figure.about and top + high - made.base > words * 1.7:
            about = Style(round(words * 0.8), least=0.75)
            sheet.write(figure.about, left, made.base + words * 1.15, about, most=wide, colour="accent")
