"""`playprint playlists`: which there are, what is on one, and its songs as files."""

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from exports import Importer, row

from core.bootstrap import Playprint
from core.repositories.database import Database
from core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def song(number: int) -> dict[str, object]:
    names = {"trackName": f"Track {number}", "artistName": "Artist", "albumName": "Album"}
    return {"track": names | {"trackUri": f"spotify:track:{number:022d}"}, "addedDate": "2024-01-01"}


LISTS = [
    {"name": "[bold]Summer", "lastModifiedDate": "2024-06-01", "items": [song(1), song(2), song(1)]},
    {"name": "Twins", "items": [song(1)]},
    {"name": "twins", "items": [song(2)]},
]


@pytest.fixture
def run(fresh_db: Database, redis_url: str, tmp_path: Path) -> Run:
    """Return a function that runs a command of a house in which Anna has playlists and heard songs 1 and 3."""
    house = Playprint(Settings(home=tmp_path), fresh_db, redis_url)
    anna, _ = house.accounts.add("Anna")
    house.close()
    with fresh_db.driver() as connection:
        connection.execute("update users set password_hash = 'x'")
    importer = Importer(fresh_db, tmp_path)
    history = importer.write("Streaming_History_Audio_2024_0.json", [row(1), row(3)])
    assert importer.run(anna.id, importer.write("Playlist1.json", {"playlists": LISTS}), history).status == "done"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PLAYPRINT_")},
        "PLAYPRINT_DATABASE_URL": fresh_db.url,
        "PLAYPRINT_REDIS_URL": redis_url,
        "PLAYPRINT_HOME": str(tmp_path),
        "COLUMNS": "120",
    }

    def command(*words: str | Path) -> "subprocess.CompletedProcess[str]":
        line = [sys.executable, "-m", "cli", "playlists", *map(str, words)]
        return subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    return command


def refused(done: "subprocess.CompletedProcess[str]") -> str:
    """Return the one sentence a command ended with."""
    assert (done.returncode, done.stdout) == (2, "")
    (sentence,) = done.stderr.splitlines()
    return sentence


def test_playlists_are_listed_shown_and_taken_along(run: Run, tmp_path: Path) -> None:
    first = run("list", "--json")
    assert not first.returncode, first.stderr
    heads = json.loads(first.stdout)
    assert [(each["name"], each["songs"], each["changed"], each["gone"]) for each in heads] == [
        ("[bold]Summer", 3, "2024-06-01", False),
        ("Twins", 1, None, False),
        ("twins", 1, None, False),
    ]
    assert "[bold]Summer" in run("list").stdout
    shown = json.loads(run("show", "[BOLD]summer", "--json").stdout)
    assert shown["key"] == heads[0]["key"]
    assert [(each["name"], each["plays"], each["last"], each["state"]) for each in shown["entries"]] == [
        ("Track 1", 1, "2024-01-01", "played"),
        ("Track 2", 0, None, "never"),
        ("Track 1", 1, "2024-01-01", "played"),
    ]
    assert [(each["origin"], each["songs"]) for each in shown["told"]] == [("export", 3)]
    assert "never played" in run("show", heads[0]["key"], "--user", "anna").stdout
    target = tmp_path / "summer.xspf"
    said = run("export", heads[0]["key"], "--what", "duplicates", "--form", "xspf", "--to", target)
    assert said.stdout == f"[bold]Summer (twice): 1 song in {target}\n"
    tracks = ET.parse(target).getroot().findall(".//{http://xspf.org/ns/0/}track/{http://xspf.org/ns/0/}title")
    assert [each.text for each in tracks] == ["Track 1"]
    content = target.read_bytes()
    assert "already" in refused(run("export", heads[0]["key"], "--to", target))
    assert target.read_bytes() == content
    lines = run("export", "--what", "none").stdout.splitlines()
    assert lines[1:] == ['1,Track 3,Artist,Album,spotify:track:0000000000000000000003,"",""']
    jspf = json.loads(run("export", heads[2]["key"], "--form", "jspf").stdout)
    assert [each["title"] for each in jspf["playlist"]["track"]] == ["Track 2"]


def test_what_cannot_be_shown_is_said_in_a_sentence(run: Run, tmp_path: Path) -> None:
    assert "no playlist Winter" in refused(run("show", "Winter"))
    assert "by its key" in refused(run("show", "TWINS"))
    assert "Say which playlist" in refused(run("export"))
    assert "cannot be written" in refused(run("export", "--what", "none", "--to", tmp_path / "no" / "where.csv"))
    assert "Nobody here is called" in refused(run("list", "--user", "Zoe"))
