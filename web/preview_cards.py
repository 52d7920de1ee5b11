"""Preview pictures: what messengers show beside a link to a chart, an artist, a song or an album; 1200 × 630."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from PIL import Image, ImageDraw

from web import preview_shapes as shapes
from web.preview_letters import width, write
from web.preview_shapes import ACCENT, EDGE, FALL, RISE, SOFT, WIDTH

_RIGHT = WIDTH - EDGE
_ROW, _FIRST_ROW = 66, 272
_CURVE = (EDGE + 56, 330, _RIGHT - 24, 520)  # left, top, right, bottom
# Fonts are not made for two threads at once.
_WRITING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Placed:
    """A row of a chart; ``entry``: "new", "re-entry" or blank; ``ranks``: the last places, oldest first."""

    rank: int
    name: str
    artist: str = ""
    change: int | None = None
    entry: str = ""
    ranks: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True)
class ChartCard:
    """A chart: its title, its time, its first rows, whose it is."""

    title: str
    when: str
    rows: tuple[Placed, ...]
    credit: str


@dataclass(frozen=True, slots=True)
class ThingCard:
    """An artist, a song or an album: ``figures`` are values with what they say, ``curve`` its places by day."""

    name: str
    under: str
    figures: tuple[tuple[str, str], ...]
    curve: tuple[tuple[date, int | None], ...]
    credit: str


def chart_card(card: ChartCard) -> bytes:
    """Return a chart as PNG."""
    lines = [shapes.rule(_FIRST_ROW - 44)]
    for at, row in enumerate(card.rows):
        y = _FIRST_ROW + at * _ROW
        lines.append(_spark(row.ranks, y))
        lines.append(_sign(row, y))
    image, draw = _sheet(lines)
    with _WRITING:
        _frame(draw, card.credit)
        write(draw, (EDGE, 152), card.title, face="serif", size=54, weight=600, most=_RIGHT - EDGE)
        write(draw, (EDGE, 200), card.when, size=28, fill=SOFT, most=_RIGHT - EDGE)
        for at, row in enumerate(card.rows):
            _write_row(draw, row, _FIRST_ROW + at * _ROW)
    return _png(image)


def _write_row(draw: ImageDraw.ImageDraw, row: Placed, y: float) -> None:
    """Write a row around a base line: place, name, artist, and how far it moved."""
    write(draw, (EDGE + 36, y), str(row.rank), face="serif", size=36, weight=600, fill=ACCENT, right=True)
    most = 560 if not row.artist else 350
    wide = write(draw, (EDGE + 64, y), row.name, size=32, weight=600, most=most)
    if row.artist:
        write(draw, (EDGE + 64 + wide + 16, y), row.artist, size=26, fill=SOFT, most=700 - EDGE - 64 - wide + 70)
    if row.entry:
        write(draw, (_RIGHT - 16, y - 3), row.entry, size=20, weight=600, fill=ACCENT, right=True)
    elif row.change:
        colour = RISE if row.change > 0 else FALL
        write(draw, (_RIGHT - 34, y), str(abs(row.change)), size=26, weight=600, fill=colour, right=True)


def _spark(ranks: Sequence[int | None], y: float) -> str:
    """Return the last places as a small curve, the better the higher."""
    known = [rank for rank in ranks if rank is not None]
    if len(known) < 2:
        return ""
    best, worst, left, wide, high = min(known), max(known), 838, 160, 26
    span = max(worst - best, 1)
    step = wide / (len(ranks) - 1)
    points = [
        None if rank is None else (left + at * step, y - 24 + high * (rank - best) / span)
        for at, rank in enumerate(ranks)
    ]
    return shapes.curve(points, thick=2.5, dot=4.5)


def _sign(row: Placed, y: float) -> str:
    """Return what stands behind or beside how far a row moved."""
    if row.entry:
        wide = width(row.entry, "sans", 20, 600) + 32
        return shapes.pill(_RIGHT - wide, y - 25, wide)
    if row.change is None:
        return ""
    return shapes.level(_RIGHT - 10, y - 9) if row.change == 0 else shapes.arrow(_RIGHT - 12, y - 9, up=row.change > 0)


def thing_card(card: ThingCard) -> bytes:
    """Return an artist, a song or an album as PNG."""
    ranks = [rank for _, rank in card.curve if rank is not None]
    left, top, right, bottom = _CURVE
    lines = [shapes.rule(top, left=left, right=right, dashed=True), shapes.rule(bottom, left=left, right=right)]
    lines = [*lines, shapes.curve(_points(card.curve), ground=bottom)] if ranks else []
    image, draw = _sheet(lines)
    with _WRITING:
        _frame(draw, card.credit)
        write(draw, (EDGE, 156), card.name, face="serif", size=58, weight=600, most=_RIGHT - EDGE)
        write(draw, (EDGE, 200), card.under, size=28, fill=SOFT, most=_RIGHT - EDGE)
        x: float = EDGE
        for value, label in card.figures:
            wide = write(draw, (x, 272), value, face="serif", size=46, weight=600, fill=ACCENT)
            x += wide + 12 + write(draw, (x + wide + 12, 272), label, size=25, fill=SOFT) + 48
        if ranks:
            _write_axes(draw, card.curve, min(ranks), max(ranks))
    return _png(image)


def _points(curve: Sequence[tuple[date, int | None]]) -> list[tuple[float, float] | None]:
    """Return the points of a curve of places, days from left to right, the better the higher."""
    left, top, right, bottom = _CURVE
    ranks = [rank for _, rank in curve if rank is not None]
    best, worst, first = min(ranks), max(ranks), curve[0][0]
    days, span = max((curve[-1][0] - first).days, 1), max(worst - best, 1)
    high = bottom - top - 20  # the worst place stays above the line below
    return [
        None if rank is None else (left + (right - left) * (day - first).days / days, top + high * (rank - best) / span)
        for day, rank in curve
    ]


def _write_axes(draw: ImageDraw.ImageDraw, curve: Sequence[tuple[date, int | None]], best: int, worst: int) -> None:
    left, top, right, bottom = _CURVE
    write(draw, (left - 20, top + 8), str(best), size=24, weight=600, fill=SOFT, right=True)
    if worst > best:
        write(draw, (left - 20, bottom - 12), str(worst), size=24, fill=SOFT, right=True)
    first, last = curve[0][0], curve[-1][0]
    write(draw, (left, bottom + 32), f"{first:%B %Y}", size=22, fill=SOFT)
    if (first.year, first.month) != (last.year, last.month):
        write(draw, (right, bottom + 32), f"{last:%B %Y}", size=22, fill=SOFT, right=True)


def _sheet(lines: Sequence[str]) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """Return the picture with its shapes, ready to be written on."""
    import vl_convert  # a renderer of 30 MB: loaded when the first picture is asked for

    png = vl_convert.svg_to_png(shapes.sheet(lines, logo=(EDGE - 3, 36)))
    image = Image.open(BytesIO(png)).convert("RGB")
    return image, ImageDraw.Draw(image)


def _frame(draw: ImageDraw.ImageDraw, credit: str) -> None:
    """Write the product's name at the top and whose data it is at the bottom."""
    write(draw, (EDGE + 52, 68), "Playprint", face="serif", size=28, weight=600, fill=ACCENT)
    write(draw, (EDGE, 594), credit, size=20, fill=SOFT, most=_RIGHT - EDGE)


def _png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
