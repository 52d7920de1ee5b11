"""What every share card has around its contents: title, time, the product's name and a note."""

import zlib
from typing import NamedTuple

from ui.cards import shapes
from ui.cards.contents import Card
from ui.cards.fitting import Style
from ui.cards.looks import Shape
from ui.cards.sheet import Room, Sheet

_SIDE = 0.36  # the share of a landscape's width that its title has


class Frame(NamedTuple):
    """Where contents go: ``body``, and in a landscape ``aside``, what is left under the title."""

    body: Room
    aside: Room | None


def frame(sheet: Sheet, card: Card) -> Frame:
    """Draw what is around the contents and return the room they have."""
    shape = sheet.shape
    aside = shape.name == "landscape"
    _print(sheet, card)
    under = _head(sheet, card, most=shape.width * _SIDE - shape.edge if aside else shape.width - 2 * shape.edge)
    floor = _foot(sheet, card)
    right = shape.width - shape.edge
    if aside:
        start = shape.width * _SIDE + shape.edge
        return Frame(
            Room(start, shape.top, right, floor - 8), Room(shape.edge, under + 30, start - shape.edge, floor - 12)
        )
    return Frame(Room(shape.edge, under + shape.title * 0.75, right, floor - shape.title * 0.5), None)


def _print(sheet: Sheet, card: Card) -> None:
    """Draw the rings of a print, large and quiet, over a corner; each card's numbers make their own."""
    shape, seed = sheet.shape, zlib.crc32(repr(card).encode())
    middle, radius = {
        "story": ((shape.width * 0.92, 190.0), 560.0),
        "square": ((shape.width * 0.95, 60.0), 380.0),
        "landscape": ((70.0, shape.height - 10.0), 330.0),
    }[shape.name]
    sheet.draw(shapes.rings(middle, radius, 11, sheet.colour("tint"), seed=seed))


def _head(sheet: Sheet, card: Card, *, most: float) -> float:
    """Write the time and the title; return the last base line."""
    shape = sheet.shape
    y = shape.top + shape.when * 0.75
    if card.when:
        style = Style(shape.when, weight=600, lines=2 if shape.name == "landscape" else 1, least=0.7)
        made = sheet.write(card.when, shape.edge, y, style, most=most, colour="accent")
        y = made.base + shape.title * 1.18
    else:
        y = shape.top + shape.title * 0.72
    lines = 3 if shape.name == "landscape" else 2
    style = Style(shape.title, "serif", 600, lines=lines, least=0.62, wrap=True)
    return sheet.write(card.title, shape.edge - 2, y, style, most=most).base


def _foot(sheet: Sheet, card: Card) -> float:
    """Draw mark and name at the bottom left and the note at the bottom right; return where they begin."""
    shape = sheet.shape
    base, right = shape.height - shape.bottom, shape.width - shape.edge
    top = base - shape.mark * 0.86
    mark = Room(shape.edge, top, shape.edge + shape.mark, top + shape.mark)
    sheet.draw(shapes.mark(mark.left, mark.top, shape.mark, sheet.colour("accent")), "mark", mark)
    style = Style(round(shape.mark * 0.66), "serif", 600)
    y = base - shape.mark * 0.14
    name = sheet.write("Playprint", mark.right + shape.mark * 0.3, y, style, most=400, colour="ink")
    if card.note:
        room = right - mark.right - name.wide - shape.mark
        sheet.write(card.note, right, y, _note(shape), most=room, colour="soft", align="right")
    return top


def _note(shape: Shape) -> Style:
    return Style(round(shape.words * 0.8), least=0.8)
