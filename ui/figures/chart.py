"""Which list the charts page shows: of what, in which order, with which text in a name; from an address and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from core.analytics.genres import Level
from core.analytics.library import By

Of = Literal["artist", "album", "track", "genre"]
KINDS: tuple[Of, ...] = ("artist", "album", "track", "genre")
LEVELS: dict[Level, str] = {"family": "Families", "genre": "Genres"}
# Each order by the name in the address and its column; True: the greatest first. A minus in the address turns it round.
FIELDS: dict[str, tuple[str, bool]] = {
    "rank": ("rank", False),
    "change": ("change", True),
    "name": ("name", False),
    "plays": ("plays", True),
    "hours": ("ms_played", True),
    "share": ("share", True),
    "artists": ("artists", True),
    "skips": ("low", True),
    "first": ("first", True),
    "there": ("rank_before", False),
    "plays-there": ("plays_there", True),
}
ONLY_GENRES, NOT_GENRES, ONLY_TWO = ("artists",), ("skips", "first"), ("there", "plays-there")


@dataclass(frozen=True, slots=True)
class Chart:
    """Which list is shown: of what, by which order (``turned``: the other way round), with which text in a name."""

    of: Of
    level: Level = "family"
    order: str = "rank"
    turned: bool = False
    search: str = ""

    @property
    def by(self) -> By:
        """Return what is ranked, where it is not genres."""
        return cast(By, self.of)

    @property
    def sort(self) -> str:
        """Return the order as it stands in the address."""
        return f"-{self.order}" if self.turned else self.order

    def params(self) -> dict[str, str | None]:
        """Return the address parameters that reproduce this list; those of the defaults are ``None``."""
        return {
            "of": self.of,
            "level": "genre" if self.of == "genre" and self.level == "genre" else None,
            "sort": None if self.sort == "rank" else self.sort,
            "find": self.search or None,
        }


def chart_of(params: Mapping[str, str], *, two: bool = False) -> Chart:
    """Return the list an address asks for; what makes no sense falls back to artists by rank.

    ``two``: a range to compare with was chosen, so that its columns can be sorted by.
    """
    of = cast(Of, params.get("of", "artist"))
    of = of if of in KINDS else "artist"
    sort = params.get("sort", "rank")
    order, turned = sort.removeprefix("-"), sort.startswith("-")
    out = (NOT_GENRES if of == "genre" else ONLY_GENRES) + (() if two else ONLY_TWO)
    if order not in FIELDS or order in out:
        order, turned = "rank", False
    level: Level = "genre" if params.get("level") == "genre" else "family"
    return Chart(of, level, order, turned, params.get("find", "").strip()[:200])
