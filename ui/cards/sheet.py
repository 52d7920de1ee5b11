"""A sheet that a card is drawn on: shapes as SVG below, letters above, and the box of everything on it."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Literal, NamedTuple

from PIL import Image, ImageDraw

from ui.cards.fitting import Fit, Style, fit
from ui.cards.fonts import ALONE, Face
from ui.cards.letters import ink, paint, width
from ui.cards.looks import Shape, Theme

Colour = Literal["paper", "ink", "soft", "line", "tint", "accent", "faint"]
Align = Literal["left", "middle", "right"]


class Room(NamedTuple):
    """A part of the sheet, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def wide(self) -> float:
        """Return its width."""
        return self.right - self.left

    @property
    def high(self) -> float:
        """Return its height."""
        return self.bottom - self.top


class Box(NamedTuple):
    """Where ink is: of a text (``what`` is the text) or of a shape (``what`` says which)."""

    kind: Literal["text", "shape"]
    what: str
    room: Room


class Letters(NamedTuple):
    """A line as it is written."""

    x: float
    y: float
    text: str
    face: Face
    size: int
    weight: int
    fill: str


class Wrote(NamedTuple):
    """What came of a text: how wide it is, its last base line, its size and how many lines."""

    wide: float
    base: float
    size: int
    lines: int


@dataclass(slots=True)
class Sheet:
    """What is to be drawn, in order; nothing is painted before ``png``."""

    shape: Shape
    theme: Theme
    shapes: list[str] = field(default_factory=list)
    letters: list[Letters] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)

    def colour(self, name: Colour) -> str:
        """Return a colour of the theme."""
        return str(getattr(self.theme, name))

    def draw(self, svg: str, what: str = "", room: Room | None = None) -> None:
        """Add a shape; with a room it is one that no letter may touch."""
        self.shapes.append(svg)
        if room:
            self.boxes.append(Box("shape", what, room))

    def write(
        self,
        text: str,
        x: float,
        y: float,
        style: Style,
        *,
        most: float,
        colour: Colour = "ink",
        align: Align = "left",
    ) -> Wrote:
        """Write a text whose first base line is at ``y``: it starts, ends or has its middle at ``x``."""
        made = fit(text, most, style)
        return self.put(made, x, y, style, colour=colour, align=align)

    def put(
        self, made: Fit, x: float, y: float, style: Style, *, colour: Colour = "ink", align: Align = "left"
    ) -> Wrote:
        """Write lines that were fitted before."""
        step, widest = made.size * style.leading, 0.0
        for at, line in enumerate(made.lines):
            wide = width(line, style.face, made.size, style.weight)
            left = x - wide * {"left": 0, "middle": 0.5, "right": 1}[align]
            base = y + at * step
            self.letters.append(Letters(left, base, line, style.face, made.size, style.weight, self.colour(colour)))
            box = ink(line, style.face, made.size, style.weight)
            self.boxes.append(
                Box("text", line, Room(left + box.left, base + box.top, left + box.right, base + box.bottom))
            )
            widest = max(widest, wide)
        return Wrote(widest, y + max(len(made.lines) - 1, 0) * step, made.size, len(made.lines))

    def png(self) -> bytes:
        """Return the sheet as a picture."""
        import vl_convert  # a renderer of 30 MB: loaded when the first picture is asked for

        size = f'width="{self.shape.width}" height="{self.shape.height}"'
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size}><rect {size} fill="{self.theme.paper}"/>'
            f"{''.join(self.shapes)}</svg>"
        )
        image = Image.open(BytesIO(vl_convert.svg_to_png(svg))).convert("RGB")
        draw = ImageDraw.Draw(image)
        with ALONE:
            for one in self.letters:
                paint(draw, (one.x, one.y), one.text, one.face, one.size, one.weight, one.fill)
        file = BytesIO()
        image.save(file, "PNG")
        return file.getvalue()
