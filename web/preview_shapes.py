"""Shapes of preview pictures as SVG: logo, lines, arrows and curves; letters are written over them."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

WIDTH, HEIGHT, EDGE = 1200, 630, 64
INK, SOFT, LINE, PAPER, ACCENT, RISE, FALL = "#1F1D1A", "#6B665E", "#E4E0D8", "#FBFAF7", "#B4472E", "#2F6B4F", "#8A7A6A"
_ICON = Path(__file__).resolve().parent / "static" / "icon.svg"


@lru_cache(maxsize=1)
def _mark() -> str:
    """Return what is inside the file of the logo's mark."""
    text = _ICON.read_text(encoding="utf-8")
    return text[text.index("<g") : text.rindex("</svg>")]


def sheet(shapes: Sequence[str], *, logo: tuple[float, float]) -> str:
    """Return an SVG of the whole picture; the mark stands with its upper left corner at ``logo``."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/><rect width="{WIDTH}" height="8" fill="{ACCENT}"/>'
        f'<g transform="translate({logo[0]} {logo[1]}) scale(0.92)">{_mark()}</g>{"".join(shapes)}</svg>'
    )


def rule(y: float, *, left: float = EDGE, right: float = WIDTH - EDGE, dashed: bool = False) -> str:
    """Return a thin line across the picture."""
    dashes = ' stroke-dasharray="2 6"' if dashed else ""
    return f'<path d="M{left} {y}H{right}" stroke="{LINE}" stroke-width="1.5"{dashes}/>'


def arrow(x: float, y: float, *, up: bool) -> str:
    """Return a small triangle around a point: up for risen, down for fallen."""
    tip, foot = (y - 7, y + 6) if up else (y + 7, y - 6)
    return f'<path d="M{x} {tip}L{x + 8} {foot}H{x - 8}Z" fill="{RISE if up else FALL}"/>'


def level(x: float, y: float) -> str:
    """Return a short line around a point: as before."""
    return f'<path d="M{x - 8} {y}h16" stroke="{FALL}" stroke-width="3" stroke-linecap="round"/>'


def pill(x: float, y: float, width: float) -> str:
    """Return the ground of a word in a small box; ``x``, ``y``: the upper left corner."""
    return f'<rect x="{x}" y="{y}" width="{width}" height="30" rx="15" fill="{ACCENT}" fill-opacity="0.12"/>'


def curve(points: Sequence[tuple[float, float] | None], *, thick: float = 4, dot: float = 6, ground: float = 0) -> str:
    """Return a line through points, broken where there is none, with a dot at its end.

    ``ground``: down to where the space under the line is tinted; 0 for not at all.
    """
    stretches: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            stretches.append([])
        else:
            stretches[-1].append(point)
    drawn = [part for part in stretches if part]
    shapes = [_stretch(part, thick, ground) for part in drawn]
    if drawn:
        x, y = drawn[-1][-1]
        shapes.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{dot}" fill="{ACCENT}"/>')
    return "".join(shapes)


def _stretch(points: Sequence[tuple[float, float]], thick: float, ground: float) -> str:
    """Return one unbroken line; a single point is a dot."""
    if len(points) == 1:
        x, y = points[0]
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{thick:.1f}" fill="{ACCENT}"/>'
    way = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    ends = 'stroke-linejoin="round" stroke-linecap="round"'
    line = f'<path d="M{way}" fill="none" stroke="{ACCENT}" stroke-width="{thick}" {ends}/>'
    if not ground:
        return line
    return f'<path d="M{points[0][0]:.1f} {ground}L{way}V{ground}Z" fill="{ACCENT}" fill-opacity="0.08"/>{line}'
