"""The page of rules: what does not count, what is one thing, what was deleted; where one looks from."""

from dataclasses import replace
from datetime import UTC, datetime

from core.domain.selection import parse_selection
from ui.context import app, viewer
from ui.deletions import deleted_part
from ui.exclusions import left_out_part
from ui.identities import decisions_part
from ui.scene import Scene

PARTS = {"left-out": "Left out", "together": "Together and apart", "deleted": "Deleted"}
DRAW = {"left-out": left_out_part, "together": decisions_part, "deleted": deleted_part}


def scene() -> Scene:
    """Return the whole history with no range to choose; also where rules hide all of it, for they must be seen then."""
    who = viewer()
    bare = replace(who.lens, exclusions=())
    today = datetime.now(UTC).date()
    first, last = app().listening.span(who.user_id, lens=bare) or (today, today)
    return Scene(who, parse_selection({"range": "all"}, first=first, last=last), first, last)


def draw(scene: Scene, part: str) -> None:
    """Draw one part of the page."""
    DRAW[part](scene)
