"""Kindred artists: who shares the genres and the country of what somebody plays; needs nobody else's listening."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.analytics.arrays import Floats, Ints

COUNTRY_SHARE = 0.35  # of an artist's vector, beside its genres
SHARPNESS = 3.0  # likeness counts to this power, so that one close relative says more than ten distant ones
MOST_OWN = 400  # artists of one's own that are looked at
_TINY = 1e-12


@dataclass(frozen=True, eq=False)
class Traits:
    """Artists as vectors of unit length: genres by rarity, and a country. A row without either is all zero."""

    rows: sparse.csr_array

    def __len__(self) -> int:
        return int(self.rows.shape[0])


@dataclass(frozen=True, eq=False)
class Vectors:
    """How genres and countries become vectors, learned from the artists there are to suggest.

    ``rarity``: ln(1 + artists / artists with it), per genre and then per country.
    """

    genres: int
    countries: dict[int, int]
    rarity: Floats

    def traits(self, artists: int, artist: Ints, genre: Ints, weight: Floats, countries: Sequence[int]) -> Traits:
        """Return artists 0.. as vectors; ``artist``, ``genre``, ``weight``: one entry a genre of an artist.

        ``countries``: one code an artist, 0 for unknown.
        """
        known = [(row, self.countries[code]) for row, code in enumerate(countries) if code in self.countries]
        whose = np.array([row for row, _ in known], dtype=np.int64)
        where = np.array([place for _, place in known], dtype=np.int64)
        entries = np.concatenate([weight * self.rarity[genre], np.full(len(known), np.nan)])
        shape = (artists, len(self.rarity))
        places = (np.concatenate([artist, whose]), np.concatenate([genre, self.genres + where]))
        lengths = np.sqrt(np.bincount(artist, weights=entries[: len(artist)] ** 2, minlength=artists))
        entries[: len(artist)] /= np.maximum(lengths[artist], _TINY)
        entries[len(artist) :] = COUNTRY_SHARE * np.where(lengths[whose] > 0, 1.0, 0.0)
        rows = sparse.csr_array((entries, places), shape=shape)
        whole = np.sqrt(rows.multiply(rows).sum(axis=1))
        return Traits(sparse.csr_array(sparse.diags_array(1 / np.maximum(whole, _TINY)) @ rows))


def vectors(genres: int, artists: int, artist: Ints, genre: Ints, countries: Sequence[int]) -> Vectors:
    """Return how to make vectors, learned from artists 0.. with their genres and countries (0: unknown)."""
    seen = np.bincount(genre, minlength=genres).astype(np.float64)
    known = sorted({code for code in countries if code})
    return Vectors(
        genres,
        {code: place for place, code in enumerate(known)},
        np.concatenate([np.log1p(artists / np.maximum(seen, 1)), np.ones(len(known))]),
    )


def kindred(
    own: Traits, weights: Floats, pool: Traits, *, genres: int, flatness: float = 0.0
) -> tuple[Floats, NDArray[np.float64]]:
    """Return a score per artist of the pool, and what each own artist adds to it (own x pool).

    ``weights``: one per own artist, negative for those to get away from. ``flatness`` 0..1: 0 follows what is played
    most; 1 gives every own artist the same say and takes off what many of them agree on: the corners of a taste.
    ``genres``: how many columns are genres; who shares a country and no genre is not alike at all.
    Source: kernel of cosines, sum of weight^(1 - flatness) x cosine^3, divided by (sum of cosine^3)^flatness
    (a content baseline on tf-idf vectors; the division is to it what damping by popularity is to other models).
    """
    related = (own.rows[:, :genres] @ pool.rows[:, :genres].T).toarray() > 0
    alike = np.where(related, np.clip((own.rows @ pool.rows.T).toarray(), 0, 1), 0.0) ** SHARPNESS
    say = np.sign(weights) * np.abs(weights) ** (1 - flatness)
    added = say[:, None] * alike
    return added.sum(axis=0) / np.maximum(alike.sum(axis=0), 1) ** flatness, added


def twins(pool: Traits) -> Ints:
    """Return a number per artist of the pool that is equal for artists with the very same vector."""
    rows = pool.rows.sorted_indices()
    seen: dict[bytes, int] = {}
    numbers = []
    for start, end in zip(rows.indptr[:-1], rows.indptr[1:], strict=True):
        row = rows.indices[start:end].tobytes() + np.round(rows.data[start:end], 6).tobytes()
        numbers.append(seen.setdefault(row, len(seen)))
    return np.array(numbers, dtype=np.int64)


def apart(order: Ints, scores: Floats, pool: Traits, alike: Ints, *, n: int, share: float, most_alike: int = 2) -> Ints:
    """Return ``n`` of ``order`` (best first), each step the best of what is not too much like those before.

    ``alike``: see ``twins``; no more than ``most_alike`` of them are taken, since nothing tells them apart.
    Source: maximal marginal relevance (Carbonell and Goldstein 1998) with ``share`` for the score, the rest against
    likeness; scores are brought to 0..1 first.
    """
    groups: dict[int, int] = {}
    few = []
    for place in order.tolist():
        group = int(alike[place])
        groups[group] = groups.get(group, 0) + 1
        if groups[group] <= most_alike:
            few.append(place)
        if len(few) == 8 * n:
            break
    looked = np.array(few, dtype=np.int64)
    if not len(looked):
        return looked
    rows = pool.rows[looked].toarray()
    worth = scores[looked] / max(float(scores[looked].max()), _TINY)
    nearest, chosen, left = np.zeros(len(looked)), [], np.ones(len(looked), dtype=np.bool_)
    for _ in range(min(n, len(looked))):
        value = np.where(left, share * worth - (1 - share) * nearest, -np.inf)
        best = int(np.argmax(value))
        chosen.append(best)
        left[best] = False
        nearest = np.maximum(nearest, rows @ rows[best])
    return looked[np.array(chosen, dtype=np.int64)]
