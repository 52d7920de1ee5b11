"""What is shipped about genres: the tree of genres and families, and the genres of the best-known artists."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from core.analytics.arrays import Ints
from core.demo.catalogue import Catalogue, read_catalogue
from core.domain.errors import InvalidInput
from core.domain.names import name_key, recording_title
from core.settings import ROOT

FOLDER = ROOT / "data" / "genres"
CATALOGUE = ROOT / "data" / "demo" / "catalogue"
# How much the first, second … genre of an artist counts: so that each of the first three is a quarter or more.
FALLING = (1.0, 0.85, 0.7, 0.55, 0.4)
_BLANKS = re.compile(r"[-_/\s]+")
_MARKS = str.maketrans({"'": "", "\u2019": "", "&": " and "})


def genre_key(word: str) -> str:
    """Return the form in which spellings of one genre are equal: small letters, blanks for hyphens, no apostrophes."""
    return _BLANKS.sub(" ", word.casefold().translate(_MARKS)).strip()


@dataclass(frozen=True, eq=False)
class Tree:
    """The genres there are, A-Z, and the family of each; ``places``: genre by every spelling known."""

    names: tuple[str, ...]
    families: tuple[str, ...]
    family: Ints
    places: dict[str, int]

    def place(self, word: str) -> int:
        """Return the genre a word of somebody's means; -1: none.

        A longer name ends with what it is a kind of: "swedish death metal" is death metal.
        """
        parts = genre_key(word).split(" ")
        return next((at for n in range(len(parts)) if (at := self.places.get(" ".join(parts[n:]), -1)) >= 0), -1)


@dataclass(frozen=True, slots=True)
class Shipped:
    """What is shipped about one artist: genres as places in the tree, two letters of a country or nothing, its name."""

    genres: tuple[int, ...]
    country: str
    name: str = ""


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (where, line) of a hand-made file without blank lines and remarks."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield f"{path.name} line {number}", line


@lru_cache(maxsize=2)
def read_tree(folder: Path = FOLDER) -> Tree:
    """Return the tree written in ``tree.txt``.

    Raises:
        InvalidInput: a line cannot be read, or a spelling would mean two genres; the message names the line.
    """
    families: list[str] = []
    family: dict[str, int] = {}
    spelled: dict[str, str] = {}
    for where, line in _lines(folder / "tree.txt"):
        if not line.startswith(" "):
            families.append(line.strip())
            continue
        for entry in line.split(";"):
            name, _, others = (part.strip() for part in entry.partition("="))
            if not name or name in family:
                raise InvalidInput(f"{where} names “{name}” without a name or twice; please mend it.")
            family[name] = len(families) - 1
            for spelling in (name, *filter(None, (each.strip() for each in others.split("|")))):
                if spelled.setdefault(genre_key(spelling), name) != name:
                    raise InvalidInput(f"{where}: “{spelling}” means two genres; please keep one.")
    names = tuple(sorted(family))
    place = {name: at for at, name in enumerate(names)}
    places = {spelling: place[name] for spelling, name in spelled.items()}
    return Tree(names, tuple(families), np.array([family[name] for name in names], dtype=np.int64), places)


@lru_cache(maxsize=2)
def read_artists(folder: Path = FOLDER) -> dict[str, Shipped]:
    """Return what ``artists_*.txt`` and the demo's catalogue say about artists, by ``name_key``; the files before it.

    Raises:
        InvalidInput: a line cannot be read, names a genre that is not in the tree, or an artist that was there before.
    """
    tree, found = read_tree(folder), {}
    for path in sorted(folder.glob("artists_*.txt")):
        for where, line in _lines(path):
            parts = line.split(" | ")
            if len(parts) != 3 or not re.fullmatch("[A-Z]{2}", parts[1]):
                raise InvalidInput(f"{where} needs genres, a country and artists with ` | ` between; please mend it.")
            genres = tuple(tree.places.get(genre_key(word), -1) for word in parts[0].split(";"))
            if min(genres) < 0:
                raise InvalidInput(f"{where} names a genre that is not in tree.txt; please add it there.")
            for name in parts[2].split("; "):
                key = name_key(name)
                if key in found:
                    raise InvalidInput(f"{where} names “{key}” a second time; please keep one of them.")
                found[key] = Shipped(genres, parts[1], name)
    catalogue = _catalogue()
    for name, words, country in zip(catalogue.artists, catalogue.genres, catalogue.countries, strict=True):
        places = tuple(at for word in words if (at := tree.place(word)) >= 0)
        found.setdefault(name_key(name), Shipped(places, country, name))
    return found


@lru_cache(maxsize=2)
def read_aliases(folder: Path = FOLDER) -> dict[str, str]:
    """Return the first spelling of artists, as written, by the ``name_key`` of each of theirs in ``aliases.txt``.

    Raises:
        InvalidInput: a line has one spelling only, or a spelling stands on two lines; the message names the line.
    """
    found: dict[str, str] = {}
    for where, line in _lines(folder / "aliases.txt"):
        spelled = line.split(" = ")
        if len(spelled) < 2:
            raise InvalidInput(f"{where} needs two spellings with ` = ` between; please mend it.")
        for key in map(name_key, spelled):
            if found.setdefault(key, spelled[0]) != spelled[0]:
                raise InvalidInput(f"{where} names “{key}” a second time; please keep one of them.")
    return found


@lru_cache(maxsize=1)
def read_years() -> dict[str, dict[str, int]]:
    """Return album years of the demo's catalogue: by ``name_key`` of the artist, then of the album.

    A remastered or deluxe edition has the year the music first came out, where the first edition is there too.
    """
    catalogue, found = _catalogue(), {}  # type: tuple[Catalogue, dict[str, dict[str, int]]]
    for title, artist, year in zip(catalogue.albums, catalogue.album_artist, catalogue.album_year, strict=True):
        mine = found.setdefault(name_key(catalogue.artists[artist]), {})
        key = album_title_key(title)
        mine[key] = min(mine.get(key, 9999), int(year))
    return found


def album_title_key(title: str) -> str:
    """Return the key under which the editions of an album meet."""
    return name_key(recording_title(title))


@lru_cache(maxsize=1)
def _catalogue() -> Catalogue:
    return read_catalogue(CATALOGUE)
