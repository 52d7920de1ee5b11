"""Signing in and out by the forms: what works, and everything that must not."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from someone import GOOD, Someone, TestClient, cookie_line, visitor

from core.bootstrap import Playprint, build
from core.domain.people import SENTENCES
from core.settings import Settings
from web.requests import local_path
from web.routes import middleware, routes

Browser = Callable[..., TestClient]
Somebody = Callable[..., Someone]


def sign_in(client: TestClient, name: str, password: str = GOOD, **fields: str) -> str:
    """Return where the form leads."""
    data = {"csrf": visitor(client), "person": name, "password": password, **fields}
    answer = client.post("/auth/sign-in", data=data)
    assert answer.status_code == 303
    return answer.headers["location"]


def test_a_person_signs_in_and_is_led_back(browser: Browser, somebody: Somebody, playing: Playprint) -> None:
    alice, client = somebody(), browser()
    assert sign_in(client, alice.name.lower(), next="/artist?id=3&range=2025") == "/artist?id=3&range=2025"
    session = playing.accounts.session(client.cookies["playprint"])
    assert session
    assert session.user_id == alice.id
    assert "playprint_visitor" not in client.cookies


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Browser, somebody: Somebody) -> None:
    alice, client = somebody(), browser()
    form = {"csrf": visitor(client), "person": alice.name, "password": GOOD}
    brief = cookie_line(client.post("/auth/sign-in", data=form), "playprint")
    assert "HttpOnly; Path=/; SameSite=lax" in brief
    assert "Max-Age" not in brief
    assert "Domain" not in brief
    form["csrf"] = visitor(client)
    staying = cookie_line(client.post("/auth/sign-in", data={**form, "stay": "yes"}), "playprint")
    assert f"Max-Age={30 * 86400}" in staying


def test_on_https_cookies_are_bound_to_the_host(playing: Playprint, redis_url: str, somebody: Somebody) -> None:
    from starlette.applications import Starlette

    alice = somebody()
    settings = Settings(home=playing.settings.home, public_url="https://music.example/")
    secure = build(settings, database_url=playing.db.url, redis_url=redis_url)
    app = Starlette(routes=routes(lambda: secure), middleware=middleware(lambda: secure))
    client = TestClient(app, base_url="https://music.example", follow_redirects=False)
    page = client.get("/")
    assert "Secure" in cookie_line(page, "__Host-playprint_visitor")
    assert page.headers["strict-transport-security"].startswith("max-age=31536000")
    form = {"csrf": client.cookies["__Host-playprint_visitor"], "person": alice.name, "password": GOOD}
    line = cookie_line(client.post("/auth/sign-in", data=form), "__Host-playprint")
    assert "HttpOnly; Path=/; SameSite=lax; Secure" in line
    secure.close()


def test_wrong_passwords_and_unknown_names_get_the_same_answer(browser: Browser, somebody: Somebody) -> None:
    alice, client = somebody(), browser()
    wrong = sign_in(client, alice.name, "wrong wrong wrong", next="/charts")
    unknown = sign_in(client, f"nobody {uuid4().hex}", GOOD, next="/charts")
    assert wrong == unknown == "/sign-in?error=wrong&next=%2Fcharts"
    assert "playprint" not in client.cookies


def test_guessing_is_slowed(browser: Browser, somebody: Somebody) -> None:
    alice, client = somebody(), browser()
    answers = [sign_in(client, alice.name, f"wrong wrong {n}") for n in range(6)]
    assert answers == ["/sign-in?error=wrong"] * 5 + ["/sign-in?error=wait"]
    assert sign_in(client, alice.name) == "/sign-in?error=wait"
    assert sign_in(browser(), alice.name) == "/"


def test_signing_in_again_ends_the_session_before(browser: Browser, somebody: Somebody, playing: Playprint) -> None:
    alice = somebody()
    before = alice.cookie
    assert sign_in(alice.client, alice.name) == "/"
    assert alice.cookie != before
    assert playing.accounts.session(before) is None


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/%2f%2fevil.example",
        "/a/../../evil",
        "/charts#x",
        "/charts?next=\r\nSet-Cookie:x",
        "javascript:alert(1)",
        "/auth/sign-out",
        " /charts",
        "/charts\n",
        "",
        "/" + "a" * 3000,
    ],
)
def test_the_way_back_never_leaves_this_instance(browser: Browser, somebody: Somebody, wanted: str) -> None:
    assert local_path(wanted) == "/"
    alice = somebody()
    assert sign_in(browser(), alice.name, next=wanted) == "/"


def test_signing_out_kills_the_cookie_everywhere_it_was_copied(playing: Playprint, somebody: Somebody) -> None:
    alice = somebody()
    stolen = alice.cookie
    answer = alice.client.post("/auth/sign-out", data={"csrf": alice.csrf})
    assert answer.headers["location"] == "/"
    assert 'playprint=""; ' in cookie_line(answer, "playprint")
    assert playing.accounts.session(stolen) is None


def test_signing_out_everywhere_ends_the_other_devices(
    browser: Browser, playing: Playprint, somebody: Somebody
) -> None:
    alice, charlie, phone = somebody(), somebody("Charlie"), browser()
    sign_in(phone, alice.name)
    alice.client.post("/auth/sign-out-everywhere", data={"csrf": alice.csrf})
    assert playing.accounts.session(alice.cookie if "playprint" in alice.client.cookies else "") is None
    assert playing.accounts.session(phone.cookies["playprint"]) is None
    assert playing.accounts.session(charlie.cookie)


@pytest.mark.parametrize("route", ["/auth/sign-out", "/auth/sign-out-everywhere"])
def test_signing_out_needs_the_sessions_own_token(playing: Playprint, somebody: Somebody, route: str) -> None:
    alice, charlie = somebody(), somebody("Charlie")
    for csrf in ({}, {"csrf": ""}, {"csrf": "x" * 43}, {"csrf": charlie.csrf}, {"csrf": "ä"}):
        answer = alice.client.post(route, data=csrf)
        assert answer.headers["location"] == "/sign-out?error=expired"
        assert playing.accounts.session(alice.cookie)


@pytest.mark.parametrize("route", ["/auth/sign-in", "/auth/redeem"])
def test_forms_before_signing_in_need_the_visitors_own_secret(
    browser: Browser, playing: Playprint, somebody: Somebody, route: str
) -> None:
    alice = somebody()
    link = playing.accounts.reset_link(alice.name)
    fields = {"person": alice.name, "link": link, "password": GOOD, "repeat": GOOD}
    client, other = browser(), browser()
    visitor(client)
    for csrf in ({}, {"csrf": ""}, {"csrf": "x" * 43}, {"csrf": visitor(other)}):
        assert "error=expired" in client.post(route, data={**fields, **csrf}).headers["location"]
    bare = browser()
    assert "error=expired" in bare.post(route, data={**fields, "csrf": ""}).headers["location"]
    assert "playprint" not in client.cookies
    assert playing.accounts.linked(link)


@pytest.mark.parametrize("route", ["/auth/sign-in", "/auth/redeem", "/auth/sign-out", "/auth/sign-out-everywhere"])
def test_posts_from_other_sites_are_refused_before_anything(somebody: Somebody, playing: Playprint, route: str) -> None:
    alice = somebody()
    foreign = ("https://evil.example", "http://testserver.evil.example", "http://testserver:81", "http://[::1", "null")
    for origin in foreign:
        answer = alice.client.post(route, data={"csrf": alice.csrf}, headers={"Origin": origin})
        assert answer.status_code == 403
    assert playing.accounts.session(alice.cookie)
    assert alice.client.get(route).status_code == 405


def test_a_link_works_once_and_leads_back_with_what_was_wrong(browser: Browser, playing: Playprint) -> None:
    user, token = playing.accounts.add(f"Bob {uuid4().hex[:8]}")
    client = browser()
    form = {"csrf": visitor(client), "link": token, "password": GOOD, "repeat": GOOD}
    for change, code in [
        ({"repeat": "different words"}, "repeat"),
        ({"password": "short", "repeat": "short"}, "short"),
        ({"password": "password1234", "repeat": "password1234"}, "common"),
        ({"person": "x" * 41}, "name"),
    ]:
        answer = client.post("/auth/redeem", data={**form, **change})
        assert answer.headers["location"] == f"/welcome?link={token}&error={code}"
    assert client.post("/auth/redeem", data=form).headers["location"] == "/"
    session = playing.accounts.session(client.cookies["playprint"])
    assert session
    assert session.user_id == user.id
    form["csrf"] = visitor(client)
    again = client.post("/auth/redeem", data=form)
    assert again.headers["location"] == f"/welcome?link={token}&error=link"


def test_forged_cookies_open_nothing(browser: Browser, somebody: Somebody) -> None:
    alice, charlie = somebody(), somebody("Charlie")
    secret = alice.cookie.split(".")[1]
    for forged in ("", "x", f"{charlie.id}.{secret}", f"{alice.id}.{'A' * 43}", f"{alice.id}.", "a" * 5000):
        client = browser()
        client.cookies.set("playprint", forged)
        assert client.get("/download/listens.csv").headers["location"] == "/sign-in?error=signed-out"


def test_large_and_broken_forms_are_refused(browser: Browser) -> None:
    client = browser()
    csrf = visitor(client)
    for body in (f"csrf={csrf}&person={'x' * 20000}", b"csrf=\xff\xfe", "&".join(["a=b"] * 50)):
        answer = client.post(
            "/auth/sign-in", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert answer.headers["location"] == "/sign-in?error=broken"


def test_every_code_an_answer_can_carry_has_a_sentence() -> None:
    for sentence in SENTENCES.values():
        assert sentence.endswith((".", "`."))
        assert "{" not in sentence


@pytest.mark.parametrize(("said", "kept"), [("Asia/Kathmandu", "Asia/Kathmandu"), ("Mars/Base", "UTC"), ("", "UTC")])
def test_a_new_persons_days_are_counted_in_the_browsers_timezone(
    playing: Playprint, browser: Callable[..., TestClient], said: str, kept: str
) -> None:
    user, token = playing.accounts.add(f"Zoe {uuid4().hex[:8]}")
    client = browser()
    fields = {"csrf": visitor(client), "link": token, "password": GOOD, "repeat": GOOD, "timezone": said}
    assert client.post("/auth/redeem", data=fields).headers["location"] == "/"
    assert playing.profiles.lens(user.id).timezone == kept
    again = {
        **fields,
        "csrf": visitor(client),
        "link": playing.accounts.reset_link(user.name),
        "timezone": "Asia/Tokyo",
    }
    assert client.post("/auth/redeem", data=again).headers["location"] == "/"
    assert playing.profiles.lens(user.id).timezone == kept, "a reset changed the timezone"
