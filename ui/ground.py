"""What any page stands on, whether it shows somebody's own history or public charts."""

from collections.abc import Callable, Hashable
from typing import Protocol, TypeVar

_R = TypeVar("_R")


class Ground(Protocol):
    """What a page stands on: whose language, its addresses, and what it keeps between two runs."""

    @property
    def locale(self) -> str:
        """The looker's language."""

    def href(self, page: str, **params: object) -> str:
        """Return the address of another page."""

    def here(self, target: str, /, **changes: str | None) -> str:
        """Return this page's address with some parameters changed."""

    def kept(self, name: str, make: Callable[[], _R], *more: Hashable) -> _R:
        """Return what ``make`` gives, kept while what the page shows stays as it is."""
