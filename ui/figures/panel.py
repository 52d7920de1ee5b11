"""What a panel of a page is made of: a picture, a list or a strip of figures, each ready to show and to take away."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl
import pyarrow as pa

from core.domain.lens import Lens
from core.domain.selection import Selection
from core.services.listening import Listening
from ui.figures.base import Spec

# What is said where a picture would be empty because only one sort of export tells.
ONLY_EXTENDED = "Account data does not tell this; Spotify's extended streaming history does. Import it to see it here."
ItemKind = Literal["artist", "album", "track", "genre"]


@dataclass(frozen=True, slots=True)
class Picture:
    """One figure ready to show: ``title`` states what is seen.

    ``about`` says what is measured, in which unit. ``frame`` is the data to take away, ``table`` the same to read:
    names for numbers, hours for milliseconds. ``explained``: one sentence in plain words; ``definition``: the name of
    the metric in the definitions, ``module.function``; ``n``: what is counted, in words ("12 480 plays").
    ``credit``: whose data it is where it is not the person's own. ``empty``: where there is nothing to draw, a sentence
    that tells why or what to do; it is shown in place of the picture.

    A picture whose specification has a selection called ``days`` (an interval) brushes days; one with a selection
    called ``pick`` (a point) filters the page: each field ``pick_NAME`` of its rows is the value of the address
    parameter NAME.
    """

    title: str
    about: str
    frame: pl.DataFrame
    table: pl.DataFrame
    rows: pa.Table
    spec: Spec
    alternative: str
    explained: str = ""
    definition: str = ""
    n: str = ""
    credit: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A column of a list: which field of its frame it shows, how, and under which label.

    ``kind`` ``name``: a link to the page of an ``of``, by the column ``id`` (of a genre: by its name), with the column
    ``under`` in small letters below (linked to the artist by ``under_id``, if given). ``bar``: a number with a bar.
    ``duration`` and ``hours`` take milliseconds, ``share`` 0..1, ``day`` a date, ``moment`` a local datetime, ``days``
    a first day whose end (first day after) is the column ``until``. ``filter`` (with ``of`` the name of an address
    parameter and ``id`` the column of its value): a text that filters the page. ``change``: places risen (positive) or
    fallen, or the word in the column ``id`` ("new", "re-entry", else blank). ``momentum``: -1..1 as arrows.
    """

    label: str
    field: str
    kind: Literal[
        "rank", "name", "number", "decimal", "bar", "hours", "duration", "share", "day", "days", "moment", "text",
        "prose", "spark", "filter", "change", "momentum",
    ] = "text"  # fmt: skip
    of: str = "artist"
    id: str = "id"
    under: str = ""
    under_id: str = ""
    until: str = ""
    phone: bool = True
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list ready to show: the first ``limit`` rows of ``frame`` on a page, all of them in its download.

    ``empty``: what is said in place of no rows, a sentence that tells why or what to do.
    """

    title: str
    about: str
    frame: pl.DataFrame
    columns: tuple[Shown, ...]
    empty: str
    explained: str = ""
    definition: str = ""
    n: str = ""
    credit: str = ""
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Number:
    """One figure of a strip: ``value`` and ``note`` in words; the note says what the figure means here."""

    label: str
    value: str
    note: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """A few figures beside each other; ``frame`` is one row to take away."""

    title: str
    about: str
    numbers: tuple[Number, ...]
    frame: pl.DataFrame
    explained: str = ""
    definition: str = ""
    n: str = ""
    credit: str = ""


Panel = Picture | Listing | Strip
Make = Callable[[Listening, int, Lens, Selection], Panel]


def asked(lens: Lens, selection: Selection) -> dict[str, Any]:
    """Return lens, period and filters of a selection, as the service takes them."""
    return {"lens": lens, "period": selection.shown, "filters": selection.filters}
