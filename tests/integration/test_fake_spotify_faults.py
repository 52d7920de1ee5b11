"""The stand-in for Spotify: what goes wrong on demand, its lists and quotas, its controls, and running by itself."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
import requests
from fakes.spotify import FakeSpotify
from fakes.spotify.asking import Asker

ROOT = Path(__file__).resolve().parents[2]
NOT_LISTED = "User not registered in the Developer Dashboard"


@pytest.fixture
def fake() -> Iterator[FakeSpotify]:
    with FakeSpotify() as fake:
        yield fake


@pytest.fixture
def alice(fake: FakeSpotify) -> Asker:
    return Asker(fake)


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("rate", 429, {"error": {"status": 429, "message": "API rate limit exceeded"}}),
        ("quota", 429, {"error": {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}}),
        ("unauthorized", 401, {"error": {"status": 401, "message": "The access token expired"}}),
        ("forbidden", 403, {"error": {"status": 403, "message": "Forbidden"}}),
        ("missing", 404, {"error": {"status": 404, "message": "Resource not found"}}),
        ("invalid_grant", 400, {"error": "invalid_grant", "error_description": "Refresh token revoked"}),
        ("invalid_client", 400, {"error": "invalid_client", "error_description": "Invalid client"}),
    ],
)
def test_what_goes_wrong_in_json(fake: FakeSpotify, alice: Asker, kind: str, status: int, body: object) -> None:
    fake.faults.add(kind, "GET /me")
    answer = alice.ask("/me")
    assert (answer.status_code, answer.json()) == (status, body)
    assert alice.ask("/me").status_code == 200
    assert fake.calls == {"GET /me": 2}


@pytest.mark.parametrize(
    ("kind", "options", "status", "start"),
    [
        ("not_listed", {}, 403, NOT_LISTED),
        ("not_listed", {"wording": 1}, 403, "Check settings on developer.spotify.com/dashboard, the user may not be"),
        ("not_listed", {"wording": 2}, 403, "The user is not registered for this application."),
        ("not_premium", {}, 403, "Active premium subscription required for the owner of the app."),
        ("server", {}, 502, "<!DOCTYPE html>"),
        ("server", {"status": 503}, 503, "<!DOCTYPE html>"),
        ("html", {}, 200, "<!DOCTYPE html>"),
        ("broken", {}, 200, '{"items": [{"tra'),
    ],
)
def test_what_goes_wrong_otherwise(
    fake: FakeSpotify, alice: Asker, kind: str, options: dict[str, object], status: int, start: str
) -> None:
    fake.faults.add(kind, **options)
    answer = alice.ask("/me")
    assert answer.status_code == status
    assert answer.text.startswith(start)
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_a_server_error_may_be_json(fake: FakeSpotify, alice: Asker) -> None:
    fake.faults.add("server", html=False)
    assert alice.ask("/me").json() == {"error": {"status": 502, "message": "Bad gateway."}}


@pytest.mark.parametrize(("kind", "usual"), [("rate", 2), ("quota", 48_925)])
def test_when_to_come_back(fake: FakeSpotify, alice: Asker, kind: str, usual: int) -> None:
    fake.faults.add(kind)
    assert alice.ask("/me").headers["retry-after"] == str(usual)
    fake.faults.add(kind, retry_after=7)
    assert alice.ask("/me").headers["retry-after"] == "7"
    fake.faults.add(kind, retry_after=7, as_date=True)
    answer = alice.ask("/me")
    assert parsedate_to_datetime(answer.headers["retry-after"]) == fake.clock.now + timedelta(seconds=7)
    assert parsedate_to_datetime(answer.headers["date"]) == fake.clock.now


def test_a_slow_answer_is_the_right_one(fake: FakeSpotify, alice: Asker) -> None:
    fake.faults.add("slow", seconds=0.05)
    assert alice.ask("/me").json()["display_name"] == "Alice Example"
    fake.faults.add("slow", seconds=60)
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{fake.api_url}/me", timeout=0.1)
    assert alice.ask("/me").status_code == 200  # others do not wait, and the fake stops all the same


def test_a_connection_is_cut(fake: FakeSpotify, alice: Asker) -> None:
    fake.faults.add("reset")
    with pytest.raises(requests.ConnectionError):
        alice.ask("/me")
    assert fake.requests[0].status == 0
    assert alice.ask("/me").status_code == 200


def test_which_calls_go_wrong(fake: FakeSpotify, alice: Asker) -> None:
    def statuses(*paths: str) -> list[int]:
        return [alice.ask(path).status_code for path in paths]

    fake.faults.add("server", "/me/top/*", count=2, skip=1)
    assert statuses("/me/top/tracks", "/me", "/me/top/tracks", "/me/top/artists", "/me/top/artists") == [
        200, 200, 502, 502, 200
    ]  # fmt: skip
    fake.faults.add("forbidden", "GET /playlists/{playlist_id}/items", count=None)
    lists = [each.id for each in fake.person("alice").every_playlist()][:3]
    assert statuses(*(f"/playlists/{id}/items" for id in lists), f"/playlists/{lists[0]}") == [403, 403, 403, 200]
    fake.faults.clear()
    fake.faults.add("server", person="bob")
    assert statuses("/me") == [200]
    assert Asker(fake, "bob").ask("/me").status_code == 502
    fake.faults.add("server")
    assert alice.renew().status_code == 200  # the accounts service is named or spared
    fake.faults.add("invalid_grant", "POST /api/token")
    assert alice.renew().status_code == 400
    with pytest.raises(ValueError, match="called earthquake"):
        fake.faults.add("earthquake")


def test_everything_is_counted(fake: FakeSpotify, alice: Asker) -> None:
    lists = [each.id for each in fake.person("alice").every_playlist()]
    for id in lists[:3]:
        alice.ask(f"/playlists/{id}/items", limit=50)
    alice.ask("/me/tracks/", limit=50, offset=50)
    assert fake.calls == {"GET /playlists/{playlist_id}/items": 3, "GET /me/tracks": 1}
    assert fake.api_calls == 4
    last = fake.requests[-1]
    assert (last.method, last.path, last.query, last.person, last.status) == (
        "GET", "/me/tracks", {"limit": "50", "offset": "50"}, "alice", 200
    )  # fmt: skip
    assert last.at == fake.clock.now
    moments = [asked.monotonic for asked in fake.requests]
    assert moments == sorted(moments)
    fake.reset_calls()
    assert (fake.calls, fake.requests, fake.api_calls) == ({}, [], 0)


def test_only_who_is_listed_is_answered(fake: FakeSpotify, alice: Asker) -> None:
    charlie = Asker(fake, "charlie")
    for path in ("/me", "/me/tracks", f"/tracks/{fake.music.tracks[0].id}"):
        refused = charlie.ask(path)
        assert (refused.status_code, refused.text) == (403, NOT_LISTED)
        assert refused.headers["content-type"].startswith("text/plain")
    fake.allowed.add("charlie")
    assert charlie.ask("/me").status_code == 200
    fake.allowed.discard("alice")
    assert alice.ask("/me").text == NOT_LISTED
    fake.add_person("eve")
    fake.allowed = {"alice", "bob", "charlie", "dora", "eve"}
    with pytest.raises(ValueError, match="room for 5"):
        fake.allowed.add("frank")
    fake.allowed.add("eve")
    with pytest.raises(ValueError, match="room for 5"):
        fake.allowed = {"a", "b", "c", "d", "e", "f"}


def test_without_premium_nobody_is_answered(fake: FakeSpotify, alice: Asker) -> None:
    fake.owner_premium = False
    assert alice.ask("/me").text.startswith("Active premium subscription required")
    assert alice.renew().status_code == 200
    fake.owner_premium = True
    assert alice.ask("/me").status_code == 200


def test_a_quota_rolls_over_a_day(fake: FakeSpotify) -> None:
    fake.quota = 3
    for hours in (0, 1, 1):
        fake.clock.advance(timedelta(hours=hours))
        assert Asker(fake).ask("/me").status_code == 200
    refused = Asker(fake, "bob").ask("/me")  # of the whole app, not of a person
    assert refused.json()["error"]["reason"] == "QUOTA_EXCEEDED"
    assert refused.headers["retry-after"] == str(22 * 3600)
    fake.clock.advance(timedelta(seconds=int(refused.headers["retry-after"]) - 1))
    assert Asker(fake).ask("/me").headers["retry-after"] == "1"
    fake.clock.advance(timedelta(seconds=1))
    assert [Asker(fake).ask("/me").status_code for _ in range(2)] == [200, 429]
    fake.quota = None
    assert Asker(fake).ask("/me").status_code == 200


def test_a_quota_may_be_spent_for_hours(fake: FakeSpotify) -> None:
    fake.exhaust(timedelta(hours=14))
    assert Asker(fake).ask("/me").headers["retry-after"] == "50400"
    fake.clock.advance(timedelta(hours=13, minutes=59))
    assert Asker(fake).ask("/me").headers["retry-after"] == "60"
    fake.clock.advance(timedelta(minutes=1))
    assert Asker(fake).ask("/me").status_code == 200


def control(fake: FakeSpotify, method: str, path: str, **sent: object) -> requests.Response:
    return requests.request(method, f"{fake.url}/_control/{path}", json=sent or None, timeout=5)


def test_the_same_controls_over_http(fake: FakeSpotify, alice: Asker) -> None:
    alice.ask("/me")
    state = control(fake, "GET", "state").json()
    assert (state["mode"], state["calls"], state["api_calls"]) == ("dev_2026", {"GET /me": 1}, 1)
    assert {person["name"]: person["listed"] for person in state["people"]} == {
        "alice": True, "bob": True, "charlie": False, "dora": True
    }  # fmt: skip
    assert control(fake, "GET", "requests").json()[0]["endpoint"] == "GET /me"
    assert control(fake, "DELETE", "calls").json() == {"ok": True}
    assert fake.calls == {}
    control(fake, "POST", "clock", now="2026-12-01T10:00:00Z")
    assert control(fake, "POST", "clock", advance_seconds=60).json() == {"clock": "2026-12-01T10:01:00+00:00"}
    control(fake, "POST", "mode", mode="extended")
    control(fake, "POST", "settings", quota=7, refresh_returns="rotating", withheld_scopes=["streaming"])
    assert (fake.mode, fake.quota, fake.refresh_returns, fake.withheld_scopes) == (
        "extended", 7, "rotating", {"streaming"}
    )  # fmt: skip
    control(fake, "POST", "faults", kind="rate", endpoint="GET /me", count=2, retry_after=3)
    assert Asker(fake).ask("/me").headers["retry-after"] == "3"
    assert control(fake, "GET", "state").json()["faults"][0]["count"] == 1
    control(fake, "DELETE", "faults")
    assert fake.faults.left() == []
    control(fake, "POST", "allow", names=["charlie"])
    assert fake.allowed == {"charlie"}
    fresh = Asker(fake)
    control(fake, "POST", "revoke", name="alice")
    assert fresh.ask("/me").status_code == 401
    control(fake, "POST", "exhaust", seconds=10)
    assert Asker(fake).ask("/me").headers["retry-after"] == "10"


def test_people_are_controlled_over_http(fake: FakeSpotify) -> None:
    alice = fake.person("alice")
    control(fake, "POST", "people/alice", habit=False, played_at="start")
    assert (alice.habit, alice.played_at) == (None, "start")
    track = fake.music.tracks[7]
    played = control(fake, "POST", "people/alice/play", track=track.uri, ended="2026-11-20T20:00:00.500Z", ms=61_250)
    assert (played.json()["uri"], played.json()["played_at"]) == (track.uri, "2026-11-20T19:58:59.250Z")
    assert control(fake, "POST", "people/alice/play").json()["ended"] == fake.clock.now.isoformat()
    rows = control(fake, "GET", "plays/alice?until=2026-11-20T20:30:00Z").json()
    assert [(row["ts"], row["ms_played"], row["spotify_track_uri"]) for row in rows] == [
        ("2026-11-20T20:00:00Z", 61_250, track.uri)
    ]
    playlist = next(alice.every_playlist())
    before, size = playlist.snapshot_id, len(playlist.items)
    grown = control(fake, "POST", f"people/alice/playlists/{playlist.id}", add=[track.uri]).json()
    assert (grown["total"], grown["snapshot_id"] != before) == (size + 1, True)


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("POST", "mode", {"mode": "dev_2031"}),
        ("POST", "settings", {"colour": "green"}),
        ("POST", "faults", {"kind": "earthquake"}),
        ("POST", "allow", {"names": list("abcdef")}),
        ("POST", "people/nobody/play", {}),
        ("POST", "people/alice/play", {"track": "spotify:track:none"}),
        ("POST", "people/alice/playlists/none", {"add": []}),
        ("POST", "people/alice", {"played_at": "middle"}),
        ("POST", "clock", {"now": "yesterday"}),
        ("GET", "nothing", {}),
    ],
)
def test_a_mistake_is_told(fake: FakeSpotify, method: str, path: str, sent: dict[str, object]) -> None:
    answer = control(fake, method, path, **sent)
    assert answer.status_code == 400
    assert answer.json()["error"]


def started(*options: str) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "tests.fakes.spotify", "--port", "0", *options]
    process = subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout
    return process, process.stdout.readline().split(" at ")[1].split(",")[0]


@pytest.mark.parametrize("end", ["term", "interrupt", "parent"])
def test_it_runs_by_itself_and_stops_when_told(end: str) -> None:
    process, url = started("--mode", "extended", *(["--with-parent"] if end == "parent" else []))
    with process:
        state = requests.get(f"{url}/_control/state", timeout=5).json()
        assert state["mode"] == "extended"
        now = datetime.fromisoformat(state["clock"])
        assert abs(now - datetime.now(now.tzinfo)) < timedelta(seconds=30)
        if end == "parent":
            assert process.stdin
            process.stdin.close()
        else:
            process.send_signal(signal.SIGTERM if end == "term" else signal.SIGINT)
        assert process.wait(10) == 0


def test_two_fakes_know_nothing_of_each_other() -> None:
    with FakeSpotify() as one, FakeSpotify("extended") as other:
        alice = Asker(one)
        one.person("alice").playlists.clear()
        assert one.url != other.url
        assert alice.get("/me/playlists")["total"] == 0
        assert Asker(other).get("/me/playlists")["total"] == 39
        assert other.person("alice").id == one.person("alice").id
        alice.fake = other
        assert alice.ask("/me").status_code == 401
