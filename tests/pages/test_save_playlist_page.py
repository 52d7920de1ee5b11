"""The page that saves a list to Spotify, in every state a person can find it."""

from collections.abc import Callable, Iterator, Mapping
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import requests
from fakes.spotify import FakeSpotify
from streamlit.testing.v1 import AppTest

import ui.context
import ui.identity
from core.bootstrap import Playprint, build
from core.domain.errors import NotFound
from core.domain.playlists import ListedSong
from core.domain.spotify import SCOPES, WRITE_SCOPE

Open = Callable[..., AppTest]
BOLD = "<b>Bold</b> evenings"


def words(test: AppTest) -> str:
    """Return everything the page shows as HTML."""
    return "\n".join(str(element.proto.body) for element in test.get("html"))


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeSpotify]:
    with FakeSpotify() as made:
        yield made


@pytest.fixture(scope="module")
def connected(playing: Playprint, fake: FakeSpotify, redis_url: str) -> Iterator[Playprint]:
    """Return a Playprint with a Spotify app whose only list is told."""
    changes = {
        "spotify_client_id": fake.client_id,
        "spotify_accounts_url": fake.url,
        "spotify_api_url": fake.api_url,
    }
    made = build(playing.settings.model_copy(update=changes), database_url=playing.db.url, redis_url=redis_url)
    songs = [
        ListedSong(f"<i>Song</i> {n}", "Somebody", uri=track.uri) for n, track in enumerate(fake.music.tracks[:12])
    ]

    def songs_of(user_id: int, what: str, asked: Mapping[str, str]) -> tuple[str, list[ListedSong]]:
        if what not in ("mix", "nothing"):
            raise NotFound("There is no such list.")
        kept = songs if what == "mix" else []
        return BOLD, [*kept, ListedSong("Without an address", "Nobody")]

    made.__dict__["list_songs"] = SimpleNamespace(songs=songs_of)
    yield made
    made.close()


@pytest.fixture
def open_connected(open_page: Open, connected: Playprint, monkeypatch: pytest.MonkeyPatch) -> Open:
    monkeypatch.setattr(ui.context, "playprint", lambda: connected)
    monkeypatch.setattr(ui.identity, "playprint", lambda: connected)
    return open_page


@pytest.fixture
def somebody(playing: Playprint) -> int:
    return playing.accounts.add(f"saver {uuid4().hex[:8]}")[0].id


def connect(playing: Playprint, fake: FakeSpotify, user_id: int, *, write: bool) -> None:
    """Connect somebody as a browser would."""
    name = f"p{user_id}"
    fake.add_person(name)
    fake.allowed = {name}
    session, scopes = playing.sessions.start(user_id, stay=False), [*SCOPES, *([WRITE_SCOPE] if write else [])]
    address = playing.connecting.begin(
        purpose="connect", session=session, browser="b", back_to="/spotify", scopes=scopes
    )
    answer = requests.get(f"{address}&as={name}&agree=1", allow_redirects=False, timeout=10)
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    found = playing.connecting.finish(
        state=query["state"][0], code=query["code"][0], error="", session=session, browser="b"
    )
    playing.connecting.connect(user_id, found)


def test_a_visitor_is_asked_to_sign_in(open_connected: Open) -> None:
    test = open_connected("save_playlist", what="mix")
    assert not test.exception
    assert 'action="/auth/sign-in"' in words(test)


def test_who_is_not_connected_is_led_to_spotify_and_back(open_connected: Open, somebody: int) -> None:
    test = open_connected("save_playlist", somebody, what="mix", name="late")
    assert not test.exception
    assert 'action="/spotify/connect"' in words(test)
    assert 'name="write" value="yes"' in words(test)
    assert 'name="next" value="/save-playlist?what=mix&amp;name=late"' in words(test)
    assert WRITE_SCOPE in words(test)
    assert 'action="/spotify/save-playlist"' not in words(test)


def test_a_connection_for_reading_is_asked_for_more(
    open_connected: Open, connected: Playprint, fake: FakeSpotify, somebody: int
) -> None:
    connect(connected, fake, somebody, write=False)
    test = open_connected("save_playlist", somebody, what="mix")
    assert "one more permission" in words(test)
    assert "Ask Spotify for it" in words(test)
    assert 'action="/spotify/save-playlist"' not in words(test)


def test_who_may_sees_what_would_be_saved_and_saves_by_a_button(
    open_connected: Open, connected: Playprint, fake: FakeSpotify, somebody: int
) -> None:
    connect(connected, fake, somebody, write=True)
    made = fake.calls["POST /me/playlists"]
    test = open_connected("save_playlist", somebody, what="mix", name="late")
    assert not test.exception
    shown = words(test)
    assert 'action="/spotify/save-playlist"' in shown
    assert 'name="asked" value="what=mix&amp;name=late"' in shown
    assert "Save 12 songs to Spotify" in shown
    assert "1 without a known address at Spotify stay out" in shown
    assert "And 3 more." in shown
    assert "<b>Bold" not in shown
    assert "<i>Song" not in shown
    assert fake.calls["POST /me/playlists"] == made, "looking makes nothing"


def test_what_came_of_it_is_said(open_connected: Open, connected: Playprint, fake: FakeSpotify, somebody: int) -> None:
    connect(connected, fake, somebody, write=True)
    save = connected.playlist_writing.save
    well, badly, not_at_all, unsure = (uuid4().hex for _ in range(4))
    saved = save(somebody, "mix", {}, once=well)
    fake.faults.add("done_but", "POST /playlists/{playlist_id}/items")
    save(somebody, "mix", {}, once=badly)
    fake.faults.add("forbidden", "POST /me/playlists")
    save(somebody, "mix", {}, once=not_at_all)
    fake.faults.add("reset", "POST /me/playlists")
    save(somebody, "mix", {}, once=unsure)
    told = {
        token: words(open_connected("save_playlist", somebody, what="mix", saved=token))
        for token in (well, badly, not_at_all, unsure)
    }
    assert "with 12 songs. 1 song stayed out." in told[well]
    assert f'href="https://open.spotify.com/playlist/{saved.playlist_id}"' in told[well]
    assert "was made, and Spotify did not say how many of 12 songs went in." in told[badly]
    assert "No playlist was made." in told[not_at_all]
    assert "did not say whether it made the playlist" in told[unsure]
    assert all("/save-playlist?what=mix" in each and "<b>Bold" not in each for each in told.values())
    assert 'action="/spotify/save-playlist"' in words(
        open_connected("save_playlist", somebody, saved="x" * 32, what="mix")
    )


@pytest.mark.parametrize(("what", "said"), [("else", "not there any more"), ("nothing", "are not known")])
def test_a_list_that_cannot_be_saved_says_why(open_connected: Open, somebody: int, what: str, said: str) -> None:
    test = open_connected("save_playlist", somebody, what=what)
    assert not test.exception
    assert said in words(test)


def test_without_a_spotify_app_there_is_no_form(
    open_page: Open, playing: Playprint, connected: Playprint, somebody: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(playing.__dict__, "list_songs", connected.list_songs)
    test = open_page("save_playlist", somebody, what="mix")
    assert not test.exception
    assert "has no Spotify app" in words(test)
    assert "<form" not in words(test).replace('<form method="post" action="/auth', "")
