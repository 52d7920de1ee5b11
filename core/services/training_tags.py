"""The genres of what a model learns about, as rows of weights: from open sources, else Playprint's own map."""

from collections.abc import Mapping

import numpy as np
from scipy import sparse

from core.analytics.arrays import Ints
from core.domain.names import name_key
from core.repositories.database import Database
from core.repositories.facts import FactRows
from core.services.genre_map import FALLING, Shipped, Tree, read_artists, read_tree

MOST_GENRES = 5


def tags_of(db: Database, artists: Ints, names: Mapping[int, str], *, told: bool) -> sparse.csr_array | None:
    """Return a row of genres for each of ``artists`` (ids, one an item, as often as they come); None: nothing known.

    ``told``: use the genres MusicBrainz's users gave. Rows have length 1, or 0 where an artist's genres are not known.
    Source: weights as figures have them, times ln(1 + artists / artists with the genre).
    """
    tree = read_tree()
    ids, place = np.unique(artists, return_inverse=True)
    known = _told(db, tree, ids.tolist()) if told else {}
    shipped = read_artists()
    for id in ids.tolist():
        if id not in known and (found := shipped.get(name_key(names.get(id, "")))) and found.genres:
            known[id] = _falling(found)
    if not known:
        return None
    rows = np.repeat(np.searchsorted(ids, list(known)), [len(each) for each in known.values()])
    columns = np.array([genre for each in known.values() for genre in each], dtype=np.int64)
    weights = np.array([weight for each in known.values() for weight in each.values()])
    made = _unit(sparse.csr_array((weights, (rows, columns)), shape=(len(ids), len(tree.names))))
    return sparse.csr_array(made[place])


def _told(db: Database, tree: Tree, ids: list[int]) -> dict[int, dict[int, float]]:
    """Return the genres of artists that open sources know, by share of their votes."""
    found = {}
    for id, _, words, votes in FactRows(db).of_artists(ids):
        counted: dict[int, int] = {}
        for word, count in zip(words or (), votes or (), strict=True):
            if (genre := tree.place(word)) >= 0:
                counted[genre] = counted.get(genre, 0) + count
        best = sorted(counted.items(), key=lambda each: (-each[1], each[0]))[:MOST_GENRES]
        if best:
            whole = sum(count for _, count in best)
            found[id] = {genre: count / whole for genre, count in best}
    return found


def _falling(shipped: Shipped) -> dict[int, float]:
    """Return the genres of an artist on Playprint's own map, the first the heaviest."""
    each = dict(zip(dict.fromkeys(shipped.genres), FALLING, strict=False))
    whole = sum(each.values())
    return {genre: weight / whole for genre, weight in each.items()}


def _unit(rows: sparse.csr_array) -> sparse.csr_array:
    """Return the rows with rare genres counting more, each of length 1."""
    having = np.bincount(rows.indices, minlength=rows.shape[1])
    known = int((np.diff(rows.indptr) > 0).sum())
    weighted = rows.multiply(np.log1p(known / np.maximum(having, 1))[None, :]).tocsr()
    length = np.sqrt(weighted.multiply(weighted).sum(axis=1))
    return sparse.csr_array(sparse.diags_array(1 / np.maximum(length, 1e-12)) @ weighted)
