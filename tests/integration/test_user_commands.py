"""Looking after people at the command line: invitations, roles, devices, second factors, records."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pyotp
import pytest

from core.bootstrap import Playprint, build
from core.domain.people import SENTENCES
from core.repositories.database import Database
from core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
GOOD = "four words in a row"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def user(fresh_db: Database, redis_url: str, home: Path) -> Run:
    """Return a function that runs ``playprint user``."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PLAYPRINT_")},
        "PLAYPRINT_DATABASE_URL": fresh_db.url,
        "PLAYPRINT_REDIS_URL": redis_url,
        "PLAYPRINT_HOME": str(home),
        "COLUMNS": "120",
    }

    def run(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "cli", "user", *arguments],
            check=False,
            cwd=ROOT,
            env={**environment, **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    return run


@pytest.fixture
def playing(fresh_db: Database, redis_url: str, home: Path) -> Iterator[Playprint]:
    """Return the instance the commands are about."""
    made = build(Settings(home=home), database_url=fresh_db.url, redis_url=redis_url)
    yield made
    made.close()


def answer(done: "subprocess.CompletedProcess[str]") -> object:
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def refused(done: "subprocess.CompletedProcess[str]") -> str:
    """Return the one sentence a command ended with."""
    assert (done.returncode, done.stdout) == (2, "")
    (sentence,) = done.stderr.splitlines()
    return sentence


def test_an_invitation_from_the_command_line(user: Run, playing: Playprint) -> None:
    assert "playprint user add" in refused(user("invite"))
    user("add", "Anna")
    plain = user("invite").stdout.splitlines()
    assert re.fullmatch(r"http://127\.0\.0\.1:8501/register\?invitation=\d+\.\S{43}", plain[-1])
    made = answer(user("invite", "--role", "admin", "--json"))
    assert made["role"] == "admin"  # type: ignore[index]
    token = made["link"].partition("invitation=")[2]  # type: ignore[index]
    entered = playing.invitations.register(token, name="Ben", password=GOOD)
    session = playing.accounts.session(entered.token)
    assert session
    assert session.role == "admin"
    assert refused(user("invite", PLAYPRINT_REGISTRATION="closed")) == SENTENCES["registration-closed"]
    assert user("invite", "--role", "owner").returncode == 2


def test_roles_from_the_command_line(user: Run, playing: Playprint) -> None:
    user("add", "Anna")
    user("add", "Ben")
    playing.accounts.redeem(playing.accounts.reset_link("Anna"), password=GOOD)
    assert answer(user("role", "ben", "admin", "--json")) == {"name": "Ben", "role": "admin"}
    assert user("role", "ben", "member").stdout.strip() == "Ben is member now."
    assert refused(user("role", "anna", "member")) == SENTENCES["last-owner"]
    assert refused(user("delete", "anna", "--yes")) == SENTENCES["last-owner"]
    assert "no such person" in refused(user("role", "zoe", "admin"))
    assert user("role", "ben", "demo").returncode == 2


def test_devices_and_the_record_from_the_command_line(user: Run, playing: Playprint) -> None:
    user("add", "Anna")
    entered = playing.accounts.redeem(playing.accounts.reset_link("Anna"), password=GOOD, label="Firefox on Linux")
    (listed,) = answer(user("sessions", "anna", "--json"))  # type: ignore[misc]
    assert listed["device"] == "Firefox on Linux"
    assert entered.token not in json.dumps(listed)
    assert "Firefox on Linux" in user("sessions", "anna").stdout
    assert answer(user("sessions", "anna", "--end-all", "--json")) == {"name": "Anna", "ended": 1}
    assert answer(user("sessions", "anna", "--json")) == []
    record = answer(user("events", "anna", "--json"))
    found = [(line["event"], line["result"]) for line in record]  # type: ignore[attr-defined]
    assert found[0] == ("sessions-ended", "operator")
    assert ("signed-in-by-link", "ok") in found
    assert len(answer(user("events", "anna", "--limit", "1", "--json"))) == 1  # type: ignore[arg-type]
    assert "Devices signed out" in user("events", "anna").stdout


def test_a_lost_second_factor_is_switched_off(user: Run, playing: Playprint) -> None:
    user("add", "Anna")
    token = playing.accounts.redeem(playing.accounts.reset_link("Anna"), password=GOOD).token
    session = playing.accounts.session(token)
    assert session
    playing.credentials.begin_second_factor(session.user_id, password=GOOD, session=session)
    setup = playing.second_factor.setup(session.user_id)
    assert setup
    playing.credentials.confirm_second_factor(session.user_id, code=pyotp.TOTP(setup.secret).now())
    assert user("second-factor", "anna").stdout.strip() == "The second factor of Anna is on."
    (listed,) = answer(user("list", "--json"))  # type: ignore[misc]
    assert listed["second_factor"] is True
    off = answer(user("second-factor", "anna", "--off", "--json"))
    assert off == {"name": "Anna", "second_factor": False}
    assert playing.accounts.sign_in("Anna", GOOD).pending is False
    assert ("second-factor-off", "operator") in [(e.event, e.result) for e in playing.events.of(session.user_id)]
