"""Share cards as pictures."""

from collections.abc import Callable
from typing import Any, Literal

from ui.cards import clock, curve, eras, numbers, ranking, review
from ui.cards.contents import Card, ClockCard, CurveCard, ErasCard, NumbersCard, RankingCard, ReviewCard
from ui.cards.fonts import ALONE
from ui.cards.frame import Frame, frame
from ui.cards.looks import SHAPES, THEMES, ShapeName, ThemeName
from ui.cards.sheet import Sheet

_BODIES: dict[type[Card], Callable[[Sheet, Any, Frame], None]] = {
    RankingCard: ranking.body,
    NumbersCard: numbers.body,
    CurveCard: curve.body,
    ClockCard: clock.body,
    ErasCard: eras.body,
    ReviewCard: review.body,
}


def lay_out(card: Card, *, shape: ShapeName, theme: ThemeName) -> Sheet:
    """Return a card with everything in its place, not yet painted."""
    sheet = Sheet(SHAPES[shape], THEMES[theme])
    with ALONE:
        _BODIES[type(card)](sheet, card, frame(sheet, card))
    return sheet


def render(card: Card, *, shape: ShapeName, theme: ThemeName, kind: Literal["png"] = "png") -> bytes:
    """Return a card as a picture; the same card gives the same bytes.

    ``shape``: story 1080 × 1920, square 1080 × 1080, landscape 1200 × 630 pixels. ``kind``: PNG is what there is.
    """
    if kind != "png":
        raise ValueError(kind)
    return lay_out(card, shape=shape, theme=theme).png()
