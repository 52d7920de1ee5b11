"""Tokens: one refresh at a time everywhere, a consent that is over stays over, and nothing secret in any log."""

import logging
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from connected import BROWSER, House, agree
from fakes.spotify import FakeSpotify
from sqlalchemy import select, text, update

from core.cache import Cache
from core.domain.errors import NotFound
from core.domain.spotify import State
from core.repositories.database import Database
from core.repositories.schema import spotify_connections
from core.services.vault import Vault
from core.spotify.client import Spotify
from core.spotify.errors import BadCredentials, ConsentOver, SpotifyError, Trouble

People = Callable[..., int]
HOUR = timedelta(hours=1)


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


def stored(db: Database, user_id: int) -> bytes:
    with db.read() as connection:
        query = select(spotify_connections.c.tokens).where(spotify_connections.c.user_id == user_id)
        return bytes(connection.execute(query).scalar_one())


def at_once(work: list[Callable[[], object]]) -> list[object]:
    """Return what each of these returned or raised, all begun at once."""
    ends: list[object] = []
    together = threading.Barrier(len(work))

    def one(each: Callable[[], object]) -> None:
        together.wait()
        try:
            ends.append(each())
        except Exception as error:
            ends.append(type(error))

    threads = [threading.Thread(target=one, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


class TestRefreshing:
    @pytest.mark.parametrize("returns", ["none", "same", "rotating"])
    def test_happens_once_for_eight_threads(self, house: House, person: People, returns: str) -> None:
        user_id = person()
        house.connect(user_id)
        house.fake.refresh_returns = returns
        for turn in (1, 2, 3):
            house.fake.clock.advance(2 * HOUR)
            house.fake.reset_calls()
            client = house.connecting().client(user_id)[1]
            assert at_once([client.me] * 8) == [client.me()] * 8, turn
            assert house.fake.calls["POST /api/token"] == 1

    @pytest.mark.parametrize("returns", ["none", "rotating"])
    def test_happens_once_for_eight_processes(self, house: House, person: People, redis_url: str, returns: str) -> None:
        """Each has a cache and pool of its own, as processes do; a script of two real ones is below."""
        user_id = person()
        house.connect(user_id)
        house.fake.refresh_returns = returns
        house.fake.clock.advance(2 * HOUR)
        house.fake.reset_calls()
        namespace = house.cache._prefix.rstrip(":")
        caches = [Cache(redis_url, namespace=namespace) for _ in range(8)]
        clients = [house.connecting(cache=each).client(user_id)[1] for each in caches]
        ends = at_once([client.me for client in clients])
        assert {getattr(end, "id", end) for end in ends} == {house.fake.person("alice").id}
        assert house.fake.calls["POST /api/token"] == 1
        for each in caches:
            each.close()

    def test_happens_once_for_two_real_processes(
        self, house: House, person: People, redis_url: str, tmp_path: Path
    ) -> None:
        user_id = person()
        house.connect(user_id)
        house.fake.refresh_returns = "rotating"
        house.fake.clock.advance(2 * HOUR)
        house.fake.reset_calls()
        script = tmp_path / "one.py"
        script.write_text(
            f"""
import sys
from datetime import datetime
from core.cache import Cache
from core.repositories.database import Database
from core.services.connecting import Connecting
from core.services.spotify_calls import Calls
from core.services.vault import Vault
from core.spotify.oauth import OAuth
now = lambda: datetime.fromisoformat({house.fake.clock.now.isoformat()!r})
db, cache = Database({house.db.url!r}), Cache({redis_url!r}, namespace={house.cache._prefix.rstrip(":")!r})
app = OAuth({house.fake.client_id!r}, {house.fake.client_secret!r}, {house.fake.url!r}, "http://127.0.0.1:1/", now=now)
calls = Calls(db, cache, service={house.service!r}, now=now)
made = Connecting(db, cache, vault=Vault(["a key of the tests that is long enough"]), calls=calls, oauth=app,
                  api_url={house.fake.api_url!r}, secret=b"x", now=now)
client = made.client({user_id})[1]
print("ready", flush=True)
sys.stdin.readline()
print(client.me().id, flush=True)
"""
        )
        root = Path(__file__).resolve().parents[2]
        started = [
            subprocess.Popen(
                [sys.executable, str(script)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin"},
            )
            for _ in range(2)
        ]
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in started:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        said = [process.communicate()[0].strip() for process in started]
        assert said == [house.fake.person("alice").id] * 2
        assert house.fake.calls["POST /api/token"] == 1

    def test_keeps_a_token_that_comes_without_another(self, house: House, db: Database, person: People) -> None:
        user_id = person()
        house.connect(user_id)
        before = stored(db, user_id)
        house.fake.clock.advance(2 * HOUR)
        house.connecting().client(user_id)[1].me()
        assert stored(db, user_id) == before

    def test_stores_a_new_token_before_the_next_needs_it(self, house: House, db: Database, person: People) -> None:
        user_id = person()
        house.connect(user_id)
        house.fake.refresh_returns = "rotating"
        seen = {stored(db, user_id)}
        for _ in range(3):
            house.fake.clock.advance(2 * HOUR)
            house.connecting().client(user_id)[1].me()
            seen.add(stored(db, user_id))
        assert len(seen) == 4

    def test_keeps_the_scopes_where_the_answer_says_none(self, house: House, person: People) -> None:
        user_id = person()
        before = house.connect(user_id, scopes={"user-top-read"})
        house.fake.refresh_scope = False
        house.fake.clock.advance(2 * HOUR)
        house.connecting().client(user_id)[1].me()
        assert house.connecting().connection(user_id) == before

    def test_comes_two_minutes_early(self, house: House, person: People) -> None:
        house.connect(user_id := person())
        client = house.connecting().client(user_id)[1]
        house.fake.reset_calls()
        house.fake.clock.advance(HOUR - timedelta(seconds=125))
        client.me()
        assert house.fake.calls["POST /api/token"] == 0
        house.fake.clock.advance(timedelta(seconds=10))
        client.me()
        assert house.fake.calls["POST /api/token"] == 1

    def test_needs_no_redis(self, house: House, person: People) -> None:
        user_id = person()
        away = Cache("redis://127.0.0.1:1/0", namespace=uuid.uuid4().hex)
        connecting = house.connecting(cache=away, calls=house.calls())
        connecting.connect(user_id, house.arrive("alice", connecting=connecting))
        house.fake.clock.advance(2 * HOUR)
        client = connecting.client(user_id)[1]
        assert client.me().id == client.me().id == house.fake.person("alice").id
        elsewhere = house.connecting(cache=Cache("redis://127.0.0.1:1/0", namespace="x"))
        assert elsewhere.client(user_id)[1].me().id == client.own_id

    def test_that_meets_trouble_changes_nothing(self, house: House, db: Database, person: People) -> None:
        user_id = person()
        house.connect(user_id)
        before = stored(db, user_id)
        house.fake.clock.advance(2 * HOUR)
        for fault in ("server", "html", "broken", "reset"):
            house.fake.faults.add(fault, "POST /api/token")
            with pytest.raises(Trouble):
                house.connecting().client(user_id)[1].me()
        house.fake.faults.add("invalid_client", "POST /api/token")
        with pytest.raises(BadCredentials):
            house.connecting().client(user_id)[1].me()
        assert stored(db, user_id) == before
        assert house.connecting().client(user_id)[1].me().id


class TestAConsentThatIsOver:
    def test_is_asked_about_once(self, house: House, db: Database, person: People) -> None:
        user_id = person()
        house.connect(user_id)
        house.fake.revoke("alice")
        house.fake.reset_calls()
        client = house.connecting().client(user_id)[1]
        for _ in range(3):
            with pytest.raises(ConsentOver):
                client.me()
        assert house.fake.calls["POST /api/token"] == 1
        found = house.connecting().connection(user_id)
        assert found is not None
        assert found.state == "needs_reauth"
        assert stored(db, user_id) == b""
        with pytest.raises(ConsentOver, match="connect again"):
            house.connecting().client(user_id)

    def test_is_in_the_record_once_however_it_was_found_out(self, house: House, db: Database, person: People) -> None:
        asked, marked = person(), person()
        house.connect(asked)
        epoch = house.connect(marked, "bob").epoch
        house.fake.revoke("alice")
        with pytest.raises(ConsentOver):
            house.connecting().client(asked)[1].me()
        for _ in range(2):
            house.connecting().mark(marked, epoch=epoch, state="needs_reauth")
        query = text("select event, result from account_events where user_id = :user")
        with db.begin() as connection:
            for user_id in (asked, marked):
                found = [tuple(row) for row in connection.execute(query, {"user": user_id})]
                assert found == [("spotify-consent-ended", "ok")]

    def test_ends_after_six_months(self, house: House, person: People) -> None:
        made = house.connect(user_id := person())
        house.fake.clock.advance(timedelta(days=150))
        house.connecting().client(user_id)[1].me()
        house.fake.clock.advance(timedelta(days=35))
        assert made.ends_at < house.fake.clock.now
        with pytest.raises(ConsentOver):
            house.connecting().client(user_id)[1].me()

    def test_is_asked_about_once_by_many(self, house: House, person: People) -> None:
        house.connect(user_id := person())
        house.fake.revoke("alice", keep_access=True)
        house.fake.clock.advance(2 * HOUR)
        house.fake.reset_calls()
        clients = [house.connecting().client(user_id)[1] for _ in range(8)]
        assert at_once([client.me for client in clients]) == [ConsentOver] * 8
        assert house.fake.calls["POST /api/token"] == 1

    def test_cannot_be_marked_away(self, house: House, person: People) -> None:
        made = house.connect(user_id := person())
        connecting = house.connecting()
        for state in ("paused", "not_allowed", "connected", "needs_reauth", "connected", "paused"):
            connecting.mark(user_id, epoch=made.epoch, state=state)  # type: ignore[arg-type]
        found = connecting.connection(user_id)
        assert found is not None
        assert found.state == "needs_reauth"


class TestA401:
    def test_is_answered_by_one_refresh(self, house: House, person: People) -> None:
        house.connect(user_id := person())
        house.fake.reset_calls()
        house.fake.faults.add("unauthorized", "GET /me")
        assert house.connecting().client(user_id)[1].me().id
        assert (house.fake.calls["POST /api/token"], house.fake.calls["GET /me"]) == (1, 2)

    def test_that_stays_ends_it(self, house: House, person: People) -> None:
        house.connect(user_id := person())
        house.fake.reset_calls()
        house.fake.faults.add("unauthorized", "GET /me", count=None)
        with pytest.raises(ConsentOver):
            house.connecting().client(user_id)[1].me()
        assert (house.fake.calls["POST /api/token"], house.fake.calls["GET /me"]) == (1, 2)

    def test_of_many_at_once_is_answered_by_one_refresh(self, house: House, person: People) -> None:
        house.connect(user_id := person())
        house.fake.reset_calls()
        house.fake.faults.add("unauthorized", "GET /me", count=8)
        clients = [house.connecting().client(user_id)[1] for _ in range(8)]
        at_once([client.me for client in clients])
        assert 1 <= house.fake.calls["POST /api/token"] <= 2


class TestAnEpoch:
    def test_that_is_over_gets_no_token(self, house: House, person: People) -> None:
        user_id = person(password_hash="x")
        house.connect(user_id)
        client = house.connecting().client(user_id)[1]
        house.connect(user_id)
        house.fake.clock.advance(2 * HOUR)
        with pytest.raises(NotFound):
            client.me()
        house.connecting().disconnect(user_id)
        with pytest.raises(NotFound):
            client.me()

    def test_of_somebody_who_disconnects_ends_at_the_next_call(self, house: House, person: People) -> None:
        house.connect(user_id := person(password_hash="x"))
        client = house.connecting().client(user_id)[1]
        assert client.me().id
        house.connecting().disconnect(user_id)
        house.fake.reset_calls()
        with pytest.raises(NotFound):
            client.me()
        assert sum(house.fake.calls.values()) == 0

    @pytest.mark.parametrize("state", ["paused", "needs_reauth"])
    def test_marks_only_itself(self, house: House, person: People, state: State) -> None:
        user_id = person()
        before = house.connect(user_id)
        after = house.connect(user_id)
        house.connecting().mark(user_id, epoch=before.epoch, state=state)
        assert house.connecting().connection(user_id) == after
        house.connecting().mark(user_id, epoch=after.epoch, state=state)
        found = house.connecting().connection(user_id)
        assert found is not None
        assert found.state == state
        house.connecting().mark(user_id + 10**6, epoch=after.epoch, state=state)


class TestAtRest:
    def test_tokens_of_another_person_do_not_open(self, house: House, db: Database, person: People) -> None:
        alice, bob = person(), person()
        house.connect(alice, "alice")
        house.connect(bob, "bob")
        moved = stored(db, alice)
        with db.begin() as connection:
            mine = spotify_connections.c.user_id == bob
            connection.execute(update(spotify_connections).where(mine).values(tokens=moved))
        with pytest.raises(Trouble, match="belongs to somebody"):
            house.connecting().client(bob)
        assert stored(db, bob) == moved

    def test_tokens_without_their_key_say_which_setting_helps(self, house: House, person: People) -> None:
        house.connect(user_id := person())
        with pytest.raises(Trouble, match="PLAYPRINT_TOKEN_KEYS"):
            house.connecting(vault=Vault(["another key of the tests, long enough"])).client(user_id)

    def test_access_tokens_are_in_redis_alone_sealed_and_for_their_time(
        self, house: House, db: Database, person: People, redis_url: str
    ) -> None:
        made = house.connect(user_id := person())
        key = f"{house.cache._prefix}u:{user_id}:spotify:{made.epoch}"
        with redis.Redis.from_url(redis_url) as client:
            value, ttl = client.get(key), client.ttl(key)
        assert isinstance(value, bytes)
        assert b"token" not in value
        assert 3300 < ttl <= 3600 - 120
        with db.read() as connection:
            tables = connection.execute(text("select tablename from pg_tables where schemaname = 'public'")).scalars()
            rows = [
                str(row[0])
                for table in tables.all()
                for row in connection.execute(text(f'select t::text from "{table}" t'))
            ]
        tokens = [*house.fake.grants.accesses, *house.fake.grants.refreshes]
        assert tokens
        assert not [token for token in tokens if any(token in row for row in rows)]


def everything(client: Spotify) -> None:
    """Ask every question there is, and meet every refusal."""
    own = next(each for each in client.playlists().items if each and each.owner_id == client.own_id)
    client.recently_played(), client.playlist_items(own.id), client.saved_tracks(), client.saved_albums()
    client.top_artists(time_range="short_term"), client.top_tracks(time_range="long_term"), client.followed()


def test_no_log_holds_a_secret_or_a_name_at_any_level(
    house: House, person: People, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("", "spotipy", "spotipy.client", "urllib3", "urllib3.connectionpool", "requests"):
        caplog.set_level(logging.DEBUG, logger=name)
    user_id = person()
    connecting = house.connecting()
    address = connecting.begin(purpose="connect", session="a session", browser=BROWSER, back_to="/")
    back = agree(address, "alice")
    caplog.clear()  # the browser's own requests, made by this test, are no log of ours
    arrival = connecting.finish(state=back["state"], code=back["code"], error="", session="a session", browser=BROWSER)
    connecting.connect(user_id, arrival)
    house.fake.refresh_returns = "rotating"
    client = connecting.client(user_id)[1]
    everything(client)
    house.fake.clock.advance(2 * HOUR)
    everything(client)
    for fault in ("unauthorized", "server", "html", "broken", "not_listed", "forbidden", "missing", "reset"):
        house.fake.faults.add(fault, "GET /me/tracks")
        with pytest.raises(SpotifyError) if fault not in ("unauthorized", "server", "reset") else nullcontext():
            client.saved_tracks()
    house.fake.faults.add("rate", "GET /me/tracks")
    with pytest.raises(SpotifyError):
        client.saved_tracks()
    house.fake.revoke("alice")
    house.fake.clock.advance(2 * HOUR)
    with pytest.raises(ConsentOver):
        client.me()
    alice, grants = house.fake.person("alice"), house.fake.grants
    secrets = {back["code"], back["state"], house.fake.client_secret, arrival.granted.access_token, BROWSER}
    secrets |= {str(arrival.granted.refresh_token), *grants.accesses, *grants.refreshes, "Bearer ", "Basic "}
    names = {alice.id, str(alice.account_id), str(alice.display_name), *(t.name for t in house.fake.music.tracks)}
    assert len(names) > 100
    logged = caplog.text + "".join(capfd.readouterr())
    assert "GET /v1/me/tracks" in logged
    assert [secret for secret in secrets if secret in logged] == []
    assert [name for name in names if len(name) > 4 and name in logged] == []
