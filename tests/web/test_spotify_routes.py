"""The way to Spotify and back over HTTP: only the browser and the session that left may come back, once."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pyotp
import pytest
import requests
from fakes.spotify import FakeSpotify
from someone import GOOD, Someone, TestClient, cookie_line, visitor
from starlette.applications import Starlette

from core.bootstrap import Playprint, build
from core.settings import Settings
from web.routes import middleware, routes

CALLBACK = "/oauth/spotify/callback"


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeSpotify]:
    with FakeSpotify() as made:
        yield made


@pytest.fixture(scope="module")
def playing(fake: FakeSpotify, servers: tuple[str, str], another_db, tmp_path_factory) -> Iterator[Playprint]:  # type: ignore[no-untyped-def]
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
        yield made
        made.close()


@pytest.fixture
def fresh(fake: FakeSpotify, playing: Playprint) -> Callable[[], str]:
    """Return a function that adds somebody to Spotify, on the app's list, and returns their name."""

    def add() -> str:
        name = f"p{uuid4().hex[:8]}"
        fake.add_person(name)
        fake.allowed = {name}
        return name

    return add


def leave(client: TestClient, path: str, **form: str) -> str:
    """Post the form that leads to Spotify and return where it leads."""
    return client.post(path, data=form).headers["location"]


def agree(address: str, who: str) -> str:
    """Agree at Spotify and return the way back, without the host."""
    answer = requests.get(f"{address}&as={who}&agree=1", allow_redirects=False, timeout=10)
    return answer.headers["location"].partition("127.0.0.1:8501")[2]


def to_spotify(someone: Someone, **form: str) -> str:
    return leave(someone.client, "/spotify/connect", csrf=someone.csrf, terms="yes", password=GOOD, **form)


def connected(playing: Playprint, user_id: int) -> bool:
    return playing.connecting.connection(user_id) is not None


def test_connecting_leads_there_and_back(somebody, playing: Playprint, fresh, fake: FakeSpotify) -> None:  # type: ignore[no-untyped-def]
    alice, name = somebody(), fresh()
    address = to_spotify(alice, next="/imports?x=1")
    assert address.startswith(f"{fake.url}/authorize?")
    assert "code_challenge_method=S256" in address
    answer = alice.client.get(agree(address, name))
    assert answer.headers["location"] == "/imports?x=1"
    assert connected(playing, alice.id)
    assert [part.outcome for part in playing.syncing.state(alice.id).parts] == [""] * 6
    assert playing.events.of(alice.id)[0].event == "spotify-connected"


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "/auth/sign-out"])
def test_the_way_back_never_leaves_this_instance(somebody, fresh, wanted: str) -> None:  # type: ignore[no-untyped-def]
    alice, name = somebody(), fresh()
    assert alice.client.get(agree(to_spotify(alice, next=wanted), name)).headers["location"] == "/spotify"


def test_nobody_is_sent_away_without_having_agreed(somebody) -> None:  # type: ignore[no-untyped-def]
    alice, charlie = somebody(), somebody("Charlie")
    assert leave(alice.client, "/spotify/connect", csrf=alice.csrf) == "/spotify?error=spotify-terms"
    for csrf in ("", "x" * 43, charlie.csrf):
        assert leave(alice.client, "/spotify/connect", csrf=csrf, terms="yes") == "/spotify?error=expired"


def test_a_stolen_cookie_plants_no_way_to_sign_in(somebody, fresh, playing: Playprint) -> None:  # type: ignore[no-untyped-def]
    alice, name = somebody(), fresh()
    fields = {"csrf": alice.csrf, "terms": "yes"}
    for password in ("", "wrong wrong wrong"):
        assert leave(alice.client, "/spotify/connect", **fields, password=password) == "/spotify?error=current"
    alice.client.get(agree(to_spotify(alice), name))
    assert connected(playing, alice.id)
    assert "/authorize" in leave(alice.client, "/spotify/connect", **fields), "a new consent for the same account"
    playing.connecting.disconnect(alice.id)
    assert leave(alice.client, "/spotify/connect", **fields) == "/spotify?error=current"


def test_a_visitor_cannot_connect(browser, somebody) -> None:  # type: ignore[no-untyped-def]
    client = browser()
    for path in ("connect", "disconnect", "sync"):
        assert "/sign-in?error=signed-out" in leave(client, f"/spotify/{path}", csrf=visitor(client), terms="yes")


def test_a_way_back_works_once(somebody, fresh, playing: Playprint) -> None:  # type: ignore[no-untyped-def]
    alice, name = somebody(), fresh()
    back = agree(to_spotify(alice), name)
    assert alice.client.get(back).headers["location"] == "/spotify"
    playing.connecting.disconnect(alice.id)
    assert alice.client.get(back).headers["location"] == "/spotify?error=spotify-state"
    assert not connected(playing, alice.id)


def test_a_way_back_belongs_to_its_browser(somebody, browser, fresh, playing: Playprint) -> None:  # type: ignore[no-untyped-def]
    alice, charlie, name = somebody(), somebody("Charlie"), fresh()
    back = agree(to_spotify(alice), name)
    assert charlie.client.get(back).headers["location"] == "/spotify?error=spotify-state"
    assert alice.client.get(back).headers["location"] == "/spotify?error=spotify-state", "a foreign try uses it up"
    assert browser().get(back).headers["location"] == "/sign-in?error=spotify-state"
    assert not connected(playing, alice.id)
    assert not connected(playing, charlie.id)


def test_a_way_back_belongs_to_its_session(somebody, fresh, playing: Playprint) -> None:  # type: ignore[no-untyped-def]
    alice, charlie, name = somebody(), somebody("Charlie"), fresh()
    back = agree(to_spotify(alice), name)
    # The same browser, but Charlie has signed in there meanwhile.
    alice.client.cookies.set("playprint", charlie.cookie)
    assert alice.client.get(back).headers["location"] == "/spotify?error=spotify-state"
    assert not connected(playing, charlie.id)


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?state=x", "?state=x&code=y", "?error=access_denied", "?state=" + "x" * 5000]
)
def test_forged_ways_back_lead_nowhere(browser, query: str) -> None:  # type: ignore[no-untyped-def]
    client = browser()
    assert client.get(CALLBACK + query).headers["location"] == "/sign-in?error=spotify-state"


def test_saying_no_is_no_mistake(somebody, fresh, fake: FakeSpotify) -> None:  # type: ignore[no-untyped-def]
    alice, name = somebody(), fresh()
    answer = requests.get(f"{to_spotify(alice)}&as={name}&agree=0", allow_redirects=False, timeout=10)
    back = answer.headers["location"].partition("127.0.0.1:8501")[2]
    assert alice.client.get(back).headers["location"] == "/spotify?error=spotify-declined"


def test_one_account_belongs_to_one_person(somebody, fresh, playing: Playprint) -> None:  # type: ignore[no-untyped-def]
    alice, charlie, name = somebody(), somebody("Charlie"), fresh()
    alice.client.get(agree(to_spotify(alice), name))
    answer = charlie.client.get(agree(to_spotify(charlie), name))
    assert answer.headers["location"] == "/spotify?error=spotify-taken"
    assert not connected(playing, charlie.id)


def test_signing_in_with_spotify_is_signing_in(somebody, browser, fresh, playing: Playprint) -> None:  # type: ignore[no-untyped-def]
    alice, name, client = somebody(), fresh(), browser()
    alice.client.get(agree(to_spotify(alice), name))
    address = leave(client, "/spotify/sign-in", csrf=visitor(client), next="/charts")
    assert client.get(agree(address, name)).headers["location"] == "/charts"
    session = playing.accounts.session(client.cookies["playprint"])
    assert session
    assert session.user_id == alice.id


def test_a_second_factor_is_asked_for_there_too(somebody, browser, fresh, playing: Playprint) -> None:  # type: ignore[no-untyped-def]
    alice, name, client = somebody(), fresh(), browser()
    alice.client.get(agree(to_spotify(alice), name))
    alice.client.post("/account/second-factor/begin", data={"csrf": alice.csrf, "password": GOOD})
    setup = playing.second_factor.setup(alice.id)
    assert setup
    code = pyotp.TOTP(setup.secret).now()
    assert (
        alice.client.post("/account/second-factor/confirm", data={"csrf": alice.csrf, "code": code}).status_code == 200
    )
    address = leave(client, "/spotify/sign-in", csrf=visitor(client))
    assert client.get(agree(address, name)).headers["location"] == "/second-factor"
    assert "playprint" not in client.cookies


def test_an_unknown_account_needs_an_invitation(browser, fresh, playing: Playprint, somebody) -> None:  # type: ignore[no-untyped-def]
    owner, name, client = somebody("Owner"), fresh(), browser()
    with playing.db.begin() as connection:
        connection.exec_driver_sql("update users set role = 'owner' where id = %s", (owner.id,))
    before = len(playing.accounts.list())
    address = leave(client, "/spotify/sign-in", csrf=visitor(client))
    assert "scope=&" in f"{address}&", "to sign in, nothing but who they are is asked for"
    assert client.get(agree(address, name)).headers["location"] == "/sign-in?error=spotify-unknown"
    address = leave(client, "/spotify/sign-in", csrf=visitor(client), terms="yes")
    location = client.get(agree(address, name)).headers["location"]
    assert location.startswith("/sign-in?error=registration-")
    invitation = playing.invitations.invite(owner.id, role="member")
    address = leave(client, "/spotify/sign-in", csrf=visitor(client), invitation=invitation)
    assert client.get(agree(address, name)).headers["location"] == "/sign-in?error=spotify-unknown"
    assert len(playing.accounts.list()) == before, "an account was made without its terms being accepted"

    address = leave(client, "/spotify/sign-in", csrf=visitor(client), invitation=invitation, terms="yes")
    assert "user-read-recently-played" in address
    assert client.get(agree(address, name)).headers["location"] == "/"
    session = playing.accounts.session(client.cookies["playprint"])
    assert session
    assert session.role == "member"
    assert connected(playing, session.user_id)


def test_who_is_not_on_the_list_is_told_and_nothing_is_kept(
    somebody, fresh, fake: FakeSpotify, playing: Playprint
) -> None:  # type: ignore[no-untyped-def]
    alice, name = somebody(), fresh()
    back = agree(to_spotify(alice), name)
    fake.allowed = set()
    assert alice.client.get(back).headers["location"] == "/spotify?error=spotify-not-listed"
    assert not connected(playing, alice.id)


def test_disconnecting_needs_the_sessions_own_token(somebody, fresh, playing: Playprint) -> None:  # type: ignore[no-untyped-def]
    alice, charlie, name = somebody(), somebody("Charlie"), fresh()
    alice.client.get(agree(to_spotify(alice), name))
    for csrf in ("", charlie.csrf):
        assert leave(alice.client, "/spotify/disconnect", csrf=csrf) == "/spotify?error=expired"
    assert connected(playing, alice.id)
    assert leave(charlie.client, "/spotify/disconnect", csrf=charlie.csrf) == "/spotify?done=disconnected"
    assert connected(playing, alice.id)
    assert leave(alice.client, "/spotify/disconnect", csrf=alice.csrf) == "/spotify?done=disconnected"
    assert not connected(playing, alice.id)


def test_ways_to_spotify_are_not_begun_without_end(browser) -> None:  # type: ignore[no-untyped-def]
    client = browser()
    form = {"csrf": visitor(client)}
    assert all("/authorize?" in leave(client, "/spotify/sign-in", **form) for _ in range(30))
    assert leave(client, "/spotify/sign-in", **form) == "/sign-in?error=slow-down"


def test_without_an_app_there_is_no_way(servers: tuple[str, str], playing: Playprint, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, demo=False, allowed_hosts="testserver")
    bare = build(settings, database_url=playing.db.url, redis_url=servers[1])
    app = Starlette(routes=routes(lambda: bare), middleware=middleware(lambda: bare))
    client = TestClient(app, follow_redirects=False)
    assert leave(client, "/spotify/sign-in", csrf=visitor(client)) == "/sign-in?error=spotify-off"
    assert "accounts.spotify.com" not in client.get("/").headers["content-security-policy"]
    bare.close()


def test_on_https_no_other_host_can_set_the_cookie_of_the_way_back(playing: Playprint) -> None:
    settings = playing.settings.model_copy(update={"public_url": "https://music.example"})
    made = build(settings, database_url=playing.db.url, redis_url=playing.redis_url)
    app = Starlette(routes=routes(lambda: made), middleware=middleware(lambda: made))
    client = TestClient(app, base_url="https://music.example", follow_redirects=False, client=("10.77.1.1", 1))
    client.get("/")
    form = {"csrf": client.cookies["__Host-playprint_visitor"]}
    line = cookie_line(client.post("/spotify/sign-in", data=form), "__Host-playprint_spotify")
    made.close()
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(line.split("; "))
