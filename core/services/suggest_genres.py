"""The voice of genres: artists Playprint knows of, by the genres and country they share with what somebody plays."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy import sparse

from core.analytics.arrays import Ints, array
from core.domain.listen import country_code
from core.domain.names import name_key
from core.domain.recommending import DIAL, MOST_REASONS, Dial, Reason, Suggestion
from core.facts.naming import loose
from core.recommend.kindred import MOST_OWN, Traits, Vectors, apart, kindred, twins, vectors
from core.services.genre_map import FALLING, Shipped, read_aliases, read_artists, read_tree
from core.services.suggesting import Profile, Ranking, Wanted, reasons_of

NO_GENRES = "The genres of what you play are not known yet."
MOST_FLAT = 0.8  # at the adventurous end
SPARE = 12  # more than wanted: some are answered or banned already
# Of the score against likeness to those before, when the list is put in order; and how many of artists that nothing
# tells apart: the more adventurous, the wider.
SPREAD: dict[Dial, float] = dict(zip(DIAL, (0.85, 0.7, 0.55, 0.4), strict=True))
MOST_ALIKE: dict[Dial, int] = dict(zip(DIAL, (3, 2, 2, 1), strict=True))


@dataclass(frozen=True, eq=False)
class Pool:
    """The artists that can be suggested: names, keys of names, what they are like, and who is like whom to the dot."""

    names: tuple[str, ...]
    places: dict[str, int]
    vectors: Vectors
    traits: Traits
    alike: Ints

    def place(self, name: str) -> int:
        """Return where an artist stands, in any spelling known; -1: nowhere."""
        return self.places.get(name_key(read_aliases().get(name_key(name), name)), -1)


@lru_cache(maxsize=1)
def shipped_pool() -> Pool:
    """Return the artists of the shipped map as vectors."""
    tree = read_tree()
    aliases = read_aliases()
    known: dict[str, Shipped] = {}
    for key, each in read_artists().items():
        name = aliases.get(key, each.name)
        if each.genres and name:  # of several spellings the first one met stands for the artist
            known.setdefault(name_key(name), replace(each, name=name))
    artist = np.array([row for row, each in enumerate(known.values()) for _ in each.genres], dtype=np.int64)
    genre = np.array([place for each in known.values() for place in each.genres], dtype=np.int64)
    weight = np.array([w for each in known.values() for w in _falling(len(each.genres))])
    countries = [country_code(each.country) for each in known.values()]
    how = vectors(len(tree.names), len(known), artist, genre, countries)
    traits = how.traits(len(known), artist, genre, weight, countries)
    names, places = tuple(each.name for each in known.values()), {key: at for at, key in enumerate(known)}
    return Pool(names, places, how, traits, twins(traits))


def _falling(genres: int) -> list[float]:
    """Return how much the first, second … genre of an artist counts."""
    return [FALLING[min(place, len(FALLING) - 1)] for place in range(genres)]


def by_genres(profile: Profile, wanted: Wanted) -> Ranking:
    """Return artists never heard that are most like what somebody plays, with the own artists that say so."""
    pool = shipped_pool()
    own, weights, names = _own(profile, pool)
    if not (weights > 0).any():
        return Ranking("genres", (), NO_GENRES)
    flatness = MOST_FLAT * DIAL[wanted.dial] / max(DIAL.values())
    scores, added = kindred(own, weights, pool.traits, genres=pool.vectors.genres, flatness=flatness)
    out = profile.known_artists | profile.left_out
    free = _free(pool, out)
    places = np.flatnonzero(free & (scores > 0))
    order = places[np.lexsort((places, -scores[places]))]
    n, share, most = wanted.n + SPARE, SPREAD[wanted.dial], MOST_ALIKE[wanted.dial]
    chosen = apart(order, scores, pool.traits, pool.alike, n=n, share=share, most_alike=most)
    found = (
        Suggestion(
            "artist",
            pool.names[at],
            score=float(scores[at]),
            reasons=reasons_of(added[:, at], names, most=MOST_REASONS),
            voices=("genres",),
        )
        for at in chosen.tolist()
    )
    told = tuple(found)
    return Ranking("genres", told, "" if told else NO_GENRES)


def _free(pool: Pool, out: frozenset[str]) -> np.ndarray:
    """Return which artists of the pool are not known by any spelling: "The Carpenters" are "Carpenters"."""
    aliases = read_aliases()
    spelled = {loose(aliases.get(key, key)) for key in out}
    return np.array([loose(name) not in spelled for name in pool.names])


def _own(profile: Profile, pool: Pool) -> tuple[Traits, np.ndarray, list[Reason]]:
    """Return the artists somebody plays most as vectors, their weights, and each as a reason; then the answers."""
    library, top = profile.library, profile.artists.head(MOST_OWN)
    codes = np.searchsorted(array(library.artists["id"]), array(top["id"]))
    own = _traits(profile, pool, codes)
    weights = top["weight"].to_numpy().astype(np.float64)
    names = [Reason("artist", name, id=id) for id, name in top.select("id", "name").iter_rows()]
    answers = profile.answers("artist")
    said = [
        (place, answers[each.key], each.name)
        for each in profile.said
        if each.kind == "artist" and (place := pool.place(each.name)) >= 0
    ]
    if not said:
        return own, weights, names
    rows = sparse.csr_array(sparse.vstack([own.rows, pool.traits.rows[[place for place, _, _ in said]]]))
    return (
        Traits(rows),
        np.concatenate([weights, [worth for _, worth, _ in said]]),
        names + [Reason("artist", name) for _, _, name in said],
    )


def _traits(profile: Profile, pool: Pool, codes: Ints) -> Traits:
    """Return artists of the library as vectors."""
    known, countries = profile.library.knowledge.genres, profile.library.knowledge.countries
    row = {int(code): at for at, code in enumerate(codes)}
    inside = np.isin(known.artist, codes)
    artist = np.array([row[int(code)] for code in known.artist[inside]], dtype=np.int64)
    letters = [int(countries[code]) if code < len(countries) else 0 for code in codes]
    return pool.vectors.traits(len(codes), artist, known.genre[inside], known.weight[inside], letters)
