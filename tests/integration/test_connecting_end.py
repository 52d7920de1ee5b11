"""The end of a connection, keys that change, and the self-check."""

import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import redis
from connected import House
from fakes.spotify import FakeSpotify
from sqlalchemy import func, insert, select, text, update

from core.bootstrap import Playprint, _write_once
from core.cache import Cache
from core.domain.errors import NotFound
from core.domain.listen import Source
from core.domain.people import Refused
from core.repositories import schema
from core.repositories.database import Database
from core.services.vault import KeyFile, Sealed, Vault
from core.settings import Settings

People = Callable[..., int]
NOW = datetime(2026, 11, 20, 21, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
OLD, NEW = "an old key of the tests that is long", "a new key of the tests that is long"


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


def listen(user_id: int, source: Source, second: int) -> dict[str, object]:
    """Return a listen as columns."""
    row = dict.fromkeys(("reason_start", "reason_end", "platform", "country", "flags", "import_id"), 0)
    ended = NOW + timedelta(seconds=second)
    moments = {"ended_at": ended, "began_at": ended, "logged_at": ended}
    return {"user_id": user_id, "track_id": 1, "ms_played": 30_000, "kind": 1, "source": int(source), **row, **moments}


def fill(db: Database, user_id: int) -> None:
    """Store what a sync stores, one row in every table, beside two listens of an export."""
    part = {"part": "recent", "next_at": NOW}
    gap = {"began_at": NOW, "ended_at": NOW}
    top = {"day": date(2026, 11, 20), "kind": "artist", "time_range": "short_term", "items": []}
    listed = {"playlist_id": "p", "position": 0, "name": "P", "own": True, "collaborative": False, "total": 1}
    listed |= {"listed_snapshot": "s", "contents": "read", "pass": 1}
    item = {"playlist_id": "p", "position": 0, "kind": "track"}
    saved = {"kind": "track", "uri": "spotify:track:1", "pass": 1}
    rows = {
        schema.spotify_parts: part,
        schema.spotify_gaps: gap,
        schema.spotify_tops: top,
        schema.spotify_playlists: listed,
        schema.spotify_playlist_items: item,
        schema.spotify_saved: saved,
    }
    with db.begin() as connection:
        for table, row in rows.items():
            connection.execute(insert(table).values(user_id=user_id, **row))
        for source, second in ((Source.SPOTIFY_EXPORT, 1), (Source.SPOTIFY_ACCOUNT, 2), (Source.SPOTIFY_API, 3)):
            connection.execute(insert(schema.listens).values(listen(user_id, source, second)))
            waiting = listen(user_id, source, second + 10) | {"replaced_by": 1}
            connection.execute(insert(schema.replaced_listens).values(waiting))


def left(db: Database, user_id: int) -> dict[str, int]:
    """Return table → rows of a person, for all that have any."""
    counts = {}
    with db.read() as connection:
        for table in schema.metadata.sorted_tables:
            if "user_id" in table.c:
                query = select(func.count()).select_from(table).where(table.c.user_id == user_id)
                counts[table.name] = connection.execute(query).scalar_one()
    return {name: count for name, count in counts.items() if count}


def about(db: Database, user_id: int) -> tuple[bytes | None, int]:
    """Return a person's Spotify key and data version."""
    with db.read() as connection:
        row = schema.users.c
        found = connection.execute(select(row.spotify_key, row.data_version).where(row.id == user_id)).one()
    return found[0], found[1]


class TestDisconnecting:
    def test_leaves_nothing_but_what_exports_brought(
        self, house: House, db: Database, person: People, redis_url: str
    ) -> None:
        alice, bob = person(password_hash="x"), person(password_hash="x")
        for user_id, name in ((alice, "alice"), (bob, "bob")):
            house.connect(user_id, name)
            fill(db, user_id)
            house.cache.set_bytes(f"u:{user_id}:library", b"x", 60)
        before = left(db, bob)
        assert before["spotify_playlist_items"] == 1
        house.connecting().disconnect(alice)
        assert left(db, alice) == {"listens": 2, "replaced_listens": 2, "data_changes": 1}
        assert left(db, bob) == before
        assert about(db, alice) == (None, 1)
        assert about(db, bob)[1] == 0
        with db.read() as connection:
            kept = select(schema.listens.c.source).where(schema.listens.c.user_id == alice)
            assert set(connection.execute(kept).scalars()) == {Source.SPOTIFY_EXPORT, Source.SPOTIFY_ACCOUNT}
        with redis.Redis.from_url(redis_url) as client:
            assert list(client.scan_iter(match=f"{house.cache._prefix}u:{alice}:*")) == []
            assert len(list(client.scan_iter(match=f"{house.cache._prefix}u:{bob}:*"))) == 2

    def test_twice_changes_nothing_more(self, house: House, db: Database, person: People) -> None:
        house.connect(user_id := person(password_hash="x"))
        house.connecting().disconnect(user_id)
        house.cache.set_bytes(f"u:{user_id}:library", b"x", 60)
        house.connecting().disconnect(user_id)
        assert about(db, user_id) == (None, 1)
        assert house.cache.get_bytes(f"u:{user_id}:library") == b"x"

    def test_needs_another_way_to_sign_in(self, house: House, db: Database, person: People) -> None:
        house.connect(user_id := person())
        fill(db, user_id)
        before = left(db, user_id)
        with pytest.raises(Refused) as refused:
            house.connecting().disconnect(user_id)
        assert refused.value.code == "password-first"
        assert left(db, user_id) == before
        assert house.connecting().connection(user_id) is not None

    def test_clears_what_a_lost_connection_left(self, house: House, db: Database, person: People) -> None:
        fill(db, user_id := person())
        house.connecting().disconnect(user_id)
        assert left(db, user_id) == {"listens": 2, "replaced_listens": 2, "data_changes": 1}

    def test_of_nobody_is_not_found(self, house: House) -> None:
        with pytest.raises(NotFound):
            house.connecting().disconnect(2**30)

    def test_does_not_happen_by_halves(self, house: House, db: Database, person: People) -> None:
        house.connect(user_id := person(password_hash="x"))
        fill(db, user_id)
        before = left(db, user_id)
        with db.begin() as connection:
            connection.execute(text("alter table data_changes rename to data_changes_away"))
        try:
            with pytest.raises(Exception, match="data_changes"):
                house.connecting().disconnect(user_id)
        finally:
            with db.begin() as connection:
                connection.execute(text("alter table data_changes_away rename to data_changes"))
        assert left(db, user_id) == before


def seal_all(db: Database, vault: Vault) -> list[int]:
    """Store a connection and a second factor of two people each, sealed, and one that is over; return the people."""
    people = []
    with db.begin() as connection:
        for n in range(3):
            made = insert(schema.users).values(name=f"p{n}", name_key=f"p{n}").returning(schema.users.c.id)
            people.append(connection.execute(made).scalar_one())
        for user_id in people[:2]:
            sealed = vault.seal(user_id, "totp", "secret")
            mine = schema.users.c.id == user_id
            connection.execute(update(schema.users).where(mine).values(totp_secret=sealed))
        for user_id in people:
            tokens = vault.seal(user_id, "spotify", "token") if user_id != people[0] else b""
            row = {"user_id": user_id, "scopes": "", "tokens": tokens, "terms_version": "", "authorized_at": NOW}
            connection.execute(insert(schema.spotify_connections).values(row))
    return people


def opened(db: Database, vault: Vault) -> list[str]:
    """Return everything sealed, opened, by person."""
    with db.read() as connection:
        users, rows = schema.users.c, schema.spotify_connections.c
        totp = connection.execute(select(users.id, users.totp_secret).where(users.totp_secret.is_not(None))).all()
        tokens = connection.execute(select(rows.user_id, rows.tokens).where(rows.tokens != b"")).all()
    return sorted(
        [f"{row[0]} {vault.open(row[0], 'totp', row[1])}" for row in totp]
        + [f"{row[0]} {vault.open(row[0], 'spotify', row[1])}" for row in tokens]
    )


class TestRotatingKeys:
    def test_leaves_the_old_key_behind(self, house: House, fresh_db: Database) -> None:
        first, second, third = seal_all(fresh_db, Vault([OLD]))
        connecting = replace(house, db=fresh_db).connecting(vault=Vault([NEW, OLD]))
        assert connecting.rotate_keys() == 4
        assert opened(fresh_db, Vault([NEW])) == sorted(
            [f"{first} secret", f"{second} secret", f"{second} token", f"{third} token"]
        )
        with pytest.raises(Sealed):
            opened(fresh_db, Vault([OLD]))

    def test_changes_nothing_where_one_text_does_not_open(self, house: House, fresh_db: Database) -> None:
        people = seal_all(fresh_db, Vault([OLD]))
        with fresh_db.begin() as connection:
            mine = schema.spotify_connections.c.user_id == people[2]
            foreign = Vault(["a key nobody has any more and long enough"]).seal(people[2], "spotify", "token")
            connection.execute(update(schema.spotify_connections).where(mine).values(tokens=foreign))
        with pytest.raises(Sealed, match="PLAYPRINT_TOKEN_KEYS"):
            replace(house, db=fresh_db).connecting(vault=Vault([NEW, OLD])).rotate_keys()
        with fresh_db.begin() as connection:
            connection.execute(update(schema.spotify_connections).where(mine).values(tokens=b""))
        assert len(opened(fresh_db, Vault([OLD]))) == 3

    def test_of_a_file_is_noticed_by_processes_that_run(self, house: House, fresh_db: Database, tmp_path: Path) -> None:
        def vault() -> Vault:
            return Vault(file=KeyFile(tmp_path / "token-keys", write_once=_write_once))

        running = vault()
        people = seal_all(fresh_db, running)
        replace(house, db=fresh_db).connecting(vault=vault()).rotate_keys()
        newest = (tmp_path / "token-keys").read_text().split()[0]
        assert opened(fresh_db, running) == opened(fresh_db, Vault([newest]))
        assert Vault([newest]).open(people[0], "totp", running.seal(people[0], "totp", "later")) == "later"

    def test_is_a_command(self, fresh_db: Database, redis_url: str, tmp_path: Path) -> None:
        home = tmp_path / "home"
        vault = Playprint(Settings(home=home), fresh_db, redis_url).vault
        seal_all(fresh_db, vault)
        environment = {
            "PATH": "/usr/bin:/bin",
            "PLAYPRINT_DATABASE_URL": fresh_db.url,
            "PLAYPRINT_REDIS_URL": redis_url,
            "PLAYPRINT_HOME": str(home),
        }

        def run(**more: str) -> "subprocess.CompletedProcess[str]":
            command = [sys.executable, "-m", "cli", "rotate-keys"]
            return subprocess.run(
                command, cwd=ROOT, env=environment | more, capture_output=True, text=True, check=False
            )

        done = run()
        assert (done.returncode, done.stdout) == (0, "4 texts are encrypted with a new key now.\n"), done.stderr
        first, _ = (home / "token-keys").read_text().split()
        assert len(opened(fresh_db, Vault([first]))) == 4
        refused = run(PLAYPRINT_TOKEN_KEYS=NEW)
        assert refused.returncode == 2
        assert "PLAYPRINT_TOKEN_KEYS" in refused.stderr
        moved = run(PLAYPRINT_TOKEN_KEYS=f"{NEW},{first}")
        assert moved.stdout == "4 texts are encrypted with the first key of PLAYPRINT_TOKEN_KEYS now.\n", moved.stderr
        assert len(opened(fresh_db, Vault([NEW]))) == 4


class TestTheCheck:
    def check(self, house: House, *, redirect: str = "https://music.example", **more: object) -> dict[str, str]:
        """Return level by sentence; the line about the stand-in's address is left out."""
        app = house.oauth(redirect_uri=f"{redirect}/oauth/spotify/callback", **more.pop("oauth", {}))  # type: ignore[arg-type]
        found = house.connecting(oauth=app, **{"public_url": redirect, **more}).check()
        assert all((finding.advice == "") <= (finding.level == "ok") for finding in found)
        return {finding.sentence: finding.level for finding in found if "stands in for Spotify" not in finding.sentence}

    @pytest.mark.parametrize(
        ("redirect", "level", "word"),
        [
            ("https://music.example", "ok", "https"),
            ("https://192.168.0.7", "ok", "https"),
            ("http://127.0.0.1:8501", "ok", "this machine"),
            ("http://[::1]:8501", "ok", "this machine"),
            ("http://localhost:8501", "wrong", "localhost"),
            ("http://my.localhost", "wrong", "localhost"),
            ("http://192.168.0.7:8501", "wrong", "without https"),
            ("http://music.example", "wrong", "without https"),
        ],
    )
    def test_knows_what_spotify_takes(self, house: House, redirect: str, level: str, word: str) -> None:
        sentence, found = next(iter(self.check(house, redirect=redirect).items()))
        assert found == level
        assert word in sentence

    def test_says_where_to_go_instead_of_localhost(self, house: House) -> None:
        app = house.oauth(redirect_uri="http://localhost:8501/oauth/spotify/callback")
        found = house.connecting(oauth=app).check()[0]
        assert "PLAYPRINT_PUBLIC_URL to http://127.0.0.1:8501 and" in found.advice

    @pytest.mark.parametrize(
        ("public_url", "host", "warned"),
        [
            ("", "127.0.0.1", 0),
            ("", "localhost", 0),
            ("", "::1", 0),
            ("", "0.0.0.0", 1),
            ("https://a.example", "::", 0),
        ],
    )
    def test_minds_an_address_that_is_missing(self, house: House, public_url: str, host: str, warned: int) -> None:
        found = self.check(house, redirect="http://127.0.0.1:8501", public_url=public_url, host=host)
        assert sum("listens at" in sentence for sentence in found) == warned

    def test_asks_whether_the_app_is_known(self, house: House) -> None:
        assert self.check(house)["Spotify knows the client id and its secret."] == "ok"
        assert house.fake.calls["POST /api/token"] == 1
        assert list(self.check(house, oauth={"client_secret": "another"}).values()) == ["ok", "wrong"]
        assert list(self.check(house, oauth={"client_id": "another"}).values()) == ["ok", "wrong"]
        assert house.fake.api_calls == 0

    def test_asks_nothing_without_an_id_or_a_secret(self, house: House) -> None:
        assert list(self.check(house, oauth={"client_id": ""}).values()) == ["ok", "warn"]
        assert list(self.check(house, oauth={"client_secret": ""}).values()) == ["ok", "ok"]
        assert house.fake.calls["POST /api/token"] == 0

    @pytest.mark.parametrize("fault", ["server", "html", "reset", "rate"])
    def test_says_when_nobody_could_be_asked(self, house: House, fault: str) -> None:
        house.fake.faults.add(fault, "POST /api/token")
        assert list(self.check(house).values()) == ["ok", "warn"]

    def test_says_that_another_server_stands_in(self, house: House) -> None:
        assert any("stands in for Spotify" in finding.sentence for finding in house.connecting().check())
        real = house.oauth(accounts_url="https://accounts.spotify.com", client_secret="")
        found = house.connecting(oauth=real, api_url="https://api.spotify.com/v1").check()
        assert not any("stands in" in finding.sentence for finding in found)

    def test_says_until_when_spotify_wants_no_calls(self, house: House) -> None:
        house.calls().close(house.fake.clock.now + timedelta(hours=14), quota=True)
        assert any("2026-11-21 11:00 UTC" in sentence for sentence in self.check(house))
