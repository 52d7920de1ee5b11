"""Chart files in a real database: stored wholly or not at all, once, from hands, zips and the folder."""

import os
import zipfile
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from chart_files import Week, sheet, weeks
from sqlalchemy import text

from core.domain.trends import ChartKey
from core.repositories.chart_rows import ChartRows
from core.repositories.database import Database
from core.services.chart_files import AT_ONCE, ByHand, ChartFiles, Taken
from core.services.chart_unpacking import Given, content

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
PLAIN = [["rank", "title", "artist", "value"], [1, "One", "Anna", 20], [2, "Two", "Ben", 10]]


@pytest.fixture
def files(fresh_db: Database, tmp_path: Path) -> ChartFiles:
    return ChartFiles(fresh_db, tmp_path / "charts", now=lambda: NOW)


def bare(name: str, data: bytes) -> Given:
    return Given(Path("nowhere"), name, data)


def given(made: list[Week]) -> list[Given]:
    return [bare(week.name, week.data) for week in made]


def count(db: Database, table: str) -> int:
    with db.read() as connection:
        return int(connection.execute(text(f"select count(*) from {table}")).scalar_one())


def test_a_run_of_weeks_is_stored_with_what_it_tells(files: ChartFiles, fresh_db: Database) -> None:
    made = weeks(8)
    told = files.take(given(made))
    assert [(each.name, each.stored, each.kept, each.entries, each.message) for each in told] == [
        (week.name, 2, 0, 30, "") for week in made
    ]
    rows = ChartRows(fresh_db)
    series = {each.key: each for each in rows.series()}
    songs, artists = ChartKey("spotify", "track", "week"), ChartKey("spotify", "artist", "week")
    assert set(series) == {songs, artists}
    assert (series[songs].first, series[songs].last, series[songs].snapshots) == (
        date(2026, 6, 26),
        date(2026, 8, 14),
        8,
    )
    history = rows.history(series[songs].id)
    names = dict(rows.things(sorted({int(id) for id in history.thing})).select("id", "name").iter_rows())
    for at, week in enumerate(made):
        here = history.snapshot == at
        columns = (history.rank, history.told_previous, history.told_peak, history.told_weeks, history.value)
        stored = {
            names[int(id)]: row for id, *row in zip(history.thing[here], *(c[here] for c in columns), strict=True)
        }
        assert {song: tuple(map(int, row)) for song, row in stored.items()} == {
            song: (rank, max(previous, 0), peak, on, value)
            for song, (rank, previous, peak, on, value) in week.told.items()
        }


def test_told_again_nothing_changes(files: ChartFiles, fresh_db: Database) -> None:
    made = weeks(3)
    files.take(given(made))
    before = ChartRows(fresh_db).version(), count(fresh_db, "chart_snapshots"), count(fresh_db, "chart_things")
    again = files.take(given(made))
    assert [(each.stored, each.kept, each.message) for each in again] == [(0, 2, "")] * 3
    assert (
        ChartRows(fresh_db).version(),
        count(fresh_db, "chart_snapshots"),
        count(fresh_db, "chart_things"),
    ) == before


def test_the_same_chart_twice_in_one_go_is_stored_once(files: ChartFiles) -> None:
    (week,) = weeks(1)
    copy = bare(week.name.replace(".csv", " (1).csv"), week.data)
    told = files.take([*given([week]), copy])
    assert [(each.stored, each.kept) for each in told] == [(2, 0), (0, 2)]


def test_a_bad_file_stores_nothing_and_stops_no_other(files: ChartFiles, fresh_db: Database) -> None:
    first, bad, last = weeks(3)
    lines = bad.data.split(b"\n")
    lines[20] = lines[20].replace(b"20,", b"abc,", 1)
    seen = []
    told = files.take([*given([first]), bare(bad.name, b"\n".join(lines)), *given([last])], on_taken=seen.append)
    assert told == seen
    assert [each.stored for each in told] == [2, 0, 2]
    assert told[1].message.startswith("Line 21: “abc” is no rank;")
    series = ChartRows(fresh_db).series()
    assert {each.snapshots for each in series} == {2}
    noted = {each.name: each for each in files.files()}
    assert (noted[bad.name].message, noted[bad.name].snapshots) == (told[1].message, 0)
    assert (noted[first.name].message, noted[first.name].snapshots, noted[first.name].entries) == ("", 2, 30)
    assert files.counts() == (2, 1)


def test_many_files_go_in_several_groups(files: ChartFiles, fresh_db: Database) -> None:
    made = weeks(AT_ONCE + 5, size=3)
    assert sum(each.stored for each in files.take(given(made))) == 2 * len(made)
    assert {each.snapshots for each in ChartRows(fresh_db).series()} == {len(made)}


def test_by_hand_is_said_before_names(files: ChartFiles) -> None:
    by_hand = ByHand(region="SE", day=date(2026, 3, 31), window="month", kind="album")
    (told,) = files.take([bare("top-de-2026-08-20.csv", sheet(PLAIN))], by_hand)
    assert (told.key, told.first, told.until) == (
        ChartKey("files", "album", "month", "SE"),
        date(2026, 3, 1),
        date(2026, 4, 1),
    )
    assert told.stored == 1  # no artists follow from albums


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    path = tmp_path / "charts of a month.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for week in weeks(4):
            archive.writestr(f"../../{week.name}", week.data)
        archive.writestr("readme.txt", "hello")
    return path


def test_a_zip_is_read_without_leaving_its_folder(files: ChartFiles, packed: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    told = files.take([Given(packed, packed.name)])
    assert [each.stored for each in told] == [2, 2, 2, 2, 0]
    assert told[0].name == "regional-global-weekly-2026-07-30.csv"
    assert told[4].message.startswith("Line 1 names no columns.")
    (noted,) = files.files()
    assert (noted.name, noted.snapshots, noted.entries) == (packed.name, 8, 120)
    assert noted.message.startswith("readme.txt: Line 1 names no columns.")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_broken_zip_is_refused(files: ChartFiles, packed: Path) -> None:
    packed.write_bytes(packed.read_bytes()[:900])
    (told,) = files.take([Given(packed, packed.name)])
    assert told.message == "The zip is damaged or incomplete; download it again."
    packed.write_bytes(b"PK\x05\x06" + bytes(18))
    (empty,) = files.take([Given(packed, packed.name)])
    assert "holds no file" in empty.message


def test_what_cannot_be_read_is_said(files: ChartFiles, tmp_path: Path) -> None:
    large = tmp_path / "regional-de-weekly-2026-08-20.csv"
    with large.open("wb") as file:
        file.truncate(20_000_001)
    told = files.take([Given(tmp_path / "absent.csv", "absent.csv"), Given(large, large.name)])
    assert [each.message.split(";")[0] for each in told] == [
        "The file cannot be read: No such file or directory.",
        "The file is larger than 20 MB, which no chart is",
    ]


def drop(folder: Path, name: str, data: bytes, *, age: float = 60) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (NOW.timestamp() - age,) * 2)
    return path


def test_the_folder_is_read_once_and_left_as_it_is(files: ChartFiles, fresh_db: Database, tmp_path: Path) -> None:
    assert files.look() == []
    folder = tmp_path / "charts"
    assert folder.stat().st_mode & 0o777 == 0o700
    first, second = weeks(2)
    drop(folder, first.name, first.data)
    drop(folder, f"2026/{second.name}", second.data)
    drop(folder, "notes.md", b"# no chart")
    drop(folder, "bad-de-2026-08-20.csv", b"rank,title\n0,Nothing\n")
    outside = drop(tmp_path, "elsewhere/regional-fr-weekly-2026-08-20.csv", second.data)
    (folder / outside.name).symlink_to(outside)
    there = sorted(folder.rglob("*"))
    told = {each.name: each for each in files.look()}
    assert {name: (each.stored, each.message[:6]) for name, each in told.items()} == {
        first.name: (2, ""),
        f"2026/{second.name}": (2, ""),
        "bad-de-2026-08-20.csv": (0, "Line 2"),
    }
    assert files.look() == []
    assert ChartFiles(fresh_db, folder, now=lambda: NOW).look() == []  # another process knows them by their content
    assert sorted(folder.rglob("*")) == there


def test_a_file_that_is_still_written_waits(files: ChartFiles) -> None:
    (week,) = weeks(1)
    half = drop(files.folder, week.name, week.data[:500], age=1)
    assert files.look() == []
    half.write_bytes(week.data)
    os.utime(half, (NOW.timestamp() - 1,) * 2)
    assert files.look() == []  # it grew since the last look
    assert [each.stored for each in files.look()] == [2]


def test_a_file_written_anew_while_others_are_read_is_looked_at_next_time(
    files: ChartFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    (week,), taking = weeks(1), files.take
    drop(files.folder, week.name, week.data)

    def written_meanwhile(given: Iterable[Given]) -> list[Taken]:
        told = taking(given)
        drop(files.folder, week.name, week.data.replace(b",10", b",11", 1), age=50)
        return told

    monkeypatch.setattr(files, "take", written_meanwhile)
    assert len(files.look()) == 1
    monkeypatch.setattr(files, "take", taking)
    assert [(each.stored, each.kept) for each in files.look()] == [(0, 2)]
    assert files.look() == []


def test_of_a_file_that_grows_while_it_is_read_no_more_than_fits_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = drop(tmp_path, "regional-de-weekly-2026-08-20.csv", b"x" * 100)
    monkeypatch.setattr("core.services.chart_unpacking.MOST_BYTES", 100)
    stat = Path.stat

    def grown(self: Path) -> os.stat_result:
        found = stat(self)
        if self == path:
            with path.open("ab") as file:
                file.write(b"x" * 1_000)
        return found

    monkeypatch.setattr(Path, "stat", grown)
    assert len(content(Given(path, path.name)).data) == 101  # one more than a chart may have, so it is refused


def test_a_refused_file_is_looked_at_again_under_another_name(files: ChartFiles) -> None:
    path = drop(files.folder, "chart.csv", sheet(PLAIN))
    (told,) = files.look()
    assert "country" in told.message
    assert files.look() == []
    path.rename(path.with_name("chart-de-2026-08-20.csv"))
    assert [(each.stored, each.message) for each in files.look()] == [(2, "")]


def test_a_stop_leaves_the_rest_for_the_next_look(files: ChartFiles) -> None:
    for week in weeks(3):
        drop(files.folder, week.name, week.data)
    asked = iter([False, True, True])
    assert len(files.look(stop=lambda: next(asked, True))) == 1
    assert len(files.look()) == 2


def test_the_worker_looks_every_two_minutes(files: ChartFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    from worker.tasks import tasks

    task = tasks.tasks["charts:look"]
    periodic = tasks.periodic_registry.periodic_tasks
    assert [each.cron for (name, _), each in periodic.items() if name == task.name] == ["*/2 * * * *"]
    (week,) = weeks(1)
    drop(files.folder, week.name, week.data)
    monkeypatch.setattr("core.bootstrap.playprint", lambda: SimpleNamespace(chart_files=files))
    task.func(SimpleNamespace(should_abort=lambda: False), timestamp=0)
    assert [(each.name, each.snapshots) for each in files.files()] == [(week.name, 2)]
