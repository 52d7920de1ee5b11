"""Too many requests: 429, when to come back, one sentence; for the one who asked alone."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from someone import Someone, TestClient, visitor
from starlette.applications import Starlette

from core.bootstrap import Playprint, build
from core.domain.people import SENTENCES
from core.services.limits import LIMITS
from core.settings import Settings
from web.routes import middleware, routes

Somebody = Callable[..., Someone]
Browser = Callable[..., TestClient]


class Clock:
    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(playing: Playprint, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return the clock the limits of this instance go by."""
    made = Clock()
    monkeypatch.setattr(playing.limits, "_now", made)
    return made


def used_up(playing: Playprint, what: str, subject: int | str) -> None:
    """Take all places but one."""
    for _ in range(LIMITS[what].most - 1):  # type: ignore[index]
        playing.limits.take(what, subject)  # type: ignore[arg-type]


def too_often(answer: object, seconds: float) -> bool:
    """Return whether an answer says: slow down, for so many seconds."""
    assert answer.status_code == 429  # type: ignore[attr-defined]
    assert answer.headers["retry-after"] == str(int(seconds))  # type: ignore[attr-defined]
    assert answer.headers["cache-control"] == "no-store"  # type: ignore[attr-defined]
    assert SENTENCES["slow-down"] in answer.text  # type: ignore[attr-defined]
    return True


@pytest.mark.parametrize(
    ("what", "path"),
    [
        ("download", "/download/listens.csv"),
        ("download", "/download/listens.parquet"),
        ("download", "/download/chart.csv"),
        ("download", "/download/import/1.json"),
        ("picture", "/download/figure/timeline.png"),
    ],
)
def test_downloads_at_the_limit_and_one_more(
    somebody: Somebody, playing: Playprint, clock: Clock, what: str, path: str
) -> None:
    alice, charlie = somebody(), somebody("Charlie")
    used_up(playing, what, alice.id)
    assert alice.client.get(path).status_code == 404, "there is nothing, but asking is allowed"
    assert too_often(alice.client.get(path), 3600)
    assert charlie.client.get(path).status_code == 404
    clock.now += timedelta(hours=1)
    assert alice.client.get(path).status_code == 404


def test_uploads_at_the_limit_and_one_more(somebody: Somebody, playing: Playprint, clock: Clock) -> None:
    alice = somebody()
    files, headers = [("files", ("x.zip", b"x", "application/zip"))], {"Accept": "application/json"}
    used_up(playing, "upload", alice.id)
    sent = alice.client.post("/upload", files=files, headers={**headers, "X-CSRF": alice.csrf})
    assert sent.status_code == 200
    playing.importing.cancel(alice.id, import_id=sent.json()["import_id"])
    before = sorted(playing.uploads.iterdir())
    again = alice.client.post("/upload", files=files, headers={**headers, "X-CSRF": alice.csrf})
    assert too_often(again, 3600)
    assert again.json()["error"] == "slow-down"
    plain = alice.client.post("/upload", files=files, headers={"X-CSRF": alice.csrf})
    assert plain.headers["location"] == "/imports?error=slow-down"
    assert sorted(playing.uploads.iterdir()) == before
    foreign = alice.client.post("/upload", files=files, headers={**headers, "X-CSRF": "x"})
    assert foreign.status_code == 403, "what is refused anyway is not counted"
    clock.now += timedelta(hours=1)
    sent = alice.client.post("/upload", files=files, headers={**headers, "X-CSRF": alice.csrf})
    assert sent.status_code == 200


@pytest.fixture
def looking(playing: Playprint, redis_url: str) -> Iterator[Callable[[str], TestClient]]:
    """Return a function that opens a visitor's browser at an address, where a demo profile can be looked at."""
    settings = Settings(home=playing.settings.home, demo=True, allowed_hosts="testserver")
    made = build(settings, database_url=playing.db.url, redis_url=redis_url)
    made.demo._found = playing.accounts.add(f"Shown {uuid4().hex[:8]}")[0].id
    app = Starlette(routes=routes(lambda: made), middleware=middleware(lambda: made))
    yield lambda address: TestClient(app, follow_redirects=False, client=(address, 1))
    made.close()


@pytest.mark.parametrize(
    ("what", "path"),
    [
        ("visitor-picture", "/download/figure/timeline.svg?profile=demo"),
        ("visitor-download", "/download/listens.csv?profile=demo"),
        ("visitor-download", "/download/chart.csv?profile=demo"),
    ],
)
def test_visitors_are_counted_by_address(
    looking: Callable[[str], TestClient], playing: Playprint, what: str, path: str
) -> None:
    here = f"10.200.{len(path)}.1"
    used_up(playing, what, here)
    assert looking(here).get(path).status_code == 404
    assert looking(here).get(path).status_code == 429
    assert looking(f"10.201.{len(path)}.1").get(path).status_code == 404


def test_five_new_accounts_a_day_from_one_address(
    somebody: Somebody, browser: Browser, playing: Playprint, clock: Clock
) -> None:
    owner, client = somebody("Owner", "owner"), browser()
    token = playing.invitations.invite(owner.id)
    address = client._transport.client[0]  # type: ignore[attr-defined]
    for _ in range(5):
        playing.limits.take("register", address)
    form = {"csrf": visitor(client), "invitation": token, "person": f"Zoe {owner.id}", "password": "x" * 6 + " yz abc"}
    form["repeat"] = form["password"]
    answer = client.post("/auth/register", data=form)
    assert answer.headers["location"] == f"/register?invitation={token}&error=slow-down"
    clock.now += timedelta(days=1)
    assert client.post("/auth/register", data=form).headers["location"] == "/"
