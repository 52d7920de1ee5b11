"""The card of a day's hours: a ring of 24 bars, midnight at the top."""

from ui.cards import shapes
from ui.cards.contents import ClockCard
from ui.cards.courses import number
from ui.cards.fitting import Style, fit
from ui.cards.frame import Frame
from ui.cards.ranking import nothing
from ui.cards.sheet import Room, Sheet

_INNER = 0.44  # the hole in the middle, as a share of the radius
_GAP = 0.0035  # between two hours, in turns


def body(sheet: Sheet, card: ClockCard, frame: Frame) -> None:
    """Draw the clock and its words below it, in a landscape below the title."""
    hours = [number(value) or 0.0 for value in card.hours[:24]]
    hours += [0.0] * (24 - len(hours))
    room, words = frame.body, sheet.shape.words
    if frame.aside is None and card.words:
        style = Style(round(words * 1.15), lines=3, wrap=True)
        made = fit(card.words, room.wide, style)
        high = len(made.lines) * made.size * style.leading
        sheet.put(made, room.left, room.bottom - high + made.size, style, colour="soft")
        room = Room(room.left, room.top, room.right, room.bottom - high - words)
    elif frame.aside and card.words:
        lines = max(1, int((frame.aside.high - 20) / (words * 1.3)))
        style = Style(words, lines=min(lines, 6), wrap=True)
        sheet.write(card.words, frame.aside.left, frame.aside.top + words, style, most=frame.aside.wide, colour="soft")
    if not any(hours):
        nothing(sheet, room, "No hour of the day stands out: nothing was played.")
        return
    _ring(sheet, hours, card, room)


def _ring(sheet: Sheet, hours: list[float], card: ClockCard, room: Room) -> None:
    words = round(sheet.shape.words * 0.95)
    radius = min(room.wide, room.high) / 2 - words * 1.5
    middle = (
        (room.left + room.right) / 2,
        (room.top + room.bottom) / 2 if sheet.shape.name != "story" else room.top + radius + words * 2,
    )
    inner, most, top = radius * _INNER, max(hours), max(range(24), key=lambda hour: hours[hour])
    for hour, value in enumerate(hours):
        start, end = (hour / 24 + _GAP, (hour + 1) / 24 - _GAP)
        sheet.draw(shapes.wedge(middle, inner, radius, start, end, sheet.colour("tint")))
        if value:
            outer = inner + (radius - inner) * max(value / most, 0.03)
            colour = sheet.colour("accent" if hour == top else "faint")
            sheet.draw(shapes.wedge(middle, inner, outer, start, end, colour))
    whole = Room(middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius)
    _labels(sheet, middle, whole, words)
    _middle(sheet, card, middle, inner)


def _labels(sheet: Sheet, middle: shapes.Point, ring: Room, words: int) -> None:
    """Write four hours around the ring."""
    style, gap = Style(words, weight=600), words * 0.55
    sheet.write("0", middle[0], ring.top - gap, style, most=200, colour="soft", align="middle")
    sheet.write("12", middle[0], ring.bottom + gap + words * 0.7, style, most=200, colour="soft", align="middle")
    sheet.write("6", ring.right + gap, middle[1] + words * 0.35, style, most=200, colour="soft")
    sheet.write("18", ring.left - gap, middle[1] + words * 0.35, style, most=200, colour="soft", align="right")


def _middle(sheet: Sheet, card: ClockCard, middle: shapes.Point, inner: float) -> None:
    """Write the figure into the middle of the ring."""
    if not card.figure:
        return
    size = round(inner * 0.5)
    style = Style(size, "serif", 600, least=0.3)
    sheet.write(
        card.figure.value, middle[0], middle[1] + size * 0.12, style, most=inner * 1.55, colour="accent", align="middle"
    )
    small = Style(round(inner * 0.17), lines=2, least=0.6)
    sheet.write(
        card.figure.words, middle[0], middle[1] + size * 0.2 + inner * 0.24, small, most=inner * 1.35, align="middle",
        colour="soft",
    )  # fmt: skip
