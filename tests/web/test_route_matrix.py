"""Every route, asked by everybody: Charlie with Alice's numbers, visitors, forged cookies, foreign tokens and sites.

The routes are read from the application: a new one without a case here fails.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from someone import TestClient, cookie_line, visitor
from sqlalchemy import text
from stage import GOOD, MARK, Stage, staged
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from core.repositories.database import Database
from core.repositories.schema import metadata
from web.routes import middleware, routes

Fields = Callable[[Stage], dict[str, str]]
NEW = "another four words here"
HEADERS = {
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
    "cache-control",
}


def alices_link(s: Stage) -> str:
    """Return a link token that looks like one of Alice's."""
    return f"{s.alice}.{'A' * 43}"


def alice(**more: str) -> Fields:
    """Return the fields that name Alice as the person something is done to."""
    return lambda s: {"person": str(s.alice), **more}


# What Charlie puts into a form to get at Alice. ``before`` is open to visitors, ``own`` to everybody signed in,
# ``staff`` to the owner and admins.
FORMS: dict[str, tuple[str, Fields]] = {
    "/auth/sign-in": ("before", lambda s: {"person": "Alice Owner", "password": "wrong wrong wrong"}),
    "/auth/second-factor": ("before", lambda s: {"code": "000000"}),
    "/auth/redeem": ("before", lambda s: {"link": alices_link(s), "password": NEW, "repeat": NEW}),
    "/auth/register": (
        "before",
        lambda s: {"invitation": alices_link(s), "person": "Alice Owner", "password": NEW, "repeat": NEW},
    ),
    "/auth/forgot": ("before", lambda s: {"person": "Alice Owner"}),
    "/auth/sign-out": ("own", alice()),
    "/auth/sign-out-everywhere": ("own", alice(user_id="1")),
    "/account/password": ("own", alice(current="wrong wrong", password=NEW, repeat=NEW)),
    "/account/email": ("own", alice(email="c@mail.example", password=GOOD)),
    "/account/second-factor/begin": ("own", alice(password=GOOD)),
    "/account/second-factor/confirm": ("own", alice(code="000000")),
    "/account/second-factor/off": ("own", alice(password=GOOD, code="000000")),
    "/account/sessions/end": ("own", lambda s: {"key": s.session(s.alice).key}),
    "/account/sessions/end-others": ("own", alice()),
    "/account/leave": ("own", alice(password="wrong wrong")),
    "/account/leave/confirm": ("own", lambda s: {"token": alices_link(s)}),
    "/people/invite": ("staff", lambda s: {"new_role": "admin"}),
    "/people/invitations/revoke": ("staff", lambda s: {"key": s.playing.invitations.list(s.alice)[0].key}),
    "/people/role": ("staff", alice(new_role="member")),
    "/people/reset-link": ("staff", alice()),
    "/people/sessions/end-all": ("staff", alice()),
    "/people/second-factor/off": ("staff", alice()),
    "/people/delete": ("staff", alice(typed="Alice Owner")),
    "/spotify/connect": ("own", alice(terms="yes", password=GOOD)),
    "/spotify/sign-in": ("before", lambda s: {"next": "/"}),
    "/spotify/sync": ("own", alice()),
    "/spotify/disconnect": ("own", alice()),
    "/spotify/save-playlist": ("own", alice(asked="what=kept&user_id=1", once="x" * 24)),
    "/settings/community/join": ("own", alice(user_id="1")),
    "/settings/community/leave": ("own", alice(user_id="1")),
    "/settings/training/join": ("own", alice(user_id="1")),
    "/settings/training/leave": ("own", alice(user_id="1")),
    "/upload": ("own", alice(user_id="1")),
    "/charts/upload": ("staff", alice(user_id="1")),
}
# What Charlie asks for; Spotify's way back is the one GET that changes something, for whoever holds its state.
LOOKS: dict[str, Callable[[Stage], str]] = {
    "/healthz": lambda s: "/healthz",
    "/oauth/spotify/callback": lambda s: "/oauth/spotify/callback?state=x&code=y",
    "/download/listens.{kind}": lambda s: f"/download/listens.csv?range=all&user_id={s.alice}",
    "/download/import/{import_id:int}.{kind}": lambda s: f"/download/import/{s.import_id}.json",
    "/download/figure/{name}.{kind}": lambda s: f"/download/figure/timeline.csv?range=all&user_id={s.alice}",
    "/download/chart.csv": lambda s: f"/download/chart.csv?of=artist&range=all&id={s.artist_id}",
    "/download/list/{name}.{kind}": lambda s: f"/download/list/lists-none.csv?range=all&user_id={s.alice}",
    "/download/playlist/{what}.{form}": lambda s: f"/download/playlist/songs.csv?list=x&user_id={s.alice}",
    "/download/suggestions/{what}.{form}": lambda s: f"/download/suggestions/next.csv?user_id={s.alice}",
    "/download/trend/{name}.{kind}": lambda s: f"/download/trend/trend-chart.csv?id={s.artist_id}&user_id={s.alice}",
    "/preview/trend.png": lambda s: f"/preview/trend.png?id={s.artist_id}&user_id={s.alice}",
    "/robots.txt": lambda s: "/robots.txt",
    "/sitemap.xml": lambda s: "/sitemap.xml",
    "/assets/world.json": lambda s: "/assets/world.json",
    "/assets": lambda s: "/assets/links.js",
    "/{name:page}": lambda s: f"/artist?id={s.artist_id}",
}
PUBLIC = ("/preview/trend.png", "/robots.txt", "/sitemap.xml")  # the same for everybody
OWN = [path for path, (kind, _) in FORMS.items() if kind == "own"]
STAFF = [path for path, (kind, _) in FORMS.items() if kind == "staff"]
SIGNED = OWN + STAFF


@pytest.fixture(scope="module")
def stage(
    another_db: Callable[[], AbstractContextManager[Database]], redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    with another_db() as db, staged(db, redis_url, tmp_path_factory.mktemp("stage")) as made:
        made.playing.invitations.invite(made.alice)
        yield made


@pytest.fixture
def open_as(stage: Stage) -> Callable[[str], TestClient]:
    """Return a function that opens a browser with a session cookie, or none."""
    app = Starlette(routes=routes(lambda: stage.playing), middleware=middleware(lambda: stage.playing))

    def opened(token: str = "") -> TestClient:
        client = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
        if token:
            client.cookies.set("playprint", token)
        return client

    return opened


def fresh(stage: Stage, user_id: int) -> str:
    """Return the token of a new session of somebody."""
    return stage.playing.sessions.start(user_id, stay=False)


def everything(db: Database) -> dict[str, object]:
    """Return every row of every table."""
    with db.begin() as connection:
        kept: dict[str, object] = {
            table.name: sorted(map(str, connection.execute(table.select()).all())) for table in metadata.sorted_tables
        }
        kept["jobs"] = connection.execute(text("select count(*) from procrastinate_jobs")).scalar_one()
    return kept


def holds(answer: object, word: str) -> bool:
    """Return whether an answer says a word, in its body or its headers."""
    return word in answer.text or word in str(answer.headers)  # type: ignore[attr-defined]


def test_every_route_is_a_case() -> None:
    found = routes(lambda: None)  # type: ignore[arg-type, return-value]
    assert {r.path for r in found if isinstance(r, Route) and "POST" in (r.methods or ())} == set(FORMS)
    looks = {r.path for r in found if isinstance(r, Mount) or (isinstance(r, Route) and "GET" in (r.methods or ()))}
    assert looks == set(LOOKS)
    for route in found:
        assert isinstance(route, Mount) or route.methods in ({"POST"}, {"GET", "HEAD"}), route.path  # type: ignore[union-attr]


@pytest.mark.parametrize("path", FORMS)
def test_charlie_does_nothing_to_alice(stage: Stage, open_as: Callable[[str], TestClient], path: str) -> None:
    kind, fields = FORMS[path]
    client = open_as(fresh(stage, stage.charlie))
    session = stage.playing.accounts.session(client.cookies["playprint"])
    assert session
    csrf = visitor(client) if kind == "before" else session.csrf
    before = stage.of_alice()
    answer = client.post(path, data={"csrf": csrf, **fields(stage)})
    if kind == "staff":
        assert (answer.status_code, answer.text) == (404, "There is nothing here.")
    elif path == "/account/sessions/end":
        assert answer.status_code == 404
    else:
        assert answer.status_code == 303
    after = stage.of_alice()
    if path == "/auth/sign-in":  # a wrong password is written into her record, as from anybody
        assert len(after.pop("account_events")) == len(before.pop("account_events")) + 1
    assert after == before
    assert not holds(answer, MARK)
    assert stage.session(stage.alice)


@pytest.mark.parametrize("path", LOOKS)
def test_charlie_sees_nothing_of_alices(stage: Stage, open_as: Callable[[str], TestClient], path: str) -> None:
    answer = open_as(fresh(stage, stage.charlie)).get(LOOKS[path](stage))
    assert not holds(answer, MARK)
    if path == "/download/import/{import_id:int}.{kind}":
        assert answer.status_code == 404
    if "listens" in path or "chart" in path:
        assert holds(answer, "Charlies"), "his own he gets"


@pytest.mark.parametrize("path", LOOKS)
@pytest.mark.parametrize("cookie", ["", "x", "1.x", "forged", "ended", "moved"])
def test_visitors_and_forged_cookies_see_nothing(
    stage: Stage, open_as: Callable[[str], TestClient], path: str, cookie: str
) -> None:
    answer = open_as(bad_cookie(stage, cookie)).get(LOOKS[path](stage))
    assert not holds(answer, MARK)
    assert not holds(answer, "Charlies")
    if path.startswith("/download") and "trend" not in path:
        assert answer.headers["location"].startswith("/sign-in?error=signed-out")


def bad_cookie(stage: Stage, kind: str) -> str:
    """Return a cookie that opens nothing."""
    token = fresh(stage, stage.charlie)
    if kind == "ended":
        stage.playing.accounts.sign_out(token)
        return token
    return {
        "forged": f"{stage.alice}.{'A' * 43}",
        "moved": f"{stage.alice}.{token.split('.')[1]}",
    }.get(kind, kind)


@pytest.mark.parametrize("path", SIGNED)
@pytest.mark.parametrize("cookie", ["", "forged", "ended", "moved"])
def test_without_a_session_nothing_happens(
    stage: Stage, open_as: Callable[[str], TestClient], path: str, cookie: str
) -> None:
    client = open_as(bad_cookie(stage, cookie))
    csrf = stage.session(stage.alice).csrf
    before = everything(stage.playing.db)
    answer = client.post(path, data={"csrf": csrf, **FORMS[path][1](stage)})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(("/sign-in?error=signed-out", "/"))
    assert everything(stage.playing.db) == before


@pytest.mark.parametrize("path", SIGNED)
@pytest.mark.parametrize("given", ["none", "blank", "wrong", "charlies", "visitors"])
def test_a_form_needs_the_sessions_own_token(
    stage: Stage, open_as: Callable[[str], TestClient], path: str, given: str
) -> None:
    """As when another site, or somebody else's page, makes Alice's browser post."""
    client = open_as(fresh(stage, stage.alice))
    tokens = {
        "none": {},
        "blank": {"csrf": ""},
        "wrong": {"csrf": "x" * 43},
        "charlies": {"csrf": stage.playing.accounts.session(fresh(stage, stage.charlie)).csrf},  # type: ignore[union-attr]
        "visitors": {"csrf": visitor(client)},
    }
    before = everything(stage.playing.db)
    answer = client.post(path, data={**FORMS[path][1](stage), **tokens[given]})
    assert answer.status_code == 303
    assert "error=" in answer.headers["location"]
    assert everything(stage.playing.db) == before


@pytest.mark.parametrize("path", [path for path, (kind, _) in FORMS.items() if kind == "before"])
@pytest.mark.parametrize("given", ["none", "blank", "wrong", "another visitor's"])
def test_a_visitors_form_needs_the_visitors_own_secret(
    stage: Stage, open_as: Callable[[str], TestClient], path: str, given: str
) -> None:
    client, other = open_as(""), open_as("")
    visitor(client)
    tokens = {
        "none": {},
        "blank": {"csrf": ""},
        "wrong": {"csrf": "x" * 43},
        "another visitor's": {"csrf": visitor(other)},
    }
    before = everything(stage.playing.db)
    answer = client.post(path, data={**FORMS[path][1](stage), **tokens[given]})
    assert "error=expired" in answer.headers["location"]
    assert everything(stage.playing.db) == before


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://testserver:81", "http://testserver.evil.example", "null"]
)
def test_other_sites_post_nothing(stage: Stage, open_as: Callable[[str], TestClient], path: str, origin: str) -> None:
    client = open_as(fresh(stage, stage.alice))
    session = stage.playing.accounts.session(client.cookies["playprint"])
    assert session
    before = everything(stage.playing.db)
    fields = {"csrf": session.csrf, **FORMS[path][1](stage)}
    answer = client.post(path, data=fields, headers={"Origin": origin})
    assert answer.status_code == 403
    assert everything(stage.playing.db) == before


@pytest.mark.parametrize("path", [*FORMS, *LOOKS])
@pytest.mark.parametrize("who", ["alice", "nobody"])
def test_nothing_changes_by_looking(stage: Stage, open_as: Callable[[str], TestClient], path: str, who: str) -> None:
    client = open_as(fresh(stage, stage.alice) if who == "alice" else "")
    if who == "alice":
        client.get("/download/listens.csv?range=all")  # what is computed once is kept before, not during
    session = stage.playing.accounts.session(client.cookies["playprint"]) if who == "alice" else None
    fields = {"csrf": session.csrf if session else "x", **FORMS[path][1](stage)} if path in FORMS else {}
    before = everything(stage.playing.db)
    for method in ("GET", "HEAD", "OPTIONS", "TRACE"):  # GET /upload is a page like any other of one word
        address = LOOKS[path](stage) if path in LOOKS else path
        answer = client.request(method, address, params=fields or None)
        assert path in LOOKS or path == "/upload" or answer.status_code == 405, method
    after = everything(stage.playing.db)
    if path.startswith("/download/"):  # that something was taken away is a line in the record, and nothing else
        assert set(before.pop("account_events")) <= set(after.pop("account_events"))  # type: ignore[call-overload]
    assert after == before


@pytest.mark.parametrize("path", [*FORMS, *LOOKS, "/nothing/here", "/NOTHING", "/_stcore/metrics"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_every_answer_of_every_route_carries_the_headers(
    stage: Stage, open_as: Callable[[str], TestClient], path: str, method: str
) -> None:
    address = LOOKS[path](stage) if path in LOOKS else path
    for token in ("", fresh(stage, stage.charlie)):
        answer = open_as(token).request(method, address)
        absent = HEADERS - set(answer.headers) - ({"cache-control"} if path.startswith("/assets") else set())
        assert not absent, (method, address, answer.status_code)
        assert "unsafe-eval" not in answer.headers["content-security-policy"]
        if path in PUBLIC and answer.status_code == 200:
            assert answer.headers["cache-control"] == "public, max-age=600"
        elif not path.startswith("/assets"):
            assert answer.headers["cache-control"] == "no-store"


def test_a_sign_in_gives_a_new_session_and_no_old_one(stage: Stage, open_as: Callable[[str], TestClient]) -> None:
    """Session fixation: a cookie somebody planted in the browser is not the one that is signed in."""
    planted = f"{stage.alice}.{'A' * 43}"
    client = open_as(planted)
    form = {"csrf": visitor(client), "person": "Charlie Member", "password": GOOD}
    line = cookie_line(client.post("/auth/sign-in", data=form), "playprint")
    assert planted not in line
    assert stage.playing.accounts.session(planted) is None
