"""The card of a course: a figure and its way along the year."""

from ui.cards.contents import CurveCard
from ui.cards.courses import large
from ui.cards.frame import Frame
from ui.cards.numbers import hero
from ui.cards.sheet import Room, Sheet

_FIGURE = {"story": 210, "square": 130, "landscape": 92}


def body(sheet: Sheet, card: CurveCard, frame: Frame) -> None:
    """Draw the figure and the course."""
    top = frame.body.top
    if card.figure and frame.aside and frame.aside.high > 170:
        hero(sheet, card.figure, frame.aside, _FIGURE["landscape"])
    elif card.figure:
        top = hero(sheet, card.figure, frame.body, _FIGURE[sheet.shape.name]) + sheet.shape.words
    left, right = frame.body.left, frame.body.right
    bottom = min(frame.body.bottom, top + (right - left) * 1.05)
    large(sheet, card.points, Room(left, top, right, bottom), marks=card.marks, unit=card.unit)
