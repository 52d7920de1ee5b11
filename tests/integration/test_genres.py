"""What is known about a library's music, on a real database: whose word goes first, and when it is looked up again."""

from collections.abc import Iterator

import pytest
from heard import listen
from sqlalchemy import text
from stored import add, add_catalogue, add_person

from core.analytics.genres import genre_top
from core.analytics.library import Library
from core.cache import Cache
from core.domain.errors import InvalidInput, NotFound
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.repositories.database import Database
from core.services.genres import Genres
from core.services.knowledge import ASKED_EVERY, Knowing
from core.services.library import Libraries
from core.services.listening import Listening

BJORK, ABBA, LIKE_ABBA, NOBODY = 11, 12, 13, 14
HEARD = [listen("2024-05-01T10:00", 1), listen("2024-05-02T10:00", 3), listen("2024-05-03T10:00", 4)]
TAGS = (
    '[{"name": "Swedish Disco", "count": 3, "genre": true}, {"name": "pop", "count": 1, "genre": true}, '
    '{"name": "seen live", "count": 9, "genre": false}, {"name": "polka", "count": 0, "genre": true}]'
)


class Clock:
    """A clock to be set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def db(fresh_db: Database) -> Database:
    add_catalogue(fresh_db)
    return fresh_db


@pytest.fixture
def cache(redis_url: str) -> Iterator[Cache]:
    made = Cache(redis_url, namespace="genres")
    yield made
    for user_id in range(1, 9):
        made.delete(f"u:{user_id}:library")
    made.close()


@pytest.fixture
def alice(db: Database) -> int:
    made = add_person(db, "alice")
    add(db, made, HEARD, import_id=1)
    return made


@pytest.fixture
def listening(db: Database, cache: Cache, alice: int) -> Listening:
    return Listening(db, cache, memory_bytes=10**8)


@pytest.fixture
def genres(db: Database, listening: Listening) -> Genres:
    return Genres(db, listening)


def fact(db: Database, artist_id: int, tags: str, country: str | None = "SE") -> None:
    """Store what an open source said about an artist, and that something was stored."""
    with db.begin() as connection:
        connection.execute(
            text(
                "insert into artist_facts (artist_id, mbid, country, tags, state, ask_again_at) values "
                "(:id, gen_random_uuid(), :country, cast(:tags as jsonb), 'found', now()) "
                "on conflict (artist_id) do update set tags = excluded.tags, country = excluded.country"
            ),
            {"id": artist_id, "tags": tags, "country": country},
        )
        connection.execute(
            text(
                "insert into fact_rounds (id, listed_as, found) values (1, '', 1) "
                "on conflict (id) do update set found = fact_rounds.found + 1"
            )
        )


def named(library: Library, artist_id: int) -> dict[str, float]:
    """Return the genres of an artist with their weights."""
    known, code = library.knowledge.genres, library.code("artist", artist_id)
    return {
        known.names[g]: round(float(w), 3)
        for a, g, w in zip(known.artist, known.genre, known.weight, strict=True)
        if a == code
    }


def test_without_facts_the_shipped_map_speaks(genres: Genres, alice: int) -> None:
    found = genres.of(alice, artist_id=BJORK)
    assert (found.source, found.genres[0]) == ("shipped", "art pop")
    assert sum(found.weights) == pytest.approx(1.0)
    assert list(found.weights) == sorted(found.weights, reverse=True)
    assert genres.of(alice, artist_id=ABBA).genres == genres.of(alice, artist_id=LIKE_ABBA).genres  # by name alone


def test_votes_of_tags_go_before_the_map(db: Database, cache: Cache, alice: int) -> None:
    fact(db, ABBA, TAGS)
    library = Libraries(db, cache, memory_bytes=10**8).get(alice)
    assert named(library, ABBA) == {"disco": 0.75, "pop": 0.25}
    genres = Genres(db, Listening(db, cache, memory_bytes=10**8))
    assert genres.of(alice, artist_id=ABBA).source == "tags"
    without = Genres(db, Listening(db, cache, memory_bytes=10**8, genre_tags=False))
    assert without.of(alice, artist_id=ABBA).source == "shipped"


def test_a_persons_own_word_goes_first_and_shows_at_once(
    db: Database, genres: Genres, listening: Listening, alice: int
) -> None:
    fact(db, ABBA, TAGS)
    before = listening.library(alice)
    genres.correct(alice, artist_id=ABBA, genres=["polka", "schlager"])
    found = genres.of(alice, artist_id=ABBA)
    assert (found.genres, found.source) == (("polka", "schlager"), "own")
    assert listening.library(alice).version == before.version + 1
    view = listening.view(alice, lens=Lens(), filters=Filters(genres=("polka",)))
    assert len(view) == 1
    assert "polka" in genre_top(listening.view(alice, lens=Lens()))["name"].to_list()
    assert genres.corrections(alice) == {ABBA: ("polka", "schlager")}
    genres.reset(alice, artist_id=ABBA)
    assert genres.of(alice, artist_id=ABBA).source == "tags"
    assert genres.corrections(alice) == {}


def test_taking_nothing_back_changes_nothing(genres: Genres, listening: Listening, alice: int) -> None:
    before = listening.library(alice)
    genres.reset(alice, artist_id=BJORK)
    assert listening.library(alice) is before


def test_corrections_are_a_persons_own(db: Database, genres: Genres, alice: int) -> None:
    charlie = add_person(db, "charlie")
    add(db, charlie, HEARD, import_id=9)
    genres.correct(charlie, artist_id=ABBA, genres=["polka"])
    assert genres.corrections(alice) == {}
    assert genres.of(alice, artist_id=ABBA).source == "shipped"


@pytest.mark.parametrize("chosen", [[], ["no such genre"], ["jazz", "Jazz"], list("abcdef")])
def test_what_cannot_be_chosen_is_refused(genres: Genres, alice: int, chosen: list[str]) -> None:
    with pytest.raises(InvalidInput):
        genres.correct(alice, artist_id=ABBA, genres=chosen)
    with pytest.raises(InvalidInput):
        genres.correct(alice, artist_id=ABBA, genres=list(genres.names()[:6]))
    assert genres.corrections(alice) == {}


def test_an_artist_never_heard_has_none(genres: Genres, alice: int) -> None:
    for id in (NOBODY, 99, 0, -1):
        with pytest.raises(NotFound):
            genres.of(alice, artist_id=id)
        with pytest.raises(NotFound):
            genres.correct(alice, artist_id=id, genres=["jazz"])


def test_whether_facts_changed_is_asked_once_a_minute(
    db: Database, cache: Cache, alice: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, made = Clock(), []
    knowing, of = Knowing(db, clock=clock), Knowing.of
    monkeypatch.setattr(Knowing, "of", lambda self, *args: made.append(args) or of(self, *args))
    libraries = Libraries(db, cache, memory_bytes=10**8, knowing=knowing)
    first = libraries.get(alice)
    fact(db, ABBA, TAGS)
    clock.now += ASKED_EVERY - 1
    assert libraries.get(alice) is first
    assert len(made) == 1
    clock.now += 1
    second = libraries.get(alice)
    assert len(made) == 2
    assert named(second, ABBA) == {"disco": 0.75, "pop": 0.25}
    assert second.listens is first.listens
    assert second.stamp != first.stamp
    assert libraries.get(alice) is second


def test_facts_about_others_leave_the_very_same_library(db: Database, cache: Cache, alice: int) -> None:
    clock = Clock()
    libraries = Libraries(db, cache, memory_bytes=10**8, knowing=Knowing(db, clock=clock))
    first = libraries.get(alice)
    fact(db, NOBODY, TAGS)
    clock.now += ASKED_EVERY
    assert libraries.get(alice) is first


def test_what_is_appended_is_known_too(db: Database, cache: Cache, alice: int) -> None:
    libraries = Libraries(db, cache, memory_bytes=10**8)
    libraries.get(alice)
    add(db, alice, [listen("2024-06-01T10:00", 2)], import_id=2)  # of the album by nobody
    found = libraries.get(alice)
    assert len(found.knowledge.countries) == len(found.artists)
    assert len(found.knowledge.years) == len(found.albums)
    assert named(found, BJORK)


def test_years_and_countries_of_facts_go_before_what_is_shipped(db: Database, cache: Cache, alice: int) -> None:
    fact(db, ABBA, "[]", "NO")
    with db.begin() as connection:
        connection.execute(
            text(
                "insert into album_facts (album_id, release_mbid, year, state, ask_again_at) "
                "values (22, gen_random_uuid(), 1992, 'found', now())"
            )
        )
    library = Libraries(db, cache, memory_bytes=10**8).get(alice)
    known = library.knowledge
    assert known.years[library.code("album", 22)] == 1992
    assert known.countries[library.code("artist", ABBA)] == 1 + 13 * 26 + 14  # NO
    assert known.countries[library.code("artist", BJORK)] == 1 + 8 * 26 + 18  # IS, shipped
    assert known.years[library.code("album", 21)] == 1993 or known.years[library.code("album", 21)] == 0
    assert named(library, ABBA)  # no tags: the map speaks


def test_the_tree_by_its_names(genres: Genres) -> None:
    assert genres.family_of("bebop") == "Jazz"
    assert genres.family_of("Jazz") is None
    assert "bebop" in genres.within("Jazz")
    assert set(genres.families()) == {genres.family_of(name) for name in genres.names()}
