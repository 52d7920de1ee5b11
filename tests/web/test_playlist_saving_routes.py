"""Saving a list over HTTP: permission asked for by itself, a page that decides nothing alone, one playlist a form."""

from collections.abc import Callable, Iterator, Mapping
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import requests
from fakes.spotify import FakeSpotify
from someone import GOOD, Someone, visitor

from core.bootstrap import Playprint, build
from core.domain.errors import NotFound
from core.domain.playlists import ListedSong
from core.domain.spotify import SCOPES, WRITE_SCOPE
from core.settings import Settings

LIST = "what=mix&name=late+evenings"
PAGE = f"/save-playlist?{LIST}"
MAKE = "POST /me/playlists"


class OneList:
    """The lists there are: one, of Alice's Late evenings."""

    def __init__(self, fake: FakeSpotify) -> None:
        self.songs = tuple(ListedSong(track.name, "Somebody", uri=track.uri) for track in fake.music.tracks[:12])
        self.asked: list[Mapping[str, str]] = []

    def songs_of(self, user_id: int, what: str, asked: Mapping[str, str]) -> tuple[str, tuple[ListedSong, ...]]:
        self.asked.append(asked)
        if what != "mix":
            raise NotFound("There is no such list.")
        return "Late evenings", self.songs


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeSpotify]:
    with FakeSpotify() as made:
        yield made


@pytest.fixture(scope="module")
def lists(fake: FakeSpotify) -> OneList:
    return OneList(fake)


@pytest.fixture(scope="module")
def playing(fake: FakeSpotify, lists: OneList, servers, another_db, tmp_path_factory) -> Iterator[Playprint]:  # type: ignore[no-untyped-def]
    settings = Settings(
        home=tmp_path_factory.mktemp("home"),
        demo=False,
        allowed_hosts="testserver",
        spotify_client_id=fake.client_id,
        spotify_accounts_url=fake.url,
        spotify_api_url=fake.api_url,
    )
    with another_db() as db:
        made = build(settings, database_url=db.url, redis_url=servers[1])
        # Nobody here has listened to anything: the list is told.
        made.__dict__["list_songs"] = SimpleNamespace(songs=lists.songs_of)
        yield made
        made.close()


@pytest.fixture
def alice(somebody: Callable[..., Someone], fake: FakeSpotify) -> Someone:
    """Return somebody who has an account at Spotify, under the same name."""
    made = somebody()
    fake.add_person(name_of(made))
    fake.allowed = {name_of(made)}
    return made


def name_of(someone: Someone) -> str:
    return f"p{someone.id}"


def connect(someone: Someone, **fields: str) -> str:
    """Go to Spotify, agree there, and return where the way back leads."""
    form = {"csrf": someone.csrf, "terms": "yes", "password": GOOD} | fields
    address = someone.client.post("/spotify/connect", data=form).headers["location"]
    answer = requests.get(f"{address}&as={name_of(someone)}&agree=1", allow_redirects=False, timeout=10)
    back = answer.headers["location"].partition("127.0.0.1:8501")[2]
    return str(someone.client.get(back).headers["location"])


def asked_scopes(someone: Someone, **fields: str) -> set[str]:
    """Return what the consent page would ask for."""
    form = {"csrf": someone.csrf, "terms": "yes", "password": GOOD} | fields
    address = someone.client.post("/spotify/connect", data=form).headers["location"]
    return set(parse_qs(urlsplit(address).query)["scope"][0].split())


def save(someone: Someone, **fields: str) -> str:
    form = {"csrf": someone.csrf, "asked": LIST, "once": uuid4().hex, "title": "Mine"} | fields
    return str(someone.client.post("/spotify/save-playlist", data=form).headers["location"])


def playlists(fake: FakeSpotify, someone: Someone) -> list[str]:
    return [each.name for each in fake.people[name_of(someone)].playlists if each]


def test_a_list_is_saved_on_a_click_alone(alice: Someone, fake: FakeSpotify, playing: Playprint) -> None:
    had, token = playlists(fake, alice), uuid4().hex
    assert connect(alice, write="yes", next=PAGE) == PAGE
    assert playlists(fake, alice) == had, "coming back from Spotify makes nothing"
    for _ in range(3):
        assert save(alice, once=token) == f"{PAGE}&saved={token}"
    assert playlists(fake, alice) == ["Mine", *had]
    outcome = playing.playlist_writing.outcome(alice.id, token)
    assert outcome is not None
    assert (outcome.added, outcome.problem) == (12, "")


def test_the_permission_is_asked_for_by_itself_and_kept(alice: Someone, playing: Playprint) -> None:
    assert asked_scopes(alice) == set(SCOPES)
    connect(alice)
    assert playing.playlist_writing.ability(alice.id) == "allow"
    assert asked_scopes(alice) == set(SCOPES)
    assert asked_scopes(alice, write="yes") == {*SCOPES, WRITE_SCOPE}
    connect(alice, write="yes", next=PAGE)
    assert playing.playlist_writing.ability(alice.id) == "ready"
    assert asked_scopes(alice) == {*SCOPES, WRITE_SCOPE}, "connecting again does not take it away"


def test_without_permission_nothing_is_made(alice: Someone, fake: FakeSpotify, playing: Playprint) -> None:
    had, made, token = playlists(fake, alice), fake.calls[MAKE], uuid4().hex
    connect(alice)
    assert save(alice, once=token) == f"{PAGE}&saved={token}"
    outcome = playing.playlist_writing.outcome(alice.id, token)
    assert outcome is not None
    assert (outcome.playlist_id, outcome.problem) == ("", "spotify-scope")
    assert (playlists(fake, alice), fake.calls[MAKE]) == (had, made)


def test_forms_of_others_and_broken_ones_make_nothing(
    alice: Someone, somebody: Callable[..., Someone], browser, fake: FakeSpotify, lists: OneList
) -> None:  # type: ignore[no-untyped-def]
    connect(alice, write="yes")
    charlie, made = somebody("Charlie"), fake.calls[MAKE]
    for csrf in ("", "x" * 43, charlie.csrf):
        assert save(alice, csrf=csrf) == f"{PAGE}&error=expired"
    assert save(alice, once="") == f"{PAGE}&error=expired"
    assert save(alice, asked="what=nothing") == "/save-playlist?what=nothing&error=spotify-list-gone"
    assert save(alice, asked="x" * 1001) == "/save-playlist?error=broken"
    assert save(alice, asked="&".join(f"a{n}=1" for n in range(40))) == "/save-playlist?error=broken"
    assert save(alice, asked="what=mix&saved=1&error=x&next=//evil.example").startswith(
        "/save-playlist?what=mix&next=%2F%2Fevil.example&saved="
    )
    assert set(lists.asked[-1]) == {"what", "next"}
    client = browser()
    answer = client.post("/spotify/save-playlist", data={"csrf": visitor(client), "asked": LIST})
    assert answer.headers["location"].startswith("/sign-in?error=signed-out")
    assert fake.calls[MAKE] == made + 1


def test_too_many_are_slowed_down(alice: Someone, fake: FakeSpotify) -> None:
    connect(alice, write="yes")
    answers = [save(alice) for _ in range(11)]
    assert all("saved=" in answer for answer in answers[:10])
    assert answers[10] == f"{PAGE}&error=slow-down"


def test_one_persons_outcome_is_nobody_elses(
    alice: Someone, somebody: Callable[..., Someone], playing: Playprint
) -> None:
    connect(alice, write="yes")
    token = uuid4().hex
    save(alice, once=token)
    assert playing.playlist_writing.outcome(alice.id, token)
    assert playing.playlist_writing.outcome(somebody("Charlie").id, token) is None
