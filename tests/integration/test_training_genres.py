"""The genres models are told: what open sources say goes before Playprint's own map."""

from uuid import UUID

import numpy as np
from sqlalchemy import insert

from core.repositories.database import Database
from core.repositories.schema import artist_facts, artists
from core.services.genre_map import read_tree
from core.services.training_tags import tags_of

NAMES = {1: "Radiohead", 2: "Björk", 3: "Nobody The Map Knows", 4: "Miles Davis"}
TAGS = [
    {"name": "Swedish Death Metal", "count": 6, "genre": True},
    {"name": "jazz", "count": 2, "genre": True},
    {"name": "seen live", "count": 50, "genre": False},
    {"name": "no such genre there is", "count": 9, "genre": True},
]


def place(word: str) -> int:
    return read_tree().place(word)


def test_votes_go_before_the_map_and_unknown_ones_have_none(fresh_db: Database) -> None:
    with fresh_db.begin() as connection:
        connection.execute(insert(artists), [{"id": i, "name": n, "key": UUID(int=i)} for i, n in NAMES.items()])
        fact = {"artist_id": 1, "mbid": UUID(int=1), "tags": TAGS, "state": "found"}
        connection.execute(insert(artist_facts).values(fact | {"ask_again_at": "2026-12-01T00:00:00Z"}))
    order = np.array([4, 1, 3, 1, 2])
    told = tags_of(fresh_db, order, NAMES, told=True)
    own = tags_of(fresh_db, order, NAMES, told=False)
    assert told is not None
    assert own is not None
    assert told.shape == own.shape == (5, len(read_tree().names))
    rows = told.toarray()
    assert np.flatnonzero(rows[1]).tolist() == sorted([place("death metal"), place("jazz")])
    assert (rows[1] == rows[3]).all(), "an artist's things have one row each"
    assert rows[1][place("death metal")] > rows[1][place("jazz")]
    assert not rows[2].any()
    assert np.allclose(np.linalg.norm(rows, axis=1), [1, 1, 0, 1, 1])
    assert not own.toarray()[1][place("death metal")], "the map's genres where votes are not wanted"
    assert own.toarray()[1].any()
    assert (own.toarray()[4] != 0).tolist() == (rows[4] != 0).tolist()


def test_rare_genres_count_more(fresh_db: Database) -> None:
    both = [{"name": word, "count": 4, "genre": True} for word in ("jazz", "death metal")]
    with fresh_db.begin() as connection:
        connection.execute(insert(artists), [{"id": i, "name": f"X{i}", "key": UUID(int=i)} for i in (1, 2, 3)])
        for id, tags in ((1, both), (2, both[:1]), (3, both[:1])):
            fact = {"artist_id": id, "mbid": UUID(int=id), "tags": tags, "state": "found"}
            connection.execute(insert(artist_facts).values(fact | {"ask_again_at": "2026-12-01T00:00:00Z"}))
    rows = tags_of(fresh_db, np.array([1, 2, 3]), {1: "X1", 2: "X2", 3: "X3"}, told=True)
    assert rows is not None
    one = rows.toarray()[0]
    assert np.isclose(one[place("death metal")] / one[place("jazz")], np.log(1 + 3 / 1) / np.log(1 + 3 / 3))
    assert tags_of(fresh_db, np.array([9]), {9: "Nobody The Map Knows"}, told=True) is None
