"""Downloads of pictures and lists: what the page shows, for the person signed in and nobody else."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from someone import Someone, TestClient

from core.bootstrap import Playprint
from core.domain.lens import Lens
from core.services.importing import Upload
from ui.figures.panels import PANELS

Somebody = Callable[..., Someone]


@pytest.fixture
def listener(playing: Playprint, somebody: Somebody, tmp_path: Path) -> Someone:
    """Return somebody with forty days of one artist, twice a day."""
    made = somebody()
    rows = [
        {
            "ts": f"2024-0{1 + day // 28}-{day % 28 + 1:02}T{hour}:00:00Z",
            "ms_played": 180_000,
            "master_metadata_track_name": f"Song {hour}",
            "master_metadata_album_artist_name": "=Artist()",
            "master_metadata_album_album_name": "Album",
            "spotify_track_uri": f"spotify:track:{hour:022}",
            "reason_end": "trackdone",
        }
        for day in range(40)
        for hour in ("08", "19")
    ]
    path = tmp_path / "history.json"
    path.write_text(json.dumps(rows))
    import_id = playing.importing.create(made.id, label="history.json", bytes_total=path.stat().st_size)
    record = playing.importing.run(
        made.id, import_id=import_id, uploads=[Upload(path, "Streaming_History_Audio_0.json")]
    )
    assert record.status == "done", record.message
    return made


@pytest.mark.parametrize("name", ["timeline", "when", "eras", "genre-stream", "countries"])
@pytest.mark.parametrize(("kind", "begins"), [("csv", b""), ("png", b"\x89PNG"), ("svg", b"<svg")])
def test_a_picture_can_be_taken_away(listener: Someone, name: str, kind: str, begins: bytes) -> None:
    answer = listener.client.get(f"/download/figure/{name}.{kind}?range=2024&metric=hours")
    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}-2024.{kind}"'
    assert answer.headers["cache-control"] == "no-store"
    if kind == "svg":
        assert b"Playprint" in answer.content


def test_the_data_of_every_panel_can_be_taken_away(playing: Playprint, listener: Someone) -> None:
    artist = playing.listening.top(listener.id, by="artist", lens=Lens())["id"][0]
    for name in PANELS:
        answer = listener.client.get(f"/download/figure/{name}.csv?range=2024&artist={artist}")
        assert answer.status_code == 200, name
        assert answer.headers["content-type"].startswith("text/csv"), name


def test_a_list_is_no_picture(listener: Someone) -> None:
    assert listener.client.get("/download/figure/era-list.png?range=2024").status_code == 404


def test_the_data_is_what_the_person_heard(listener: Someone) -> None:
    text = listener.client.get("/download/figure/timeline.csv?range=2024-01").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 31
    assert sum(int(row["plays"]) for row in rows) == 56
    assert sum(int(row["ms_played"]) for row in rows) == 56 * 180_000


def test_a_whole_list_can_be_taken_away_and_holds_no_formula(listener: Someone) -> None:
    rows = list(csv.DictReader(io.StringIO(listener.client.get("/download/chart.csv?of=artist&range=all").text)))
    assert [(row["rank"], row["name"], row["plays"]) for row in rows] == [("1", "'=Artist()", "80")]
    tracks = list(csv.DictReader(io.StringIO(listener.client.get("/download/chart.csv?of=track&range=all").text)))
    assert {row["name"] for row in tracks} == {"Song 08", "Song 19"}


def chart(somebody: Someone, query: str) -> list[dict[str, str]]:
    """Return the rows of a list's download."""
    return list(csv.DictReader(io.StringIO(somebody.client.get(f"/download/chart.csv?{query}").text)))


def test_a_list_is_taken_away_as_it_is_shown(listener: Someone) -> None:
    by_name = chart(listener, "of=track&range=all&sort=-name")
    assert [row["name"] for row in by_name] == ["Song 19", "Song 08"]
    assert [row["name"] for row in chart(listener, "of=track&range=all&sort=-plays&find=19")] == ["Song 19"]
    skipped = chart(listener, "of=track&range=all&sort=skips")
    assert {(row["starts"], row["skips"]) for row in skipped} == {("40", "0")}
    first = chart(listener, "of=track&range=all&sort=first")
    assert {row["first"] for row in first} == {"2024-01-01"}


def test_two_ranges_are_taken_away_beside_each_other(listener: Someone) -> None:
    (row,) = chart(listener, "of=artist&range=2024-01&vs=2024-02")
    assert (row["plays"], row["plays_there"], row["rank"], row["rank_before"]) == ("56", "24", "1", "1")


@pytest.mark.parametrize("level", ["family", "genre"])
def test_genres_are_taken_away(listener: Someone, level: str) -> None:
    rows = chart(listener, f"of=genre&level={level}&range=all")
    assert sum(float(row["plays"]) for row in rows) == pytest.approx(80)
    assert {"rank", "name", "plays", "share", "artists"} <= rows[0].keys()


@pytest.mark.parametrize("path", ["figure/timeline.exe", "figure/nothing.png", "chart.csv?of=nothing"])
def test_what_is_not_there_is_not_there(listener: Someone, path: str) -> None:
    assert listener.client.get(f"/download/{path}").status_code == 404


def test_an_empty_history_has_no_pictures(somebody: Somebody) -> None:
    assert somebody().client.get("/download/figure/timeline.png").status_code == 404


@pytest.mark.parametrize("path", ["figure/timeline.png", "chart.csv", "figure/timeline.png?profile=demo"])
def test_a_visitor_gets_nobodys_pictures(browser: Callable[..., TestClient], listener: Someone, path: str) -> None:
    answer = browser().get(f"/download/{path}")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")
