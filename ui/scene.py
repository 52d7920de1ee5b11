"""What a personal page starts from: who looks, at which selection, of a history between two days."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeVar

from core.domain.selection import Selection
from ui import links
from ui.context import Viewer, app

_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class Scene:
    """What a personal page starts from: who looks, at which selection, of a history between two local days."""

    viewer: Viewer
    selection: Selection
    first: date
    last: date

    @property
    def locale(self) -> str:
        """Return the looker's language."""
        return self.viewer.locale

    @property
    def order(self) -> Literal["plays", "time"]:
        """Return what ranks things: plays or listening time."""
        return "plays" if self.selection.metric == "plays" else "time"

    def asked(self) -> dict[str, Any]:
        """Return lens, period and filters of what is shown, as every panel asks for them."""
        return {"lens": self.viewer.lens, "period": self.selection.shown, "filters": self.selection.filters}

    def kept(self, name: str, make: Callable[[], _R], *more: Hashable) -> _R:
        """Return what a panel made of this scene, kept while data, lens and selection stay as they are."""
        return app().listening.kept(self.viewer.user_id, (name, self.viewer, self.selection, *more), make)

    def href(self, page: str, **params: object) -> str:
        """Return the address of a page about the same history with the range and unit kept."""
        return self.viewer.href(page, self.selection, **params)

    def here(self, target: str, /, **changes: str | None) -> str:
        """Return this page's address with some parameters changed."""
        return f"{links.path(target, demo=self.viewer.demo)}?{self.selection.query(**changes)}"
