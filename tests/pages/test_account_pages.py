"""The pages of the account, the people here and the Spotify connection, in every state a person can find them."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from fakes.spotify import FakeSpotify
from streamlit.testing.v1 import AppTest

import ui.context
import ui.identity
from core.bootstrap import Playprint, build
from core.domain.spotify import WARN_AFTER

Open = Callable[..., AppTest]


def words(test: AppTest) -> str:
    """Return everything the page shows as HTML, its titles and its code."""
    parts = [str(element.proto.body) for element in test.get("html")]
    return "\n".join([*parts, *(title.value for title in test.title), *(code.value for code in test.code)])


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeSpotify]:
    with FakeSpotify() as made:
        yield made


@pytest.fixture(scope="module")
def connected(playing: Playprint, fake: FakeSpotify, redis_url: str) -> Iterator[Playprint]:
    """Return the same Playprint with a Spotify app, open to everybody."""
    changes = {
        "spotify_client_id": fake.client_id,
        "spotify_accounts_url": fake.url,
        "spotify_api_url": fake.api_url,
        "registration": "open",
    }
    made = build(playing.settings.model_copy(update=changes), database_url=playing.db.url, redis_url=redis_url)
    yield made
    made.close()


@pytest.fixture
def open_connected(open_page: Open, connected: Playprint, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Return ``open_page`` for the Playprint with a Spotify app."""
    monkeypatch.setattr(ui.context, "playprint", lambda: connected)
    monkeypatch.setattr(ui.identity, "playprint", lambda: connected)
    return open_page


def connect(playing: Playprint, user_id: int, who: str) -> None:
    """Connect somebody as a browser would."""
    session = playing.sessions.start(user_id, stay=False)
    address = playing.connecting.begin(purpose="connect", session=session, browser="b", back_to="/spotify")
    answer = requests.get(f"{address}&as={who}&agree=1", allow_redirects=False, timeout=10)
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    found = playing.connecting.finish(
        state=query["state"][0], code=query["code"][0], error="", session=session, browser="b"
    )
    playing.connecting.connect(user_id, found)
    playing.syncing.begin(user_id)


PRIVATE = ["spotify", "spotify_setup", "account", "people", "leave"]


@pytest.mark.parametrize("page", PRIVATE)
def test_a_private_page_asks_a_visitor_to_sign_in(open_page: Open, page: str) -> None:
    test = open_page(page)
    assert not test.exception
    assert 'action="/auth/sign-in"' in words(test)


@pytest.mark.parametrize("page", ["privacy", "forgot", "second_factor", "register", "sign_in"])
def test_an_open_page_is_open(open_page: Open, page: str) -> None:
    test = open_page(page)
    assert not test.exception
    assert "could not be drawn" not in words(test)
    assert test.title


def test_a_member_sees_nothing_of_the_people_here(open_page: Open, playing: Playprint) -> None:
    member, name = playing.accounts.add("a plain member")[0], "somebody else entirely"
    playing.accounts.add(name)
    for page in ("people", "spotify_setup"):
        test = open_page(page, member.id)
        assert not test.exception
        assert name not in words(test)
        assert "redirect" not in words(test).lower()


def test_staff_sees_everybody_and_what_to_do(open_page: Open, playing: Playprint) -> None:
    owner = playing.accounts.add("an owner", role="owner")[0]
    playing.accounts.add("<b>bold</b>")
    test = open_page("people", owner.id)
    assert not test.exception
    assert "&lt;b&gt;bold&lt;/b&gt;" in words(test)
    assert "<b>bold" not in words(test)
    assert 'action="/people/invite"' in words(test)
    picker = next(each for each in test.selectbox if each.label == "Help somebody")
    picker.select(picker.options[0]).run()
    assert 'action="/people/reset-link"' in words(test)
    assert 'action="/people/role"' in words(test)


def test_the_account_shows_sessions_events_and_forms(open_page: Open, playing: Playprint) -> None:
    person, token = playing.accounts.add("with a password")
    playing.accounts.redeem(token, password="four words in a row")
    test = open_page("account", person.id)
    assert not test.exception
    assert "this one" in words(test)
    assert 'action="/account/password"' in words(test)
    assert 'action="/account/second-factor/begin"' in words(test)
    assert "New password" in words(test)
    assert "could not be drawn" not in words(test)


def test_leaving_says_what_goes_and_asks_twice(open_page: Open, listener: int) -> None:
    test = open_page("leave", listener)
    assert "4\u202f000" in words(test)
    assert 'action="/account/leave"' in words(test)
    assert 'action="/account/leave/confirm"' not in words(test)
    test = open_page("leave", listener, confirm="a-stamp")
    assert 'action="/account/leave/confirm"' in words(test)


def test_without_a_spotify_app_the_page_says_what_to_do(open_page: Open, playing: Playprint) -> None:
    member, owner = playing.accounts.add("no app")[0], playing.accounts.add("no app owner", role="owner")[0]
    assert 'href="/imports"' in words(open_page("spotify", member.id))
    assert 'href="/spotify-setup"' in words(open_page("spotify", owner.id))
    assert "/oauth/spotify/callback" in words(open_page("spotify_setup", owner.id))


def test_before_connecting_every_scope_is_explained(open_connected: Open, connected: Playprint) -> None:
    person = connected.accounts.add("curious")[0]
    test = open_connected("spotify", person.id)
    for scope in ("user-read-recently-played", "user-top-read", "user-library-read", "playlist-read-private"):
        assert scope in words(test)
    assert 'name="terms"' in words(test)
    assert "playlist-modify" not in words(test)
    assert "Connect Spotify" in words(open_connected("overview", person.id))


def test_a_visitor_may_use_spotify_to_sign_in_and_to_join(open_connected: Open, connected: Playprint) -> None:
    owner, token = connected.accounts.add("first owner", role="owner")
    connected.accounts.redeem(token, password="four words in a row")
    assert 'action="/spotify/sign-in"' in words(open_connected("sign_in"))
    assert 'action="/auth/register"' in words(open_connected("register"))
    with connected.db.begin() as connection:  # other tests look at a Playprint nobody owns
        connection.exec_driver_sql("update users set role = 'member' where id = %s", (owner.id,))


def test_a_connection_from_the_first_minute_to_its_end(
    open_connected: Open, connected: Playprint, fake: FakeSpotify, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = connected.accounts.add("bob of the pages")[0]
    connect(connected, person.id, "bob")
    assert "not yet" in words(open_connected("spotify", person.id))
    connected.syncing.run(person.id, slice_seconds=60)
    shown = words(open_connected("spotify", person.id))
    assert "could not be drawn" not in shown
    assert "Connected" in shown
    assert "https://open.spotify.com/" in shown
    assert "recent plays" in shown
    assert 'action="/spotify/disconnect"' not in shown

    uncounted = connected.settings.model_copy(update={"spotify_counts": False})
    other = build(uncounted, database_url=connected.db.url, redis_url=connected.redis_url)
    with monkeypatch.context() as patch:
        patch.setattr(ui.context, "playprint", lambda: other)
        assert '<dt>Plays</dt><dd class="pp-value">0</dd>' in words(open_connected("overview", person.id, range="all"))
        assert "Spotify API" in words(open_connected("history", person.id))
    other.close()

    test = open_connected("spotify", person.id)
    next(each for each in test.checkbox if each.label.startswith("Disconnect")).check().run()
    assert 'action="/spotify/disconnect"' in words(test)

    with connected.db.begin() as connection:
        long_ago = WARN_AFTER + timedelta(days=1)
        connection.exec_driver_sql(
            "update spotify_connections set authorized_at = now() - %s where user_id = %s", (long_ago, person.id)
        )
    assert "Connect again before that" in words(open_connected("spotify", person.id))
    assert "/spotify" in words(open_connected("overview", person.id))
    epoch = connected.connecting.connection(person.id)
    assert epoch
    for state, said in (("not_allowed", "ask the owner"), ("paused", "no Premium"), ("needs_reauth", "has ended")):
        connected.connecting.mark(person.id, epoch=epoch.epoch, state=state)  # type: ignore[arg-type]
        shown = words(open_connected("spotify", person.id))
        assert said in shown
        assert ('action="/spotify/sync"' in shown) == (state != "needs_reauth")
        assert said in words(open_connected("overview", person.id))
    assert "<dt>Consent</dt>" in words(open_connected("spotify", person.id))


def test_what_was_not_granted_can_be_granted_on_the_page(open_connected: Open, connected: Playprint) -> None:
    person = connected.accounts.add("dora of the pages")[0]
    connect(connected, person.id, "dora")
    assert 'action="/spotify/connect"' not in words(open_connected("spotify", person.id))
    with connected.db.begin() as connection:
        connection.exec_driver_sql(
            "update spotify_connections set scopes = 'user-top-read' where user_id = %s", (person.id,)
        )
    shown = words(open_connected("spotify", person.id))
    assert "Not granted" in shown
    assert 'action="/spotify/connect"' in shown


def test_the_self_check_finds_what_is_wrong(open_connected: Open, connected: Playprint) -> None:
    owner = connected.accounts.add("checking owner", role="owner")[0]
    shown = words(open_connected("spotify_setup", owner.id))
    assert "http://127.0.0.1:8501/oauth/spotify/callback" in shown
    assert "pp-found-ok" in shown
    assert "Premium" in shown
