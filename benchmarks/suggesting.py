"""Times lists of suggestions with their reasons for a person of 300,000 listens: each voice, cold and warm.

``python -m benchmarks.suggesting [LISTENS]``; servers as in ``benchmarks.analytics``. Models are of a thousand
invented people, every artist has an invented list of similar ones, and half of the artists bear names of the genre map.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import numpy as np

from benchmarks.analytics import LISTENS, milliseconds, scratch, servers
from benchmarks.budgets import Held, quiet, table, verdict
from benchmarks.person import ARTISTS, TRACKS, add_catalogue, add_person
from benchmarks.recommending import invented
from core.cache import Cache
from core.domain.lens import Lens
from core.domain.recommending import Kind
from core.domain.training import Card
from core.recommend.interactions import Interactions
from core.recommend.model import Recommender
from core.repositories.database import Database
from core.repositories.models import ModelRows
from core.services.crowd import Crowd
from core.services.events import Events
from core.services.feedback import Tastes
from core.services.genre_map import read_artists
from core.services.listening import Listening
from core.services.playlists import Playlists
from core.services.recommending import Recommending
from core.services.suggest_charts import ChartVoice
from core.services.suggest_crowd import CrowdVoice
from core.services.suggest_people import PeopleVoice
from core.services.suggest_shelf import ShelfVoice
from core.services.training import Training

LENS, NOW = Lens("Europe/Berlin"), datetime(2025, 1, 1, 12, tzinfo=UTC)
PEOPLE, LISTED = 1_000, 100
WARM_MS, OWN_COLD_MS = 150.0, 300.0


def add_models(db: Database) -> None:
    """Store models of artists and tracks of a thousand invented people."""
    rows = []
    kinds: tuple[tuple[Kind, int], ...] = (("artist", ARTISTS), ("track", TRACKS))
    for kind, size in kinds:
        learned = invented(PEOPLE, size)
        order = np.random.default_rng(5).permutation(size)  # the catalogue's favourites are not those of everybody
        mixed = Interactions(learned.items, learned.counts[:, order])
        made = Recommender.fit(mixed)
        card = Card(kind, NOW, PEOPLE, size, {}, {}, {}, 0.0)
        rows.append((card, made.save()))
    ModelRows(db).store(rows, learned_from=())


def add_lists(db: Database) -> None:
    """Give every artist an id and a list of a hundred others, half of whom nobody here plays; name half of them."""
    rng = np.random.default_rng(6)
    names = [each.name for each in read_artists().values() if each.name and each.genres][: ARTISTS // 2]
    with db.driver() as connection, connection.cursor() as cursor:
        for at, name in enumerate(names):
            cursor.execute("update artists set name = %s where id = %s", (name, 2 * at + 1))
        cursor.execute(
            "insert into artist_facts (artist_id, mbid, state, ask_again_at) "
            "select id, lpad(to_hex(id), 32, '0')::uuid, 'found', now() from artists"
        )
        with cursor.copy("copy similar_artists (mbid, outcome, mbids, names, scores, again_at) from stdin") as stream:
            for artist in range(1, ARTISTS + 1):
                others = rng.choice(2 * ARTISTS, LISTED, replace=False) + 1
                ids = [UUID(int=int(each)) for each in others]
                words = [f"Artist {each}" for each in others]
                scores = sorted(rng.integers(1, 500, LISTED).tolist(), reverse=True)
                stream.write_row((UUID(int=artist), "found", ids, words, scores, NOW))


def service(db: Database, cache: Cache) -> tuple[Recommending, Listening, Training]:
    """Return suggestions as one process has them."""
    listening = Listening(db, cache, memory_bytes=10**9)
    training = Training(db, Events(db, secret=b"a benchmark"))
    playlists = Playlists(db, listening, counts_api=False)
    made = Recommending(
        listening,
        Tastes(db),
        people=PeopleVoice(training, listening),
        crowd=CrowdVoice(Crowd(db)),
        charts=ChartVoice(db, lambda: 1),
        shelf=ShelfVoice(playlists),
        playlists=playlists,
        now=lambda: NOW,
    )
    return made, listening, training


def own_lists(made: Recommending, user: int) -> dict[str, Callable[[], object]]:
    """Return the lists of one's own history by name."""
    return {
        "what comes next": lambda: made.following(user, lens=LENS),
        "little-played songs": lambda: made.deep(user, lens=LENS),
        "forgotten favourites": lambda: made.forgotten(user, lens=LENS),
        "mixes": lambda: made.mixes(user, lens=LENS),
    }


def measure(made: Recommending, listening: Listening, training: Training, user: int) -> list[Held]:
    """Return each list: one's own of a view nobody looked at yet, those of other voices of a view that is kept."""
    held: list[Held] = []

    def cold(part: Callable[[], object]) -> Callable[[], object]:
        def call() -> object:
            listening.forget_views()
            return part()

        return call

    own = own_lists(made, user)
    took = milliseconds(*(cold(part) for part in own.values()), rounds=6)
    held += [Held(f"{name}, cold", ms, OWN_COLD_MS, "ms") for name, ms in zip(own, took, strict=True)]
    tiers: list[str] = []

    def asked(kind: Kind) -> Callable[[], object]:
        def call() -> None:
            found = made.suggest(user, kind=kind, lens=LENS)
            tiers.append(found.tier)
            if not found.items and kind == "artist":
                raise AssertionError("there has to be a list to measure")

        return call

    for way in ("listeners elsewhere", "people here"):
        kinds: tuple[Kind, ...] = ("artist", "track") if way == "people here" else ("artist",)
        if way == "people here":
            training.agree(user)
        took = milliseconds(*map(asked, kinds), rounds=8)
        held += [Held(f"new {kind}s by {way}", ms, WARM_MS, "ms") for kind, ms in zip(kinds, took, strict=True)]
        made._tastes.say(user, kind="artist", name="Artist 7001", verdict="more")
        (ms,) = milliseconds(asked("artist"), rounds=8)
        held.append(Held(f"the same with an answer, {way}", ms, WARM_MS, "ms"))
    print(f"who led: {', '.join(dict.fromkeys(tiers))}")
    return held


def report(listens: int = LISTENS) -> list[Held]:
    """Measure and print; return every list with its budget."""
    with servers() as (database, redis), scratch(database) as db:
        add_catalogue(db)
        add_lists(db)
        user, cache = add_person(db, listens=listens), Cache(redis)
        add_models(db)
        made, listening, training = service(db, cache)
        listening.library(user)
        held = measure(made, listening, training, user)
        cache.erase_person(user)
        cache.close()
    print(table("the median", held))
    return held


def main(listens: int = LISTENS) -> int:
    """Measure, print, and return how many are over budget."""
    quiet()
    held = report(listens)
    print(f"\n{verdict(held)}")
    return sum(not each.within for each in held)


if __name__ == "__main__":
    sys.exit(1 if main(*map(int, sys.argv[1:2])) else 0)
