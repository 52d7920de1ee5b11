"""The commands as a person or a program runs them: processes, their output, their exit codes."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import exports
import pytest

from core.repositories.database import Database

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def playprint(fresh_db: Database, redis_url: str, tmp_path: Path) -> Run:
    """Return a function that runs ``playprint`` on servers and a home of this test's own."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PLAYPRINT_")},
        "PLAYPRINT_DATABASE_URL": fresh_db.url,
        "PLAYPRINT_REDIS_URL": redis_url,
        "PLAYPRINT_HOME": str(tmp_path / "home"),
        "COLUMNS": "120",
    }

    def run(*arguments: str | Path, **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "cli", *map(str, arguments)],
            check=False,
            cwd=ROOT,
            env={**environment, **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    return run


def refused(done: "subprocess.CompletedProcess[str]") -> str:
    """Return the one sentence a command ended with."""
    assert (done.returncode, done.stdout) == (2, "")
    (sentence,) = done.stderr.splitlines()
    return sentence


def row(second: int, *, track: str = "Song", ms: int = 200_000) -> dict[str, object]:
    """Return one row of an extended history, on 1 May 2024 (UTC)."""
    moment = f"2024-05-01T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"
    uri = f"spotify:track:{track:0<22}"[:36]
    return exports.row(ts=moment, ms_played=ms, master_metadata_track_name=track, spotify_track_uri=uri)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Return a zip with three plays and one listen too short to be one."""
    rows = [row(3600), row(7200, track="Other"), row(10_800), row(14_400, ms=5_000)]
    path = tmp_path / "my_spotify_data.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Spotify Extended Streaming History/Streaming_History_Audio_2024_0.json", json.dumps(rows))
    return path


def test_people_come_and_go(playprint: Run) -> None:
    added = json.loads(playprint("user", "add", "Anna", "--json").stdout)
    assert (added["name"], added["role"]) == ("Anna", "owner")
    assert added["link"].startswith("http://127.0.0.1:8501/welcome?link=")
    assert json.loads(playprint("user", "add", "Ben", "--json").stdout)["role"] == "member"
    assert "name" in refused(playprint("user", "add", "anna"))
    again = playprint("user", "reset-link", "BEN").stdout.splitlines()[-1]
    assert again.startswith("http://127.0.0.1:8501/welcome?link=")
    assert "--yes" in refused(playprint("user", "delete", "Ben"))
    assert json.loads(playprint("user", "delete", "ben", "--yes", "--json").stdout) == {"deleted": "Ben"}
    (left,) = json.loads(playprint("user", "list", "--json").stdout)
    assert (left["name"], left["role"], left["has_password"]) == ("Anna", "owner", False)
    assert "Anna" in playprint("user", "list").stdout


def test_an_import_and_its_figures(playprint: Run, export: Path) -> None:
    assert "playprint user add" in refused(playprint("import", export))
    playprint("user", "add", "Anna")
    done = playprint("import", export, "--json")
    answer = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(answer) == [
        *("outcome", "message", "rows_read", "stored", "plays", "duplicates", "replaced", "unidentified", "errors"),
        *("by_reason", "files"),
    ]
    assert (answer["outcome"], answer["rows_read"], answer["stored"], answer["plays"]) == ("ok", 4, 4, 3)
    assert sum(answer["by_reason"].values()) == 4

    again = json.loads(playprint("import", export, "--json", "--user", "anna").stdout)
    assert (again["outcome"], again["stored"], again["duplicates"]) == ("ok", 0, 4)

    figures = json.loads(playprint("summary", "--json").stdout)
    assert {name: figures[name] for name in ("listens", "plays", "artists", "albums", "tracks")} == {
        "listens": 4,
        "plays": 3,
        "artists": 1,
        "albums": 1,
        "tracks": 2,
    }
    assert (figures["first"], figures["last"]) == ("2024-05-01T01:00:00Z", "2024-05-01T04:00:00Z")
    assert json.loads(playprint("summary", "--json", "--to", "2024-04-30").stdout)["listens"] == 0
    assert json.loads(playprint("summary", "--json", "--to", "2024-05-01").stdout)["listens"] == 4
    ever = ("--from", "0001-01-01", "--to", "9999-12-31")
    assert json.loads(playprint("summary", "--json", *ever).stdout)["listens"] == 4

    (first, second) = json.loads(playprint("top", "tracks", "--json").stdout)
    assert list(first) == ["rank", "name", "artist", "plays", "ms_played"]
    assert (first["rank"], first["name"], first["artist"], first["plays"]) == (1, "Song", "Artist", 2)
    assert (second["rank"], second["name"], second["plays"]) == (2, "Other", 1)
    assert len(json.loads(playprint("top", "tracks", "--json", "--limit", "1").stdout)) == 1
    for what in ("artists", "albums"):
        assert len(json.loads(playprint("top", what, "--json").stdout)) == 1
        assert "3" in playprint("top", what).stdout
    assert "Plays" in playprint("summary").stdout


def test_an_import_for_people_shows_the_sheet(playprint: Run, export: Path) -> None:
    playprint("user", "add", "Anna")
    done = playprint("import", export)
    assert done.returncode == 0
    assert "4 listens are new, 3 of them count as plays." in done.stdout
    assert "Not stored" not in done.stdout


def test_rows_that_were_not_stored_are_printed_by_file_and_number(playprint: Run, tmp_path: Path) -> None:
    playprint("user", "add", "Anna")
    history = tmp_path / "endsong_0.json"
    history.write_text(json.dumps([row(3600), row(3600), row(7200, ms=-1)]))
    shown = playprint("import", history).stdout.splitlines()
    assert "1 listen is new, 1 of them counts as a play." in shown
    at = shown.index("Not stored, for example:")
    assert shown[at + 1 : at + 3] == [
        "  endsong_0.json, row 3: error_negative_duration",
        "  endsong_0.json, row 2: duplicate",
    ]


def test_a_saved_library_can_be_imported_alone(playprint: Run, tmp_path: Path) -> None:
    playprint("user", "add", "Anna")
    playlists = tmp_path / "Playlist1.json"
    playlists.write_text(json.dumps({"playlists": [{"name": "Mine", "lastModifiedDate": "2024-01-01", "items": []}]}))
    answer = json.loads(playprint("import", playlists, "--json").stdout)
    assert (answer["outcome"], answer["message"], answer["rows_read"]) == ("ok", "Kept 1 saved thing.", 0)
    assert [file["name"] for file in answer["files"]] == ["Playlist1.json"]


def test_a_folder_is_imported_like_its_zip(playprint: Run, export: Path, tmp_path: Path) -> None:
    playprint("user", "add", "Anna")
    with zipfile.ZipFile(export) as archive:
        archive.extractall(tmp_path / "unpacked")
    assert json.loads(playprint("import", tmp_path / "unpacked", "--json").stdout)["stored"] == 4
    assert json.loads(playprint("import", export, "--json").stdout)["stored"] == 0


def test_a_refused_import_ends_with_3(playprint: Run, tmp_path: Path) -> None:
    playprint("user", "add", "Anna")
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 and no more")
    done = playprint("import", broken, "--json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["outcome"], answer["stored"]) == (3, "rejected", 0)
    assert answer["message"].endswith(".")
    plain = playprint("import", broken)
    assert (plain.returncode, plain.stdout, plain.stderr.strip()) == (3, "", answer["message"])


def test_what_cannot_be_done_is_one_sentence_and_2(playprint: Run, export: Path, tmp_path: Path) -> None:
    assert "playprint user add" in refused(playprint("summary"))
    playprint("user", "add", "Anna")
    assert "playprint user add" in refused(playprint("import", export, "--user", "Zoe"))
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "cannot be read" in refused(playprint("import", tmp_path / "absent.zip"))
    assert "no zip" in refused(playprint("import", empty))
    assert "swap" in refused(playprint("summary", "--from", "2024-02-01", "--to", "2024-01-01"))
    assert "PLAYPRINT_PROT" in refused(playprint("summary", PLAYPRINT_PROT="1"))
    assert "PostgreSQL" in refused(playprint("summary", PLAYPRINT_DATABASE_URL="postgresql://localhost:1/none"))
    playprint("user", "add", "Ben")
    assert "--user" in refused(playprint("summary"))


def test_migrate_says_where_the_database_is(playprint: Run) -> None:
    assert "revision 0" in playprint("migrate").stdout


def test_help_is_there_for_everything(playprint: Run) -> None:
    for command in ("", "run", "web", "worker", "migrate", "demo", "import", "summary", "top", "user", "user add"):
        done = playprint(*command.split(), "--help")
        assert done.returncode == 0
        assert "Usage" in done.stdout
