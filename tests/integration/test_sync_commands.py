"""`playprint spotify`: a sync at the terminal, how things stand, and the way out."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes.spotify import Clock, FakeSpotify
from pydantic import SecretStr
from spotify_house import agree

from core.bootstrap import Playprint
from core.repositories.database import Database
from core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(fresh_db: Database, redis_url: str, tmp_path: Path) -> Iterator[Run]:
    """Return a function that runs a command of a house in which Dora is connected and Anna is not."""
    with FakeSpotify(clock=Clock()) as fake:
        app = {
            "spotify_client_id": fake.client_id,
            "spotify_client_secret": fake.client_secret,
            "spotify_api_url": fake.api_url,
            "spotify_accounts_url": fake.url,
        }
        settings = Settings(home=tmp_path, **{**app, "spotify_client_secret": SecretStr(fake.client_secret)})  # type: ignore[arg-type]
        house = Playprint(settings, fresh_db, redis_url)
        house.accounts.add("Anna")
        dora, _ = house.accounts.add("Dora")
        with fresh_db.driver() as connection:
            connection.execute("update users set password_hash = 'x'")
        fake.person("dora").play()
        agree(house.connecting, dora.id, "dora")
        house.syncing.begin(dora.id)
        house.close()
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PLAYPRINT_")},
            "PLAYPRINT_DATABASE_URL": fresh_db.url,
            "PLAYPRINT_REDIS_URL": redis_url,
            "PLAYPRINT_HOME": str(tmp_path),
            **{f"PLAYPRINT_{name.upper()}": value for name, value in app.items()},
        }

        def command(*words: str) -> "subprocess.CompletedProcess[str]":
            line = [sys.executable, "-m", "cli", "spotify", *words]
            return subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

        yield command


def test_sync_status_and_disconnect(run: Run) -> None:
    synced = json.loads(run("sync", "--user", "dora", "--json").stdout)
    assert (synced["user"], synced["state"], synced["new_plays"]) == ("Dora", "connected", 1)
    assert [part["outcome"] for part in synced["parts"]] == ["done"] * 6
    status = json.loads(run("status", "--user", "dora", "--json").stdout)
    assert status["calls"]["total"] == 12
    assert {each["endpoint"] for each in status["capabilities"] if each["works"]} >= {"/me/tracks", "/me/playlists"}
    read = run("status", "--user", "dora").stdout
    assert "Dora: connected; the consent ends on" in read
    assert "Calls to Spotify in 24 hours: 12 of 800" in read
    assert run("disconnect", "--user", "dora").returncode == 2  # nobody is there to ask
    gone = run("disconnect", "--user", "dora", "--yes")
    assert (gone.returncode, "not connected to Spotify any more" in gone.stdout) == (0, True)


def test_somebody_not_connected_is_told_what_to_do(run: Run) -> None:
    done = run("sync", "--user", "anna")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == "Anna is not connected to Spotify; they can connect on the page Spotify."
