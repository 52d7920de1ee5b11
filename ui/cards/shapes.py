"""Shapes of share cards as SVG: the product's mark, lines, curves, wedges, and the rings of a print."""

import math
import random
from collections.abc import Iterator, Sequence
from itertools import groupby

Point = tuple[float, float]
# The mark of web/static/icon.svg, in a field of 48 by 48.
_MARK = (
    "M24 21v6", "M19 29.5v-6.2a5 5 0 0 1 10 0v9.2", "M14 33.5v-9.8a10 10 0 0 1 17.6-6.5M34 22.6v7.4",
    "M9 29v-5.4a15 15 0 0 1 6-12M20.2 9.1A15 15 0 0 1 39 23.6v10.4", "M24 33.5v7.5M19 35.5v3.5M29 38v4.5M34 35.5v3M14 38.5v1.5",
    "M4.2 24.5c0-4 1-7.600 2.900-10.600M10.300 9.800A19.800 19.800 0 0 1 40.800 13.300M43.200 18.600c.4 1.900.6 3.600.6 5.900",
)  # fmt: skip


def mark(x: float, y: float, size: float, colour: str) -> str:
    """Return the product's mark with its upper left corner at a point."""
    lines = "".join(f'<path d="{way}"/>' for way in _MARK)
    return (
        f'<g transform="translate({x:.1f} {y:.1f}) scale({size / 48:.4f})" fill="none" stroke="{colour}" '
        f'stroke-width="3.2" stroke-linecap="round">{lines}</g>'
    )


def rule(left: float, y: float, right: float, colour: str, *, thick: float = 2, dashed: bool = False) -> str:
    """Return a level line."""
    dashes = ' stroke-dasharray="2 8" stroke-linecap="round"' if dashed else ""
    return f'<path d="M{left:.1f} {y:.1f}H{right:.1f}" stroke="{colour}" stroke-width="{thick}"{dashes}/>'


def line(start: Point, end: Point, colour: str, *, thick: float = 2) -> str:
    """Return a line from one point to another."""
    way = f"M{start[0]:.1f} {start[1]:.1f}L{end[0]:.1f} {end[1]:.1f}"
    return f'<path d="{way}" stroke="{colour}" stroke-width="{thick}" stroke-linecap="round"/>'


def dot(at: Point, radius: float, colour: str, *, ring: str = "") -> str:
    """Return a dot; ``ring``: the colour around it, so that it stands off a line below."""
    around = f' stroke="{ring}" stroke-width="{radius * 0.6:.1f}"' if ring else ""
    return f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius:.1f}" fill="{colour}"{around}/>'


def bar(left: float, top: float, wide: float, high: float, colour: str) -> str:
    """Return a bar with round ends."""
    size = f'width="{max(wide, high):.1f}" height="{high:.1f}" rx="{high / 2:.1f}"'
    return f'<rect x="{left:.1f}" y="{top:.1f}" {size} fill="{colour}"/>'


def curve(points: Sequence[Point | None], colour: str, *, thick: float, ground: float | None = None) -> str:
    """Return a line through points, broken where there is none; ``ground``: down to where it is filled below."""
    made = []
    for known, group in groupby(points, lambda point: point is not None):
        part = [point for point in group if point is not None]
        if not known:
            continue
        if len(part) == 1:
            made.append(dot(part[0], thick * 0.8, colour))
            continue
        way = "L".join(f"{x:.1f} {y:.1f}" for x, y in part)
        if ground is not None:
            first, last = part[0][0], part[-1][0]
            fill = f'fill="{colour}" fill-opacity="0.13"'
            made.append(f'<path d="M{first:.1f} {ground:.1f}L{way}L{last:.1f} {ground:.1f}Z" {fill}/>')
        ends = 'stroke-linejoin="round" stroke-linecap="round"'
        made.append(f'<path d="M{way}" fill="none" stroke="{colour}" stroke-width="{thick}" {ends}/>')
    return "".join(made)


def wedge(middle: Point, inner: float, outer: float, start: float, end: float, colour: str) -> str:
    """Return a part of a ring; angles in turns from the top, clockwise."""
    a, b, c, d = (turned(middle, r, t) for r, t in ((inner, start), (outer, start), (outer, end), (inner, end)))
    way = (
        f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}A{outer:.1f} {outer:.1f} 0 0 1 {c[0]:.1f} {c[1]:.1f}"
        f"L{d[0]:.1f} {d[1]:.1f}A{inner:.1f} {inner:.1f} 0 0 0 {a[0]:.1f} {a[1]:.1f}Z"
    )
    return f'<path d="{way}" fill="{colour}"/>'


def turned(middle: Point, radius: float, turns: float) -> Point:
    """Return the point at an angle around a middle; in turns from the top, clockwise."""
    return middle[0] + radius * math.sin(math.tau * turns), middle[1] - radius * math.cos(math.tau * turns)


def rings(middle: Point, radius: float, count: int, colour: str, *, seed: int) -> str:
    """Return the rings of a print around a middle, broken here and there; each ``seed`` has its own."""
    chance, step = random.Random(seed), radius / count  # noqa: S311 - an ornament, not a secret
    ways = []
    for at in range(count):
        around = step * (at + 0.6)
        for start, end in _arcs(chance, around, step):
            first, last = turned(middle, around, start), turned(middle, around, end)
            large = int(end - start > 0.5)
            ways.append(
                f"M{first[0]:.1f} {first[1]:.1f}A{around:.1f} {around:.1f} 0 {large} 1 {last[0]:.1f} {last[1]:.1f}"
            )
    ends = f'fill="none" stroke="{colour}" stroke-width="{step * 0.42:.1f}" stroke-linecap="round"'
    return f'<path d="{"".join(ways)}" {ends}/>'


def _arcs(chance: random.Random, around: float, step: float) -> Iterator[tuple[float, float]]:
    """Yield from where to where a ring is drawn, in turns; longer rings are broken more often."""
    pieces = chance.randint(1, 2) if around < 4 * step else chance.randint(2, 4)
    gap = 0.95 * step / (math.tau * around)
    cuts = sorted((at + chance.uniform(0.1, 0.9)) / pieces for at in range(pieces))
    for start, end in zip(cuts, [*cuts[1:], cuts[0] + 1], strict=True):
        if end - start > 2.5 * gap:
            yield start + gap, end - gap
