"""The card of eras: stretches of time from top to bottom, each as long as it was."""

from ui.cards import shapes
from ui.cards.contents import Era, ErasCard
from ui.cards.courses import number
from ui.cards.fitting import Style
from ui.cards.frame import Frame
from ui.cards.ranking import nothing
from ui.cards.sheet import Room, Sheet

_ROOM = {"story": 8, "square": 5, "landscape": 4}
_EVEN = 0.62  # how much of the height is shared evenly, so that a short era still has room for its words


def body(sheet: Sheet, card: ErasCard, frame: Frame) -> None:
    """Draw the eras, the latest being strong."""
    eras = card.eras[-_ROOM[sheet.shape.name] :]
    if not eras:
        nothing(sheet, frame.body, "No era stands out yet.")
        return
    room, words = frame.body, sheet.shape.words
    tall = min(room.high, len(eras) * words * 8.5)
    lengths = [number(era.length) or 0.0 for era in eras]
    whole, top = sum(lengths) or 1.0, room.top
    for at, (era, length) in enumerate(zip(eras, lengths, strict=True)):
        share = length / whole if sum(lengths) else 1 / len(eras)
        high = tall * (_EVEN / len(eras) + (1 - _EVEN) * share)
        _era(
            sheet,
            era,
            Room(room.left, top, room.right, top + high),
            last=at == len(eras) - 1,
            even=tall * _EVEN / len(eras),
        )
        top += high


def _era(sheet: Sheet, era: Era, room: Room, *, last: bool, even: float) -> None:
    """Draw one era: a bar down the left side, its name, its time and what filled it."""
    words, thick = sheet.shape.words, sheet.shape.words * 0.42
    colour = sheet.colour("accent" if last else "faint")
    high = room.high - words * 0.3
    radius = thick / 2
    bar = Room(room.left, room.top, room.left + thick, room.top + high)
    sheet.draw(
        f'<rect x="{bar.left:.1f}" y="{bar.top:.1f}" width="{thick:.1f}" height="{high:.1f}" rx="{radius:.1f}" fill="{colour}"/>',
        "bar",
        bar,
    )
    left = room.left + thick + words
    most = room.right - left
    unit = min(even / 3.5, words)
    size = round(min(unit * 1.75, sheet.shape.title * 0.62))
    when = Style(max(round(unit * 0.85), 15), weight=600, least=0.8)
    base = room.top + when.size * 0.85
    base = sheet.write(era.when, left, base, when, most=most, colour="accent" if last else "soft").base
    base = sheet.write(
        era.name or "(no name)", left, base + size * 1.12, Style(size, "serif", 600, least=0.6), most=most
    ).base
    under = Style(max(round(unit * 0.9), 15), least=0.8)
    if era.under and base + under.size * 1.75 <= room.top + high:
        sheet.write(era.under, left, base + under.size * 1.4, under, most=most, colour="soft")
