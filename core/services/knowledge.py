"""What is known about the music of a library, put together: a person's corrections, facts, and Playprint's own map."""

import threading
import time
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from core.analytics.arrays import array
from core.analytics.knowledge import NOBODY, OWN, SHIPPED, TAGS, Genres, Knowledge
from core.analytics.library import Library
from core.domain.listen import country_code
from core.domain.names import name_key
from core.repositories.database import Database
from core.repositories.facts import FactRows
from core.repositories.genre_corrections import GenreCorrectionRows
from core.services.genre_map import (
    FALLING,
    Shipped,
    Tree,
    album_title_key,
    genre_key,
    read_artists,
    read_tree,
    read_years,
)

ASKED_EVERY = 60.0  # seconds between two looks at whether facts changed
MOST_GENRES = 5


class Knowing:
    """Makes what is known about libraries; safe to share between threads."""

    def __init__(self, db: Database, *, tags: bool = True, clock: Callable[[], float] = time.monotonic) -> None:
        """``tags``: use the genres MusicBrainz's users gave; ``clock`` counts seconds."""
        self._facts, self._corrections, self._tags = FactRows(db), GenreCorrectionRows(db), tags
        self._clock, self._guard = clock, threading.Lock()
        self._asked_at, self._mark = -ASKED_EVERY, None  # type: tuple[float, Hashable]

    def mark(self) -> Hashable:
        """Return what differs when facts were stored; the database is asked at most once a minute."""
        with self._guard:
            if self._mark is None or self._clock() - self._asked_at >= ASKED_EVERY:
                self._mark, self._asked_at = self._facts.mark(), self._clock()
            return self._mark

    def of(self, user_id: int, library: Library) -> Knowledge:
        """Return what is known about a person's library now."""
        tree, draft = read_tree(), _Draft(len(library.artists))
        ids = array(library.artists["id"]).astype(np.int64)
        places = {int(id): code for code, id in enumerate(ids) if code}
        self._own(user_id, tree, draft, places)
        self._told(tree, draft, places)
        names = [name_key(name) for name in library.artists["name"].to_list()]
        _shipped(draft, names)
        return _finished(tree, draft, self._years(library, names))

    def _own(self, user_id: int, tree: Tree, draft: "_Draft", places: dict[int, int]) -> None:
        """Take the person's corrections in."""
        for artist_id, names in self._corrections.of(user_id).items():
            genres = [tree.places[name] for name in map(genre_key, names) if name in tree.places]
            if artist_id in places and genres:
                draft.add(places[artist_id], genres, FALLING, OWN)

    def _told(self, tree: Tree, draft: "_Draft", places: dict[int, int]) -> None:
        """Take the facts in: votes of tags as weights, countries."""
        meaning: dict[str, int] = {}
        for artist_id, country, words, votes in self._facts.of_artists(places):
            code = places[artist_id]
            draft.countries[code] = country_code(country)
            if self._tags and words and draft.source[code] == NOBODY:
                told: dict[int, int] = {}
                for word, count in zip(words, votes or (), strict=True):
                    if word not in meaning:
                        meaning[word] = tree.place(word)
                    if meaning[word] >= 0:
                        told[meaning[word]] = told.get(meaning[word], 0) + count
                if told:
                    best = sorted(told.items(), key=lambda each: (-each[1], each[0]))[:MOST_GENRES]
                    draft.add(code, [genre for genre, _ in best], [count for _, count in best], TAGS)

    def _years(self, library: Library, names: list[str]) -> NDArray[np.int16]:
        """Return the release year of each album: of the facts, else of the demo's catalogue.

        ``names`` are the keys of the artists' names.
        """
        years = np.zeros(len(library.albums), dtype=np.int16)
        ids = array(library.albums["id"]).astype(np.int64)
        shipped = read_years()
        of_artist = {code: shipped[name] for code, name in enumerate(names) if name in shipped}
        titles, artists = library.albums["name"], array(library.albums["artist"])
        for code in np.flatnonzero(np.isin(artists, list(of_artist))):
            years[code] = of_artist[int(artists[code])].get(album_title_key(titles[int(code)]), 0)
        found = self._facts.years(ids[1:].tolist())
        if found:
            known = np.array(found, dtype=np.int64)
            years[np.searchsorted(ids, known[:, 0])] = known[:, 1]
        return years


@dataclass
class _Draft:
    """What is known while it comes together; an artist's genres are added once, by the best source."""

    size: int
    artist: list[int] = field(default_factory=list)
    genre: list[int] = field(default_factory=list)
    weight: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.source = [NOBODY] * self.size
        self.countries = [0] * self.size

    def add(self, code: int, genres: Iterable[int], weights: Iterable[float], source: int) -> None:
        """Note the genres of an artist; the weights are brought to a sum of 1."""
        each = list(zip(dict.fromkeys(genres), weights, strict=False))
        whole = sum(weight for _, weight in each)
        self.artist += [code] * len(each)
        self.genre += [genre for genre, _ in each]
        self.weight += [weight / whole for _, weight in each]
        self.source[code] = source


def _shipped(draft: _Draft, names: list[str]) -> None:
    """Take in what is shipped about the artists nothing better is known of, by the keys of their names."""
    known: dict[str, Shipped] = read_artists()
    countries: dict[str, int] = {}
    for code, name in enumerate(names):
        shipped = known.get(name) if name else None
        if shipped is None:
            continue
        if draft.source[code] == NOBODY and shipped.genres:
            draft.add(code, shipped.genres, FALLING, SHIPPED)
        if not draft.countries[code]:
            letters = shipped.country
            draft.countries[code] = countries.setdefault(letters, country_code(letters))


def _finished(tree: Tree, draft: _Draft, years: NDArray[np.int16]) -> Knowledge:
    """Return what came together, sorted by artist, with a stamp of its content."""
    artist, genre = np.array(draft.artist, dtype=np.int64), np.array(draft.genre, dtype=np.int64)
    weight, order = np.array(draft.weight, dtype=np.float64), np.lexsort((genre, artist))
    genres = Genres(
        tree.names,
        tree.families,
        tree.family,
        artist[order],
        genre[order],
        weight[order],
        np.array(draft.source, dtype=np.int8),
    )
    countries = np.array(draft.countries, dtype=np.int16)
    stamp = blake2b(digest_size=12)
    for part in (genres.artist, genres.genre, genres.weight, genres.source, years, countries):
        stamp.update(part.tobytes())
    stamp.update("\n".join(tree.names).encode())
    return Knowledge(stamp.hexdigest(), genres, years, countries)
