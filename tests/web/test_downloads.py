"""Downloads: one's own listens and sheets, whole and true, and nobody else's."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import exports
import polars as pl
import pytest
from someone import Someone, TestClient

from core.bootstrap import Playprint
from core.services.importing import Upload

Somebody = Callable[..., Someone]
NAMES = ["=cmd|' /C calc'!A0", "+1", "-", "@me", 'a "quoted", name', "naïve\nline", "Plain"]


def history() -> list[dict[str, object]]:
    """Return an extended history of one listen a day."""
    return [
        exports.row(
            day,
            ts=f"2024-03-{day:02}T12:00:00Z",
            ms_played=100_000 + day,
            master_metadata_track_name=NAMES[day % len(NAMES)],
            spotify_track_uri=f"spotify:track:downloads{day:013}",  # a track keeps the name it came with first
        )
        for day in range(1, 29)
    ]


@pytest.fixture
def heard(playing: Playprint, tmp_path: Path) -> Callable[[Someone], int]:
    """Return a function that imports a small history for a person and returns the import's id."""

    def run(someone: Someone) -> int:
        path = tmp_path / f"{someone.id}"
        path.write_text(json.dumps(history()))
        import_id = playing.importing.create(someone.id, label="x.json", bytes_total=path.stat().st_size)
        upload = Upload(path, "Streaming_History_Audio_2024_1.json")
        record = playing.importing.run(someone.id, import_id=import_id, uploads=[upload])
        assert record.status == "done", record.message
        return import_id

    return run


def test_csv_holds_the_selection_and_starts_no_formula(somebody: Somebody, heard: Callable[[Someone], int]) -> None:
    alice = somebody()
    heard(alice)
    answer = alice.client.get("/download/listens.csv?range=all")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="listens-all.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 28
    assert {row["track"] for row in rows} == {f"'{n}" if n[0] in "=+-@" else n for n in NAMES}
    assert sum(int(row["ms_played"]) for row in rows) == sum(100_000 + day for day in range(1, 29))
    part = alice.client.get("/download/listens.csv?range=2024-03-05..2024-03-09")
    assert part.headers["content-disposition"] == 'attachment; filename="listens-2024-03-05-2024-03-09.csv"'
    assert len(list(csv.DictReader(io.StringIO(part.text)))) == 5
    searched = alice.client.get("/download/listens.csv?range=all&q=plain")
    assert len(list(csv.DictReader(io.StringIO(searched.text)))) == 4
    none = alice.client.get("/download/listens.csv?range=2020")
    assert none.text.count("\n") == 1


def test_taking_the_listens_away_is_in_the_record(
    playing: Playprint, somebody: Somebody, heard: Callable[[Someone], int]
) -> None:
    alice, charlie = somebody(), somebody("Charlie")
    heard(alice)
    for number, address in enumerate(("listens.csv?range=all", "listens.parquet?profile=demo"), start=1):
        assert alice.client.get(f"/download/{address}").status_code == 200
        assert [e.event for e in playing.events.of(alice.id)].count("downloaded") == number
    charlie.client.get("/download/listens.csv")
    assert "downloaded" not in [e.event for e in playing.events.of(charlie.id)], "there was nothing"


def test_parquet_holds_names_as_they_are(somebody: Somebody, heard: Callable[[Someone], int]) -> None:
    alice = somebody()
    heard(alice)
    answer = alice.client.get("/download/listens.parquet?range=all")
    frame = pl.read_parquet(io.BytesIO(answer.content))
    assert set(frame["track"]) == set(NAMES)
    assert frame.height == 28


def test_sheets_add_up_in_both_forms(somebody: Somebody, heard: Callable[[Someone], int]) -> None:
    alice = somebody()
    import_id = heard(alice)
    made = alice.client.get(f"/download/import/{import_id}.json")
    sheet = made.json()["sheet"]
    assert made.headers["content-disposition"] == f'attachment; filename="import-{import_id}.json"'
    assert sheet["rows_read"] == 28 == sum(sheet["by_reason"].values())
    assert "203.0.113.9" not in made.text
    rows = list(csv.DictReader(io.StringIO(alice.client.get(f"/download/import/{import_id}.csv").text)))
    totals = {row["field"]: int(row["value"]) for row in rows if row["part"] == "total"}
    assert totals["rows_read"] == 28
    assert totals["stored"] == sheet["stored"]


def test_charlie_gets_nothing_of_alices(
    somebody: Somebody, heard: Callable[[Someone], int], browser: Callable[..., TestClient]
) -> None:
    alice, charlie = somebody(), somebody("Charlie")
    import_id = heard(alice)
    for kind in ("json", "csv"):
        address = f"/download/import/{import_id}.{kind}"
        theirs, none = charlie.client.get(address), charlie.client.get(f"/download/import/{10**12}.{kind}")
        assert (theirs.status_code, theirs.text) == (none.status_code, none.text)
        assert theirs.status_code == 404
        assert browser().get(address).headers["location"].startswith("/sign-in")
    for kind in ("csv", "parquet"):
        assert charlie.client.get(f"/download/listens.{kind}?range=all").status_code == 404
        assert browser().get(f"/download/listens.{kind}?range=all").headers["location"].startswith("/sign-in")
        assert browser().get(f"/download/listens.{kind}?profile=demo").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize(
    "address",
    ["/download/listens.xlsx", "/download/import/1.html", "/download/import/0.json", f"/download/import/{2**64}.csv"],
)
def test_what_is_not_there(somebody: Somebody, address: str) -> None:
    assert somebody().client.get(address).status_code == 404
