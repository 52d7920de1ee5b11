"""What is known about the music of a library besides who heard it when: genres, years, countries, credits."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.analytics.arrays import Floats, Ints

UNKNOWN_GENRE = ""  # the name of "nobody knows"; always shown with its share
# Where an artist's genres come from, the later before the earlier.
NOBODY, SHIPPED, TAGS, OWN = 0, 1, 2, 3


def _no_ints() -> Ints:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Genres:
    """Genres of a library's artists: of each artist some, with weights that sum to 1.

    ``names``: the genres, A-Z; ``families``: the about 20 groups they roll up into; ``family``: per genre the place of
    its family. ``artist``, ``genre``, ``weight``: one entry a genre of an artist, sorted by artist code; an artist
    without an entry is unknown. ``source``: per artist code, one of ``NOBODY``, ``SHIPPED``, ``TAGS``, ``OWN``.
    """

    names: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    family: Ints = field(default_factory=_no_ints)
    artist: Ints = field(default_factory=_no_ints)
    genre: Ints = field(default_factory=_no_ints)
    weight: Floats = field(default_factory=lambda: np.empty(0, dtype=np.float64))
    source: Ints = field(default_factory=_no_ints)


@dataclass(frozen=True, eq=False)
class Knowledge:
    """Everything of that kind for one library.

    ``stamp`` changes when any of it does. ``years``: release year per album code (i16, 0: unknown). ``countries``:
    ``country_code`` per artist code (i16, 0: unknown). Both may be shorter than the library: what is beyond is unknown.
    """

    stamp: str = ""
    genres: Genres = field(default_factory=Genres)
    years: NDArray[np.int16] = field(default_factory=lambda: np.empty(0, dtype=np.int16))
    countries: NDArray[np.int16] = field(default_factory=lambda: np.empty(0, dtype=np.int16))


NOTHING = Knowledge()
