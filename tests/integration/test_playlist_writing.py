"""Saving lists against the stand-in for Spotify: one new private playlist a form, whatever goes wrong on the way."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from connected import House
from fakes.spotify import FakeSpotify
from fakes.spotify.playlists import Playlist

from core.cache import Cache
from core.domain.errors import NotFound
from core.domain.people import Refused
from core.domain.playlists import ListedSong
from core.domain.spotify import SCOPES, WRITE_SCOPE
from core.repositories.database import Database
from core.services.limits import LIMITS, Limits
from core.services.playlist_writing import MOST_SONGS, Outcome, PlaylistWriting

ASKED = {"what": "mix", "name": "morning"}
ADD = "POST /playlists/{playlist_id}/items"
MAKE = "POST /me/playlists"


@pytest.fixture
def fake() -> Iterator[FakeSpotify]:
    with FakeSpotify() as made:
        yield made


@pytest.fixture
def cache(redis_url: str) -> Iterator[Cache]:
    made = Cache(redis_url, namespace=uuid.uuid4().hex[:12])
    yield made
    made.close()


@pytest.fixture
def house(fake: FakeSpotify, db: Database, cache: Cache) -> House:
    return House(fake, db, cache)


class Lists:
    """The lists there are: one, of so many songs of the stand-in's catalogue."""

    def __init__(self, fake: FakeSpotify, count: int = 30) -> None:
        self.songs = [ListedSong(track.name, "Somebody", uri=track.uri) for track in fake.music.tracks[:count]]
        self.title = "Late evenings"

    def __call__(self, user_id: int, what: str, asked: Mapping[str, str]) -> tuple[str, list[ListedSong]]:
        if what != "mix":
            raise NotFound("There is no such list.")
        return self.title, self.songs


@pytest.fixture
def lists(fake: FakeSpotify) -> Lists:
    return Lists(fake)


@pytest.fixture
def writing(house: House, lists: Lists, cache: Cache) -> PlaylistWriting:
    return make(house, lists, cache)


def make(house: House, lists: Lists, cache: Cache, **how: object) -> PlaylistWriting:
    now = lambda: house.fake.clock.now  # noqa: E731
    given = {"songs_of": lists, "on": True, "now": now} | how
    return PlaylistWriting(house.connecting(), cache, Limits(cache, now), **given)  # type: ignore[arg-type]


@pytest.fixture
def alice(fake: FakeSpotify, house: House, person: Callable[..., int]) -> int:
    return connected(fake, house, person(password_hash="x"))


def connected(fake: FakeSpotify, house: House, user_id: int, *, write: bool = True) -> int:
    """Connect a person as ``alice`` of the stand-in, with permission to make playlists."""
    house.connect(user_id, scopes={*SCOPES, WRITE_SCOPE} if write else set(SCOPES))
    return user_id


def once() -> str:
    return uuid.uuid4().hex


def mine(fake: FakeSpotify, outcome: Outcome) -> Playlist:
    """Return the playlist an outcome tells of."""
    found = fake.playlist(outcome.playlist_id)
    assert found is not None
    return found


def before(fake: FakeSpotify) -> int:
    return len(fake.people["alice"].playlists)


def test_a_list_becomes_a_new_private_playlist(
    fake: FakeSpotify, writing: PlaylistWriting, lists: Lists, alice: int
) -> None:
    had, was = [each for each in fake.people["alice"].playlists if each], before(fake)
    kept = {each.id: each.snapshot_id for each in had}
    lists.songs = Lists(fake, 250).songs
    outcome = writing.save(alice, "mix", ASKED, once=once(), title="  My\nevenings ")
    assert (outcome.added, outcome.wanted, outcome.left_out, outcome.problem) == (250, 250, 0, "")
    made = mine(fake, outcome)
    assert (made.name, made.public, made.collaborative) == ("My evenings", False, False)
    assert [entry.thing.uri for entry in made.items if entry and entry.thing] == [song.uri for song in lists.songs]
    assert before(fake) == was + 1
    assert {each.id: each.snapshot_id for each in had} == kept, "playlists that were there stay as they are"
    assert (fake.calls[MAKE], fake.calls[ADD]) == (1, 3)


def test_songs_without_an_address_stay_out_and_are_counted(
    fake: FakeSpotify, writing: PlaylistWriting, lists: Lists, alice: int
) -> None:
    odd = [
        "",
        "spotify:episode:" + "x" * 22,
        fake.music.locals[0].uri,
        "spotify:track:short",
        "spotify:track:" + "é" * 22,
    ]
    lists.songs = [*lists.songs, *(ListedSong("odd", "one", uri=uri) for uri in odd)]
    outcome = writing.save(alice, "mix", ASKED, once=once())
    assert (outcome.title, outcome.added, outcome.left_out) == ("Late evenings", 30, 5)
    lists.songs = lists.songs[30:]
    with pytest.raises(Refused, match="not known"):
        writing.save(alice, "mix", ASKED, once=once())
    assert fake.calls[MAKE] == 1


def test_a_very_long_list_is_cut(fake: FakeSpotify, writing: PlaylistWriting, lists: Lists, alice: int) -> None:
    lists.songs = lists.songs * 40
    outcome = writing.save(alice, "mix", ASKED, once=once())
    assert (outcome.added, outcome.left_out) == (MOST_SONGS, 200)
    assert len(mine(fake, outcome).items) == MOST_SONGS


def test_a_form_sent_twice_makes_one_playlist(
    fake: FakeSpotify, house: House, lists: Lists, cache: Cache, alice: int
) -> None:
    token, was = once(), before(fake)
    several = [make(house, lists, cache) for _ in range(4)]
    with ThreadPoolExecutor() as pool:
        outcomes = list(pool.map(lambda each: each.save(alice, "mix", ASKED, once=token), several))
    assert len({outcome.playlist_id for outcome in outcomes}) == 1
    assert (before(fake), fake.calls[MAKE]) == (was + 1, 1)
    assert several[0].outcome(alice, token) == outcomes[0]
    assert several[0].outcome(alice + 1, token) is None, "nobody else sees it"
    assert several[0].save(alice, "mix", ASKED, once=once()).playlist_id != outcomes[0].playlist_id


@pytest.mark.parametrize("kind", ["server", "reset", "done_but", "done_cut", "broken", "html"])
def test_making_is_asked_for_once_whatever_the_answer(
    fake: FakeSpotify, writing: PlaylistWriting, alice: int, kind: str
) -> None:
    fake.faults.add(kind, MAKE)  # type: ignore[arg-type]
    token = once()
    outcome = writing.save(alice, "mix", ASKED, once=token)
    assert (outcome.playlist_id, outcome.added, outcome.sure, outcome.problem) == ("", 0, False, "spotify-unsure")
    assert (fake.calls[MAKE], fake.calls[ADD]) == (1, 0)
    assert writing.save(alice, "mix", ASKED, once=token) == outcome
    assert fake.calls[MAKE] == 1


@pytest.mark.parametrize(
    ("kind", "code", "sure"),
    [("rate", "spotify-budget", True), ("quota", "spotify-budget", True), ("forbidden", "spotify-forbidden", True)],
)
def test_a_refused_playlist_is_none(
    fake: FakeSpotify, writing: PlaylistWriting, alice: int, kind: str, code: str, sure: bool
) -> None:
    was = before(fake)
    fake.faults.add(kind, MAKE)  # type: ignore[arg-type]
    outcome = writing.save(alice, "mix", ASKED, once=once())
    assert (outcome.playlist_id, outcome.problem, outcome.sure) == ("", code, sure)
    assert before(fake) == was


@pytest.mark.parametrize(
    ("kind", "code", "sure"),
    [
        ("server", "spotify-trouble", False),
        ("done_but", "spotify-trouble", False),
        ("rate", "spotify-budget", True),
        ("forbidden", "spotify-forbidden", True),
    ],
)
def test_a_failure_halfway_says_how_many_went_in(
    fake: FakeSpotify, writing: PlaylistWriting, lists: Lists, alice: int, kind: str, code: str, sure: bool
) -> None:
    lists.songs = Lists(fake, 250).songs
    fake.faults.add(kind, ADD, skip=1)  # type: ignore[arg-type]
    outcome = writing.save(alice, "mix", ASKED, once=once())
    assert (outcome.added, outcome.wanted, outcome.problem, outcome.sure) == (100, 250, code, sure)
    assert len(mine(fake, outcome).items) == (200 if kind == "done_but" else 100)
    assert fake.calls[ADD] == 2, "nothing is put in twice"


def test_an_old_token_is_renewed_on_the_way(fake: FakeSpotify, writing: PlaylistWriting, alice: int) -> None:
    fake.faults.add("unauthorized", MAKE)
    fake.faults.add("unauthorized", ADD)
    outcome = writing.save(alice, "mix", ASKED, once=once())
    assert (outcome.added, outcome.problem) == (30, "")
    assert len(mine(fake, outcome).items) == 30


def test_without_permission_nothing_is_asked(
    fake: FakeSpotify, house: House, writing: PlaylistWriting, person: Callable[..., int]
) -> None:
    reader, stranger = connected(fake, house, person(), write=False), person()
    assert (writing.ability(reader), writing.ability(stranger)) == ("allow", "connect")
    assert writing.save(reader, "mix", ASKED, once=once()).problem == "spotify-scope"
    assert writing.save(stranger, "mix", ASKED, once=once()).problem
    assert (fake.calls[MAKE], fake.calls[ADD]) == (0, 0)
    house.connect(reader, scopes={*SCOPES, WRITE_SCOPE})
    assert writing.ability(reader) == "ready"
    assert writing.save(reader, "mix", ASKED, once=once()).added == 30


def test_lists_and_forms_that_are_none_are_refused(writing: PlaylistWriting, alice: int) -> None:
    with pytest.raises(Refused, match="not there any more"):
        writing.save(alice, "nothing", ASKED, once=once())
    for token in ("", "short", "x" * 200, "with blanks in it, no"):
        with pytest.raises(Refused, match="open too long"):
            writing.save(alice, "mix", ASKED, once=token)
        assert writing.outcome(alice, token) is None


def test_playlists_are_counted(writing: PlaylistWriting, alice: int) -> None:
    for _ in range(LIMITS["spotify-playlist"].most):
        assert not writing.save(alice, "mix", ASKED, once=once()).problem
    with pytest.raises(Refused, match="too often"):
        writing.save(alice, "mix", ASKED, once=once())


def test_calls_go_through_the_budget(fake: FakeSpotify, house: House, lists: Lists, cache: Cache, alice: int) -> None:
    spent = house.connecting(calls=house.calls(most_by_endpoint=2))
    lists.songs = Lists(fake, 250).songs
    writing = PlaylistWriting(spent, cache, Limits(cache), songs_of=lists, on=True)
    outcome = writing.save(alice, "mix", ASKED, once=once())
    assert (outcome.added, outcome.problem, outcome.sure) == (200, "spotify-budget", True)
    assert fake.calls[ADD] == 2


def test_nothing_of_spotifys_answers_is_stored(house: House, writing: PlaylistWriting, alice: int) -> None:
    outcome = writing.save(alice, "mix", ASKED, once=once())
    with house.db.driver() as connection:
        tables = [row[0] for row in connection.execute("select tablename from pg_tables where schemaname = 'public'")]
        for table in tables:
            rows = connection.execute(f'select t::text from "{table}" t').fetchall()  # type: ignore[arg-type]
            assert not [row for row in rows if outcome.playlist_id in row[0]], table


def test_disconnecting_forgets_it(house: House, writing: PlaylistWriting, alice: int) -> None:
    token = once()
    writing.save(alice, "mix", ASKED, once=token)
    house.connecting().disconnect(alice)
    assert writing.outcome(alice, token) is None
    assert writing.ability(alice) == "connect"
