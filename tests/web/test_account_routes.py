"""One's own account by its forms: password, mail address, second factor, devices, registration, leaving."""

import html
import re
import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import psycopg
import pyotp
import pytest
from someone import GOOD, Someone, TestClient, cookie_line, visitor
from starlette.applications import Starlette

from core.bootstrap import Playprint, build
from core.settings import Settings
from web.routes import middleware, routes

Browser = Callable[..., TestClient]
Somebody = Callable[..., Someone]
NEW = "another four words here"


def post(who: Someone, path: str, **fields: str) -> str:
    """Return where a form of a signed-in person leads."""
    answer = who.client.post(path, data={"csrf": who.csrf, **fields})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def switch_on(who: Someone, playing: Playprint) -> tuple[pyotp.TOTP, list[str]]:
    """Switch a second factor on by the forms and return the app and the recovery codes."""
    assert post(who, "/account/second-factor/begin", password=GOOD) == "/account?at=second-factor"
    setup = playing.second_factor.setup(who.id)
    assert setup is not None
    app = pyotp.TOTP(setup.secret)
    answer = who.client.post("/account/second-factor/confirm", data={"csrf": who.csrf, "code": app.now()})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    codes = re.findall(r"<code>([a-z2-7-]{19})</code>", answer.text)
    assert len(codes) == 10
    return app, codes


def signing_in(client: TestClient, who: Someone, **fields: str) -> str:
    data = {"csrf": visitor(client), "person": who.name, "password": GOOD, **fields}
    return client.post("/auth/sign-in", data=data).headers["location"]


def test_a_new_password_keeps_this_browser_and_ends_the_others(
    browser: Browser, somebody: Somebody, playing: Playprint
) -> None:
    alice, phone = somebody(), browser()
    signing_in(phone, alice)
    before = alice.cookie
    fields = {"current": GOOD, "password": NEW, "repeat": NEW}
    assert post(alice, "/account/password", **{**fields, "repeat": GOOD}) == "/account?error=repeat&at=password"
    assert post(alice, "/account/password", **{**fields, "current": NEW}) == "/account?error=current&at=password"
    answer = alice.client.post("/account/password", data={"csrf": alice.csrf, **fields})
    assert answer.headers["location"] == "/account?done=password"
    line = cookie_line(answer, "playprint")
    assert "HttpOnly; Path=/; SameSite=lax" in line
    assert "Max-Age" not in line
    assert playing.accounts.session(alice.cookie)
    for old in (before, phone.cookies["playprint"]):
        assert playing.accounts.session(old) is None


def test_a_mail_address_is_set_and_taken_away(somebody: Somebody, playing: Playprint) -> None:
    alice = somebody()
    for email, password, leads in [
        ("alice@mail.example", "wrong wrong wrong", "/account?error=current&at=email"),
        ("no address", GOOD, "/account?error=email&at=email"),
        ("alice@mail.example", GOOD, "/account?done=email"),
    ]:
        assert post(alice, "/account/email", email=email, password=password) == leads
    assert playing.accounts.own(alice.id).email == "alice@mail.example"
    assert post(alice, "/account/email", email="", password=GOOD) == "/account?done=email"
    assert playing.accounts.own(alice.id).email == ""


def test_signing_in_with_a_second_factor(browser: Browser, somebody: Somebody, playing: Playprint) -> None:
    alice, client = somebody(), browser()
    app, _ = switch_on(alice, playing)
    data = {"csrf": visitor(client), "person": alice.name, "password": GOOD, "stay": "yes", "next": "/charts?by=hour"}
    answer = client.post("/auth/sign-in", data=data)
    assert answer.headers["location"] == "/second-factor?next=%2Fcharts%3Fby%3Dhour"
    line = cookie_line(answer, "playprint_second")
    assert "HttpOnly; Max-Age=300; Path=/; SameSite=lax" in line
    assert "playprint" not in client.cookies
    assert "playprint_known" not in client.cookies
    form = {"csrf": visitor(client), "next": "/charts?by=hour"}
    wrong = client.post("/auth/second-factor", data={**form, "code": "000000"})
    assert wrong.headers["location"] == "/second-factor?error=code&next=%2Fcharts%3Fby%3Dhour"
    code = app.at(int(time.time()) + 30)
    right = client.post("/auth/second-factor", data={**form, "code": code})
    assert right.headers["location"] == "/charts?by=hour"
    assert f"Max-Age={30 * 86400}" in cookie_line(right, "playprint")
    assert f"Max-Age={180 * 86400}" in cookie_line(right, "playprint_known")
    assert "playprint_second" not in client.cookies
    session = playing.accounts.session(client.cookies["playprint"])
    assert session
    assert session.user_id == alice.id


def test_a_second_factor_cookie_works_once_and_for_its_person(
    browser: Browser, somebody: Somebody, playing: Playprint
) -> None:
    alice, charlie, client = somebody(), somebody("Charlie"), browser()
    _, codes = switch_on(alice, playing)
    _, theirs = switch_on(charlie, playing)
    signing_in(client, alice)
    stolen = client.cookies["playprint_second"]

    def enter(pending: str, code: str) -> tuple[str, TestClient]:
        other = browser()
        csrf = visitor(other)
        other.cookies.set("playprint_second", pending)
        answer = other.post("/auth/second-factor", data={"csrf": csrf, "code": code})
        return answer.headers["location"], other

    assert enter(stolen, theirs[0])[0] == "/second-factor?error=code"
    assert enter("", codes[0])[0] == "/sign-in?error=second-over"
    assert enter(stolen.replace(str(alice.id), str(charlie.id), 1), theirs[0])[0] == "/sign-in?error=second-over"
    first, inside = enter(stolen, codes[0])
    assert (first, "playprint" in inside.cookies) == ("/", True)
    again, outside = enter(stolen, codes[1])
    assert (again, "playprint" in outside.cookies) == ("/sign-in?error=second-over", False)
    bare = client.post("/auth/second-factor", data={"csrf": "", "code": codes[1]})
    assert "error=expired" in bare.headers["location"]


def test_a_link_for_a_new_password_asks_for_the_code(browser: Browser, somebody: Somebody, playing: Playprint) -> None:
    alice, client = somebody(), browser()
    _, codes = switch_on(alice, playing)
    link = playing.accounts.reset_link(alice.name)
    form = {"csrf": visitor(client), "link": link, "password": NEW, "repeat": NEW}
    assert client.post("/auth/redeem", data=form).headers["location"] == "/second-factor"
    assert "playprint" not in client.cookies
    entered = client.post("/auth/second-factor", data={"csrf": visitor(client), "code": codes[0]})
    assert entered.headers["location"] == "/"
    assert "playprint" in client.cookies


def test_switching_the_second_factor_off(somebody: Somebody, playing: Playprint) -> None:
    alice = somebody()
    _, codes = switch_on(alice, playing)
    path, home = "/account/second-factor/off", "/account?error={}&at=second-factor"
    assert post(alice, path, password="wrong wrong", code=codes[0]) == home.format("current")
    assert post(alice, path, password=GOOD, code="000000") == home.format("code")
    assert post(alice, "/account/second-factor/begin", password=GOOD) == home.format("second-on")
    assert post(alice, path, password=GOOD, code=codes[0]) == "/account?done=second-factor-off"
    assert not playing.accounts.own(alice.id).second_factor
    assert post(alice, "/account/second-factor/confirm", code="123456") == home.format("setup")


def test_devices_are_ended_one_by_one_and_all(browser: Browser, somebody: Somebody, playing: Playprint) -> None:
    alice, phones = somebody(), [browser() for _ in range(3)]
    for phone in phones:
        phone.headers["User-Agent"] = "Mozilla/5.0 (Android 16; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
        signing_in(phone, alice)
    listed = playing.sessions.list(alice.id)
    assert [each.label for each in listed].count("Firefox on Android") == 3
    first = playing.accounts.session(phones[0].cookies["playprint"])
    assert first
    assert post(alice, "/account/sessions/end", key=first.key) == "/account?done=session-ended"
    assert [bool(playing.accounts.session(p.cookies["playprint"])) for p in phones] == [False, True, True]
    again = alice.client.post("/account/sessions/end", data={"csrf": alice.csrf, "key": first.key})
    assert (again.status_code, again.text) == (404, "There is nothing here.")
    assert post(alice, "/account/sessions/end-others") == "/account?done=others-ended"
    assert [bool(playing.accounts.session(p.cookies["playprint"])) for p in phones] == [False] * 3
    assert playing.accounts.session(alice.cookie)


def test_an_account_by_invitation(browser: Browser, somebody: Somebody, playing: Playprint) -> None:
    owner, client = somebody("Owner", "owner"), browser()
    token, name = playing.invitations.invite(owner.id), f"Zoe {uuid4().hex[:8]}"
    form = {"csrf": visitor(client), "invitation": token, "person": name, "password": GOOD, "repeat": GOOD}
    for change, code in [({"repeat": NEW}, "repeat"), ({"person": "!"}, "name"), ({"person": owner.name}, "taken")]:
        answer = client.post("/auth/register", data={**form, **change})
        assert answer.headers["location"] == f"/register?invitation={token}&error={code}"
    answer = client.post("/auth/register", data={**form, "timezone": "Asia/Tokyo"})
    assert answer.headers["location"] == "/"
    session = playing.accounts.session(client.cookies["playprint"])
    assert session
    assert (session.name, session.role) == (name, "member")
    assert playing.profiles.lens(session.user_id).timezone == "Asia/Tokyo"
    other = browser()
    form["csrf"] = visitor(other)
    assert "error=invitation" in other.post("/auth/register", data=form).headers["location"]
    assert (
        "error=registration-invited"
        in other.post("/auth/register", data={**form, "invitation": ""}).headers["location"]
    )


def test_forgotten_passwords_are_answered_alike(
    playing: Playprint, redis_url: str, somebody: Somebody, browser: Browser
) -> None:
    alice = somebody()
    post(alice, "/account/email", email="alice@mail.example", password=GOOD)
    client = browser()
    asked = client.post("/auth/forgot", data={"csrf": visitor(client), "person": alice.name})
    assert asked.headers["location"] == "/forgot?error=no-mail"
    settings = Settings(home=playing.settings.home, smtp_url="smtp://127.0.0.1:1", allowed_hosts="testserver")
    mailing = build(settings, database_url=playing.db.url, redis_url=redis_url)
    app = Starlette(routes=routes(lambda: mailing), middleware=middleware(lambda: mailing))
    client = TestClient(app, follow_redirects=False, client=(f"10.77.{alice.id % 250}.1", 1))
    csrf, names = visitor(client), (alice.name, "nobody at all " + uuid4().hex[:6])
    answers = [client.post("/auth/forgot", data={"csrf": csrf, "person": name}) for name in names]
    assert {answer.headers["location"] for answer in answers} == {"/forgot?done=sent"}
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1
    with psycopg.connect(playing.db.url) as connection:
        rows = connection.execute("select args from procrastinate_jobs where queue_name = 'mail'").fetchall()
    assert {"user_id": alice.id} in [row[0] for row in rows]
    assert {key for row in rows for key in row[0]} == {"user_id"}
    assert "error=expired" in client.post("/auth/forgot", data={"csrf": "", "person": alice.name}).headers["location"]
    for _ in range(2):
        client.post("/auth/forgot", data={"csrf": csrf, "person": alice.name})
    fourth = client.post("/auth/forgot", data={"csrf": csrf, "person": alice.name})
    assert fourth.headers["location"] == "/forgot?error=slow-down"
    mailing.close()


def test_leaving_in_two_steps(somebody: Somebody, playing: Playprint) -> None:
    alice, charlie = somebody(), somebody("Charlie")
    assert post(alice, "/account/leave", password="wrong wrong wrong") == "/leave?error=current"
    leads = post(alice, "/account/leave", password=GOOD)
    token = parse_qs(urlsplit(leads).query)["confirm"][0]
    assert post(charlie, "/account/leave/confirm", token=token) == "/leave?error=confirm"
    assert post(alice, "/account/leave/confirm", token="x") == "/leave?error=confirm"
    session_key = playing.accounts.session(alice.cookie)
    assert session_key
    cookie = alice.cookie
    answer = alice.client.post("/account/leave/confirm", data={"csrf": alice.csrf, "token": token})
    assert answer.status_code == 200
    text = html.unescape(answer.text)
    assert "Your account is deleted" in text
    assert re.search(r"Receipt number: <code>[0-9a-f]{16}</code>", text)
    for personal in (alice.name, cookie, session_key.key, alice.csrf):
        assert personal not in text
    assert "playprint" not in alice.client.cookies
    assert "playprint_known" not in alice.client.cookies
    assert playing.accounts.session(cookie) is None
    assert [user for user in playing.accounts.list() if user.id == alice.id] == []
    again = alice.client.post("/account/leave/confirm", data={"csrf": alice.csrf, "token": token})
    assert again.headers["location"] == "/sign-in?error=signed-out&next=%2Fleave"


def test_plain_pages_ask_nobody_else_and_hold_no_script(somebody: Somebody, playing: Playprint) -> None:
    alice = somebody()
    assert post(alice, "/account/second-factor/begin", password=GOOD)
    setup = playing.second_factor.setup(alice.id)
    assert setup
    data = {"csrf": alice.csrf, "code": pyotp.TOTP(setup.secret).now()}
    page = alice.client.post("/account/second-factor/confirm", data=data).text
    assert "<script" not in page
    assert "style=" not in page
    assert not re.search(r"https?://", page)
    for path in re.findall(r'(?:href|src)="(/assets/[^"]+)"', page):
        assert alice.client.get(path).status_code == 200, path


@pytest.mark.parametrize("known", ["", "x", "1~2.3.4"])
def test_a_browser_somebody_used_is_not_held_up_by_strangers_at_the_same_address(
    browser: Browser, somebody: Somebody, known: str
) -> None:
    alice = somebody()
    used, stranger = browser(), browser()
    signing_in(used, alice)
    for _ in range(6):
        signing_in(stranger, alice, password="wrong wrong wrong")
    used.cookies.delete("playprint")
    mine = used.cookies["playprint_known"]
    stranger.cookies.set("playprint_known", known)
    assert signing_in(stranger, alice) == "/sign-in?error=wait"
    stranger.cookies.clear()
    stranger.cookies.set("playprint_known", mine)
    assert signing_in(stranger, alice) == "/"
