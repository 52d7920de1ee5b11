"""A link by mail through the worker: what is asked for at the door is sent from another process."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.smtp import MailServer, mail_server

from core.bootstrap import Playprint, build
from core.repositories.database import Database
from core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
GOOD = "four words in a row"


@pytest.fixture
def post() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def playing(fresh_db: Database, redis_url: str, tmp_path: Path, post: MailServer) -> Iterator[Playprint]:
    settings = Settings(home=tmp_path, smtp_url=f"smtp://127.0.0.1:{post.port}", public_url="https://music.example")
    made = build(settings, database_url=fresh_db.url, redis_url=redis_url)
    yield made
    made.close()


@pytest.fixture
def worker(playing: Playprint, post: MailServer) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a worker on the same servers."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PLAYPRINT_")},
        "PLAYPRINT_DATABASE_URL": playing.db.url,
        "PLAYPRINT_REDIS_URL": playing.redis_url,
        "PLAYPRINT_HOME": str(playing.settings.home),
        "PLAYPRINT_SMTP_URL": f"smtp://127.0.0.1:{post.port}",
        "PLAYPRINT_PUBLIC_URL": "https://music.example",
        "PLAYPRINT_FACTS": "false",
        "PLAYPRINT_TREND_SOURCES": "",
        "PLAYPRINT_LOG_LEVEL": "DEBUG",
        "PLAYPRINT_LOG_FORMAT": "json",
    }
    command = [sys.executable, "-c", "from worker.app import main; main()"]
    log = (playing.settings.home / "worker.log").open("wb")
    with log, subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log, stdout=log) as process:
        yield process
        process.terminate()


def wait_for_mail(server: MailServer, count: int) -> None:
    give_up = time.monotonic() + 60
    while len(server.mails) < count:
        assert time.monotonic() < give_up, "no mail came"
        server.came.wait(1)
        server.came.clear()


def test_a_link_comes_by_mail_and_works(
    playing: Playprint, post: MailServer, worker: "subprocess.Popen[bytes]"
) -> None:
    user, link = playing.accounts.add("Anna")
    token = playing.accounts.redeem(link, password=GOOD).token
    session = playing.accounts.session(token)
    assert session
    playing.credentials.set_email(user.id, email="anna@mail.example", password=GOOD, session=session)
    playing.mail.ask("nobody", address="203.0.113.1")
    playing.mail.ask("anna", address="203.0.113.1")
    wait_for_mail(post, 1)
    found = re.search(r"https://music\.example/welcome\?link=(\S+)", post.mails[0].get_content())
    assert found
    assert playing.accounts.redeem(found[1], password="another four words here").token
    assert post.recipients == ["anna@mail.example"]
    worker.terminate()
    worker.wait(20)
    said = (playing.settings.home / "worker.log").read_text()
    assert "mail.sent" in said
    for private in (found[1].partition(".")[2], "anna@mail.example", "Anna", "203.0.113"):
        assert private not in said, private
