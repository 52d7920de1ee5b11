"""``playprint trends``: chart files in, what is stored, one chart; as processes, with their output and exit codes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from chart_files import weeks

from core.repositories.database import Database

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def playprint(fresh_db: Database, redis_url: str, tmp_path: Path) -> Run:
    """Return a function that runs ``playprint trends`` on servers and a home of this test's own."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PLAYPRINT_")},
        "PLAYPRINT_DATABASE_URL": fresh_db.url,
        "PLAYPRINT_REDIS_URL": redis_url,
        "PLAYPRINT_HOME": str(tmp_path / "home"),
        "PLAYPRINT_TREND_SOURCES": "",
        "COLUMNS": "140",
    }

    def run(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "cli", "trends", *map(str, arguments)]
        return subprocess.run(
            command, check=False, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of eight weekly files and a broken one."""
    folder = tmp_path / "charts of Germany"
    folder.mkdir()
    for week in weeks(8, country="de"):
        (folder / week.name).write_bytes(week.data)
    (folder / "regional-de-weekly-2026-08-27.csv").write_text("rank,title\n1,One\nabc,Two\n")
    return folder


def test_files_go_in_and_a_bad_one_is_named(playprint: Run, folder: Path) -> None:
    done = playprint("import", folder, "--json")
    assert (done.returncode, done.stderr) == (1, "")
    answer = json.loads(done.stdout)
    first, *_, bad = answer
    assert first == {
        "name": weeks(8, country="de")[0].name,
        "stored": 2,
        "kept": 0,
        "entries": 30,
        "source": "spotify",
        "country": "DE",
        "kind": "track",
        "window": "week",
        "first": "2026-06-26",
        "until": "2026-07-03",
        "error": None,
    }
    assert (bad["name"], bad["stored"], bad["source"]) == ("regional-de-weekly-2026-08-27.csv", 0, None)
    assert bad["error"] == "Line 3: “abc” is no rank; write whole numbers from 1 to 10,000."
    again = playprint("import", f"{folder}/*-0[678]-*.csv")
    assert again.returncode == 1
    assert again.stderr == f"{bad['name']}: {bad['error']}\n"
    assert again.stdout == "8 files read with 240 places: 0 charts stored, 16 there already.\n"
    listed = json.loads(playprint("list", "--json").stdout)
    assert [(each["source"], each["kind"], each["window"], each["country"], each["snapshots"]) for each in listed] == [
        ("spotify", "artist", "week", "DE", 8),
        ("spotify", "track", "week", "DE", 8),
    ]
    assert (listed[1]["first"], listed[1]["last"]) == ("2026-06-26", "2026-08-14")
    assert 0 <= listed[1]["age"] < 3600
    assert "spotify" in playprint("list").stdout


def test_what_the_file_tells_is_what_history_shows(playprint: Run, folder: Path) -> None:
    playprint("import", folder, "--json")
    made = weeks(8, country="de")
    for week in (made[0], made[3], made[-1]):
        wanted = ("--source", "spotify", "--kind", "track", "--window", "week", "--country", "de")
        done = playprint("show", *wanted, "--date", str(week.last_day - timedelta(days=2)), "--json")
        assert (done.returncode, done.stderr) == (0, "")
        chart = json.loads(done.stdout)
        assert list(chart) == [
            *("source", "kind", "window", "country", "first", "until", "computed_at", "complete", "entries"),
        ]
        assert (chart["source"], chart["kind"], chart["window"], chart["country"]) == ("spotify", "track", "week", "DE")
        assert (chart["first"], chart["until"], chart["complete"]) == (
            str(week.last_day - timedelta(days=6)),
            str(week.last_day + timedelta(days=1)),
            True,
        )
        shown = {
            row["name"]: (
                row["rank"],
                row["previous_rank"] or -1,
                row["peak_rank"],
                row["weeks_on_chart"],
                row["value"],
            )
            for row in chart["entries"]
        }
        assert shown == week.told
        assert {*chart["entries"][0]} == {
            *("rank", "name", "artist", "value", "previous_rank", "peak_rank", "weeks_on_chart", "momentum", "entry"),
        }
    last = json.loads(playprint("show", "--top", "3", "--json").stdout)
    assert (last["kind"], len(last["entries"]), last["first"]) == ("track", 3, "2026-08-14")
    assert json.loads(playprint("show", "--kind", "artist", "--json").stdout)["kind"] == "artist"
    assert "Song" in playprint("show", "--top", "5").stdout


def test_what_is_not_there_is_said(playprint: Run, folder: Path, tmp_path: Path) -> None:
    assert "No chart is stored yet" in playprint("list").stdout
    assert json.loads(playprint("list", "--json").stdout) == []
    nothing = playprint("show")
    assert (nothing.returncode, nothing.stdout) == (2, "")
    assert "playprint trends list" in nothing.stderr
    missing = playprint("import", tmp_path / "absent.csv")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert missing.stderr == "absent.csv: The file cannot be read: No such file or directory.\n"
    (tmp_path / "empty").mkdir()
    for wrong in (
        ("import", tmp_path / "empty"),
        ("import", tmp_path / "*.xyz"),
        ("import", folder, "--country", "QQ"),
    ):
        done = playprint(*wrong)
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    playprint("import", folder)
    for wrong in (("--country", "FR"), ("--source", "lastfm"), ("--window", "year"), ("--source", "nobody")):
        assert playprint("show", *wrong).returncode == 2, wrong


def test_country_and_date_by_hand(playprint: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("Position;Name;Artists;Plays\n1;One;Anna;1.000\n")
    assert "which country" in playprint("import", path).stderr
    done = playprint("import", path, "--country", "global", "--date", "2025-12-31", "--window", "year", "--json")
    (taken,) = json.loads(done.stdout)
    assert (taken["source"], taken["country"], taken["window"], taken["first"], taken["until"]) == (
        *("files", "ZZ", "year"),
        *("2025-01-01", "2026-01-01"),
    )
    chart = json.loads(playprint("show", "--source", "files", "--kind", "track", "--json").stdout)
    assert [(row["name"], row["artist"], row["value"]) for row in chart["entries"]] == [("One", "Anna", 1000)]


def test_where_nobody_is_asked_refreshing_says_so(playprint: Run) -> None:
    done = playprint("refresh", "--json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["outcome"], answer["sources"]) == (0, "off", [])
    assert "Nobody is to be asked" in playprint("refresh").stdout
