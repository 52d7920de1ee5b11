"""The card of a ranking: places, names, values and small curves; the first is the largest."""

from collections.abc import Sequence

from ui.cards.contents import RankingCard, Row
from ui.cards.courses import small
from ui.cards.fitting import Style, fit
from ui.cards.frame import Frame
from ui.cards.letters import width
from ui.cards.sheet import Room, Sheet

_ROOM = {"story": 10, "square": 6, "landscape": 5}
_FIRST = 1.45  # how much larger the first row is than the others
_TALLEST = {"story": 200.0, "square": 150.0, "landscape": 118.0}


def body(sheet: Sheet, card: RankingCard, frame: Frame) -> None:
    """Draw the rows of a ranking."""
    rows = card.rows[: _ROOM[sheet.shape.name]]
    if not rows:
        nothing(sheet, frame.body, "Nothing was played in this time.")
        return
    room = frame.body
    high = min(room.high / (len(rows) - 1 + _FIRST), _TALLEST[sheet.shape.name])
    top = room.top
    for at, row in enumerate(rows):
        tall = high * (_FIRST if at == 0 else 1)
        _line(sheet, row, at + 1, Room(room.left, top, room.right, top + tall), many=len(rows))
        top += tall


def nothing(sheet: Sheet, room: Room, words: str) -> None:
    """Write that there is nothing."""
    style = Style(round(sheet.shape.title * 0.6), "serif", 400, lines=2)
    sheet.write(words, room.left, room.top + room.high * 0.3, style, most=room.wide, colour="soft")


def _line(sheet: Sheet, row: Row, place: int, room: Room, *, many: int) -> None:
    """Draw a row: its place, its name with words under it, its curve and its value."""
    first = place == 1
    size = round(min(room.high * (0.34 if first else 0.36), sheet.shape.title * (0.86 if first else 0.6)))
    under = Style(max(round(size * (0.5 if first else 0.62)), 16), least=0.8)
    base = room.top + room.high * 0.5 + size * (0.34 if not row.under else -0.04)
    # A row's name and what is under it stand around its middle.
    place_style = Style(round(size * (1.5 if first else 1.1)), "serif", 600 if first else 400)
    column = place_style.size * (0.98 if first else 1.5)
    left = room.left + (width("0", "serif", round(size * 1.1), 400) * (2.6 if many > 9 else 1.9))
    left = max(left, room.left + column * 0.9) if first else left
    right = _right(sheet, row, room, size, base)
    lower = base + under.size * 1.35
    middle = base if not row.under else (base + lower) / 2
    sheet.write(
        str(place), room.left, (middle + place_style.size * 0.12) if first and row.under else base, place_style,
        most=left - room.left, colour="accent" if first else "soft",
    )  # fmt: skip
    name = Style(size, "serif" if first else "sans", 600, lines=1 if row.under else 2, least=0.66)
    made = fit(row.name or "(no name)", right - left, name)
    if len(made.lines) == 2:
        base -= made.size * name.leading / 2
    sheet.put(made, left, base, name)
    if row.under:
        sheet.write(row.under, left, lower, under, most=right - left, colour="soft")


def _right(sheet: Sheet, row: Row, room: Room, size: int, base: float) -> float:
    """Draw a row's value and curve at its right end; return where its name must end."""
    right, gap = room.right, sheet.shape.words
    if row.value:
        style = Style(round(size * 0.78), weight=600, least=0.6)
        made = sheet.write(row.value, right, base, style, most=room.wide * 0.3, align="right")
        right -= made.wide + gap
    known = _known(row.curve)
    if len(known) >= 2:
        wide, high = room.wide * 0.15, min(size * 0.9, room.high * 0.4)
        small(
            sheet, row.curve, Room(right - wide, base - size * 0.3 - high / 2, right - 8, base - size * 0.3 + high / 2)
        )
        right -= wide + gap
    return right


def _known(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None]
