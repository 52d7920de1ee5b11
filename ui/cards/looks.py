"""Shapes and colours of share cards."""

from dataclasses import dataclass
from typing import Literal

ShapeName = Literal["story", "square", "landscape"]
ThemeName = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours: ``tint`` is what lies under things, ``faint`` the accent where it must not speak loud."""

    paper: str
    ink: str
    soft: str
    line: str
    tint: str
    accent: str
    faint: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A size in pixels with what stands where; a story keeps off what apps lay over its top and bottom."""

    name: ShapeName
    width: int
    height: int
    edge: int
    top: int
    bottom: int
    title: int
    when: int
    words: int
    mark: int


THEMES: dict[ThemeName, Theme] = {
    "light": Theme("#FBFAF7", "#1F1D1A", "#6B665E", "#E4E0D8", "#F3F0E9", "#B4472E", "#E7B79F"),
    "dark": Theme("#161513", "#EDEAE4", "#A19B90", "#34312C", "#24211E", "#F08A6B", "#6B3527"),
}
SHAPES: dict[ShapeName, Shape] = {
    "story": Shape("story", 1080, 1920, 96, 232, 250, 92, 36, 34, 56),
    "square": Shape("square", 1080, 1080, 72, 76, 66, 66, 30, 27, 42),
    "landscape": Shape("landscape", 1200, 630, 60, 58, 52, 52, 24, 22, 36),
}
