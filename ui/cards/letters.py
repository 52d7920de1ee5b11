"""Letters of drawn pictures: any text in the order it is seen, in the fonts that hold it."""

import unicodedata
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from PIL import ImageDraw

from ui.cards.direction import leftward, levels, seen
from ui.cards.fonts import ALONE, Face, Font, font, holder
from ui.cards.plain import clusters, named


class Run(NamedTuple):
    """A stretch of letters of one font and one direction."""

    text: str
    font: Font
    leftward: bool

    @property
    def direction(self) -> str:
        """Return the direction as Pillow calls it."""
        return "rtl" if self.leftward else "ltr"

    @property
    def wide(self) -> float:
        """Return how far the next run stands from this one, in pixels."""
        return float(self.font.getlength(self.text, direction=_direction(self)))


class Ink(NamedTuple):
    """Where the ink of a text is, seen from the start of its base line, in pixels."""

    left: float
    top: float
    right: float
    bottom: float


def _direction(run: Run) -> str | None:
    return run.direction if _shaping() else None


@lru_cache(maxsize=1)
def _shaping() -> bool:
    """Return whether this Pillow joins Arabic letters and places marks; without, letters stand one by one."""
    from PIL import features

    return bool(features.check("raqm"))


def _known(cluster: str, face: Face) -> str:
    """Return what can be drawn of a letter: itself, its plain form (𝕬 as A), it without marks, or nothing."""
    forms = (cluster, unicodedata.normalize("NFKC", cluster), unicodedata.normalize("NFKD", cluster)[:1], cluster[:1])
    return next((form for form in forms if form and all(holder(c, face) is not False for c in form)), "")


@lru_cache(maxsize=4096)
def drawable(text: str, face: Face) -> str:
    """Return what a text can be drawn as: letters no font holds are left out, or named where nothing else is left."""
    with ALONE:
        made = "".join(
            known for cluster in clusters(text) if (known := cluster if cluster == " " else _known(cluster, face))
        )
    made = " ".join(made.split(" ")).strip()
    return made or (named(text) if text.strip() else "")


@lru_cache(maxsize=4096)
def runs(text: str, face: Face, size: int, weight: int) -> tuple[Run, ...]:
    """Return a text's stretches in the order they are seen, from left to right."""
    text = drawable(text, face)
    level = levels(text, int(leftward(text)))
    placed, at = list[tuple[int, object, str]](), 0
    for cluster in clusters(text):
        path: object = holder(cluster, face)
        if path is False:
            path = holder(cluster[0], face)
        if placed and cluster.isspace():
            path = placed[-1][1]  # blanks go with what stands before them
        placed.append((level[at], path, cluster))
        at += len(cluster)
    parts = [
        (key[0], Run("".join(cluster for _, _, cluster in group), font(key[1], size, weight), key[0] % 2 == 1))  # type: ignore[arg-type]
        for key, group in groupby(placed, lambda one: (one[0], one[1]))
    ]
    return tuple(run for _, run in seen(parts))


@lru_cache(maxsize=8192)
def width(text: str, face: Face, size: int, weight: int) -> float:
    """Return how wide a text is, in pixels."""
    with ALONE:
        return sum(run.wide for run in runs(text, face, size, weight))


@lru_cache(maxsize=4096)
def ink(text: str, face: Face, size: int, weight: int) -> Ink:
    """Return where a text's ink is when its base line begins at 0, 0."""
    with ALONE:
        x, boxes = 0.0, list[tuple[float, float, float, float]]()
        for run in runs(text, face, size, weight):
            left, top, right, bottom = run.font.getbbox(run.text, anchor="ls", direction=_direction(run))
            boxes.append((x + left, top, x + right, bottom))
            x += run.wide
    if not boxes:
        return Ink(0, 0, 0, 0)
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Ink(min(lefts), min(tops), max(rights), max(bottoms))


def paint(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, face: Face, size: int, weight: int, fill: str
) -> float:
    """Write a text whose base line begins at a point; return how wide it came out, in pixels."""
    with ALONE:
        x = at[0]
        for run in runs(text, face, size, weight):
            draw.text((x, at[1]), run.text, font=run.font, fill=fill, anchor="ls", direction=_direction(run))
            x += run.wide
    return x - at[0]


def fitted(text: str, most: float, face: Face, size: int, weight: int) -> str:
    """Return a text cut at its end, with a sign that it is, to be at most ``most`` pixels wide."""
    if width(text, face, size, weight) <= most:
        return text
    parts = clusters(text)
    low, high = 0, len(parts)
    while low < high:
        middle = (low + high + 1) // 2
        if width(_cut(parts, middle), face, size, weight) <= most:
            low = middle
        else:
            high = middle - 1
    return _cut(parts, low)


def _cut(parts: list[str], count: int) -> str:
    return f"{''.join(parts[:count]).rstrip()}…"


def write(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    *,
    face: Face = "sans",
    size: int = 24,
    weight: int = 400,
    fill: str = "#1F1D1A",
    right: bool = False,
    most: float = 2000,
) -> float:
    """Write a text whose base line begins (``right``: ends) at a point; return how wide it came out, in pixels."""
    text = fitted(text, most, face, size, weight)
    start = at[0] - width(text, face, size, weight) if right else at[0]
    return paint(draw, (start, at[1]), text, face, size, weight, fill)
