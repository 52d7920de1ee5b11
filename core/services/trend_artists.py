"""What is known of artists on public charts: their genres and countries."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec
import numpy as np

from core.analytics.arrays import Ints
from core.analytics.chart_makeup import Parts
from core.domain.names import name_key
from core.services.genre_map import FALLING, Shipped, Tree, read_artists, read_tree
from core.services.trend_keeping import Keeping

MOST_GENRES = 5
MOST_KNOWN = 20_000  # artists kept in the process
_NO_MAP = Shipped((), "")


@dataclass(frozen=True, slots=True)
class Artist:
    """What is known of an artist: genres as places in the tree with weights that sum to 1, and a country or ""."""

    genres: tuple[tuple[int, float], ...] = ()
    country: str = ""


_NOBODY = Artist()


@dataclass(frozen=True, slots=True)
class Artists:
    """Artists of charts by the thing they stand for (themselves, or their track); what is not known is left out."""

    of: Mapping[int, Artist]
    tree: Tree = field(default_factory=read_tree)

    def genres(self) -> Parts:
        """Return genres by thing."""
        rows = [(id, genre, weight) for id in sorted(self.of) for genre, weight in sorted(self.of[id].genres)]
        return _parts(self.tree.names, rows)

    def families(self) -> Parts:
        """Return families of genres by thing."""
        summed: dict[tuple[int, int], float] = {}
        for id, artist in self.of.items():
            for genre, weight in artist.genres:
                cell = (id, int(self.tree.family[genre]))
                summed[cell] = summed.get(cell, 0.0) + weight
        return _parts(self.tree.families, [(*cell, weight) for cell, weight in sorted(summed.items())])

    def countries(self) -> dict[int, str]:
        """Return countries by thing."""
        return {id: artist.country for id, artist in self.of.items() if artist.country}

    def names(self, id: int) -> tuple[str, ...]:
        """Return the genres of a thing's artist, the most telling first."""
        mine = self.of.get(id, _NOBODY).genres
        return tuple(self.tree.names[genre] for genre, _ in sorted(mine, key=lambda each: (-each[1], each[0])))


class ArtistBook:
    """What is known of the artists of charts, looked up once per version; safe to share between threads."""

    def __init__(self, keeping: Keeping, *, tags: bool) -> None:
        """``tags``: use the genres MusicBrainz's users gave."""
        self._keeping, self._tags = keeping, tags
        self._known: dict[int, Artist] = {}
        self._version, self._guard = -1, threading.Lock()

    @property
    def genre_names(self) -> tuple[str, ...]:
        """The names of all genres there are."""
        return read_tree().names

    def of(self, ids: Ints) -> Artists:
        """Return what is known of the artists of things.

        Genres: those MusicBrainz's users gave the thing itself (only with ``tags``), else Playprint's own map.
        Countries likewise, with or without ``tags``. Of several artists before one track, the first. What is stored
        about the artists of people's own histories is never read: that it is there tells that somebody here heard them.
        """
        wanted = np.unique(ids).tolist()
        with self._guard:
            if self._version != self._keeping.version or len(self._known) > MOST_KNOWN:
                self._known, self._version = {}, self._keeping.version
            missing = [id for id in wanted if id not in self._known]
            if missing:
                self._known |= dict.fromkeys(missing, _NOBODY) | self._look_up(missing)
            return Artists({id: self._known[id] for id in wanted})

    def _look_up(self, ids: list[int]) -> dict[int, Artist]:
        """Return what is known of the artists of things not looked up yet."""
        columns = ("id", "kind", "name", "artist", "country", "tags")
        rows = self._keeping.rows.things(ids).select(columns).rows()
        names = {id: name if kind == "artist" else artist for id, kind, name, artist, _, _ in rows}
        plain = {name: _by_name(name) for name in set(names.values())}
        return {
            id: _better(plain[names[id]], country, own if self._tags else None) if country or own else plain[names[id]]
            for id, _, _, _, country, own in rows
        }


def _by_name(name: str) -> Artist:
    """Return what Playprint's own map knows of an artist of some name."""
    shipped = read_artists()
    mapped = next((shipped[key] for key in map(name_key, _spelled(name)) if key in shipped), _NO_MAP)
    return Artist(_falling(mapped.genres), mapped.country)


def _better(artist: Artist, country: str | None, own: str | None) -> Artist:
    """Return what is known with what was said of the thing itself before everything else."""
    votes: list[tuple[str, int]] = [(word, count) for word, count in msgspec.json.decode(own)] if own else []
    return Artist(_voted(votes) or artist.genres, country or artist.country)


def _voted(votes: Sequence[tuple[str, int]]) -> tuple[tuple[int, float], ...]:
    """Return the genres words of people mean, weighed by how many said so."""
    if not votes:
        return ()
    summed: dict[int, float] = {}
    for word, count in votes:
        if count > 0 and (place := _place(word)) >= 0:
            summed[place] = summed.get(place, 0.0) + count
    best = sorted(summed.items(), key=lambda each: (-each[1], each[0]))[:MOST_GENRES]
    return _weighed(dict(best))


@lru_cache(maxsize=4_096)
def _place(word: str) -> int:
    """Return the genre a word means, -1 for none."""
    return read_tree().place(word)


@lru_cache(maxsize=4_096)
def _falling(genres: tuple[int, ...]) -> tuple[tuple[int, float], ...]:
    """Return genres of Playprint's own map, the first counting most."""
    return _weighed(dict(zip(genres, FALLING, strict=False)))


def _weighed(amounts: Mapping[int, float]) -> tuple[tuple[int, float], ...]:
    """Return amounts as weights that sum to 1."""
    whole = sum(amounts.values())
    return tuple((genre, amount / whole) for genre, amount in amounts.items())


def _spelled(name: str) -> tuple[str, ...]:
    """Return a name, and the first of the names in it: charts write "One, Two" for a track of both."""
    first = name.split(", ", 1)[0]
    return (name,) if first == name else (name, first)


def _parts(names: tuple[str, ...], rows: list[tuple[int, int, float]]) -> Parts:
    """Return rows of thing, group and weight, in order of things, as columns."""
    thing, group, weight = ([row[n] for row in rows] for n in range(3))
    return Parts(names, np.array(thing, np.int64), np.array(group, np.int64), np.array(weight, np.float64))
