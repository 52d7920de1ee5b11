"""Downloads of playlists and suggestions: one's own alone, in forms other programs read."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import exports
import pytest
from someone import Someone, TestClient

from core.bootstrap import Playprint
from core.services.importing import Upload
from ui.figures.list_panels import LIST_PANELS

Somebody = Callable[..., Someone]
NS = {"x": "http://xspf.org/ns/0/"}
NAMES = ["=cmd|' /C calc'!A0", 'a <b> & "c"', "bell\x07 and \x1b escape", "Plain"]
URIS = [f"spotify:track:listfiles{n:013}" for n in range(len(NAMES))]


@pytest.fixture
def listener(playing: Playprint, somebody: Somebody, tmp_path: Path) -> Callable[[], Someone]:
    """Return a function that makes somebody with a history and one playlist of it."""

    def make() -> Someone:
        made = somebody()
        heard = [
            exports.row(day, ts=f"2024-03-{day:02}T12:00:00Z", ms_played=100_000 + day, reason_end="trackdone",
                        master_metadata_track_name=NAMES[3], spotify_track_uri=URIS[3])
            for day in range(1, 9)
        ]  # fmt: skip
        items = [
            {
                "track": {"trackName": name, "artistName": "Band", "albumName": "LP", "trackUri": uri},
                "addedDate": "2023-01-01",
            }
            for name, uri in zip([*NAMES, NAMES[3]], [*URIS, URIS[3]], strict=True)
        ]  # fmt: skip
        lists = {"playlists": [{"name": "Road & trip/../x", "lastModifiedDate": "2024-01-01", "items": items}]}
        for name, data in (("Streaming_History_Audio_2024_1.json", heard), ("Playlist1.json", lists)):
            path = tmp_path / f"{made.id}-{name}"
            path.write_text(json.dumps(data))
            import_id = playing.importing.create(made.id, label=name, bytes_total=path.stat().st_size)
            record = playing.importing.run(made.id, import_id=import_id, uploads=[Upload(path, name)])
            assert record.status == "done", record.message
        return made

    return make


def key_of(playing: Playprint, someone: Someone) -> str:
    (head,) = playing.playlists.heads(someone.id)
    return head.key


def test_a_playlist_is_taken_along_as_csv_without_formulas(playing: Playprint, listener: Callable[[], Someone]) -> None:
    alice = listener()
    answer = alice.client.get(f"/download/playlist/songs.csv?list={key_of(playing, alice)}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="playlist-Road-trip-x.csv"'
    assert answer.headers["cache-control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["position"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert rows[0]["name"] == "'" + NAMES[0]
    assert [row["uri"] for row in rows] == [*URIS, URIS[3]]


def test_xspf_is_well_formed_whatever_songs_are_called(playing: Playprint, listener: Callable[[], Someone]) -> None:
    alice = listener()
    answer = alice.client.get(f"/download/playlist/songs.xspf?list={key_of(playing, alice)}")
    assert answer.headers["content-type"].startswith("application/xspf+xml")
    tree = ElementTree.fromstring(answer.content)
    assert tree.tag == "{http://xspf.org/ns/0/}playlist"
    assert tree.attrib == {"version": "1"}
    assert tree.findtext("x:title", namespaces=NS) == "Road & trip/../x"
    tracks = tree.findall("x:trackList/x:track", NS)
    titles = [each.findtext("x:title", namespaces=NS) for each in tracks]
    assert titles == [NAMES[0], NAMES[1], "bell and  escape", NAMES[3], NAMES[3]]
    assert tracks[0].findtext("x:identifier", namespaces=NS) == f"https://open.spotify.com/track/{URIS[0][14:]}"
    order = [each.tag.partition("}")[2] for each in tracks[0]]
    assert order == ["identifier", "title", "creator", "album"]


def test_jspf_is_as_its_specification_says(playing: Playprint, listener: Callable[[], Someone]) -> None:
    alice = listener()
    made = alice.client.get(f"/download/playlist/songs.jspf?list={key_of(playing, alice)}").json()
    assert set(made) == {"playlist"}
    assert made["playlist"]["title"] == "Road & trip/../x"
    first = made["playlist"]["track"][0]
    assert isinstance(first["identifier"], list)
    assert (first["title"], first["creator"], first["album"]) == (NAMES[0], "Band", "LP")


def test_parts_of_a_playlist_are_taken_along(playing: Playprint, listener: Callable[[], Someone]) -> None:
    alice = listener()
    places = {}
    for what in ("cleaned", "duplicates", "never", "skipped"):
        answer = alice.client.get(f"/download/playlist/{what}.csv?list={key_of(playing, alice)}")
        assert answer.status_code == 200, what
        places[what] = [row["uri"] for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))]
    assert places == {"cleaned": [URIS[3]], "duplicates": [URIS[3]], "never": URIS[:3], "skipped": []}


@pytest.mark.parametrize("name", sorted(LIST_PANELS))
def test_every_panel_of_playlists_is_taken_away(playing: Playprint, listener: Callable[[], Someone], name: str) -> None:
    alice = listener()
    answer = alice.client.get(f"/download/list/{name}.csv?list={key_of(playing, alice)}&range=all")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "\n=" not in answer.text
    assert ",=" not in answer.text


def test_a_panel_is_drawn_for_its_list(playing: Playprint, listener: Callable[[], Someone]) -> None:
    alice = listener()
    key = key_of(playing, alice)
    for kind, begins in (("png", b"\x89PNG"), ("svg", b"<svg")):
        answer = alice.client.get(f"/download/list/list-listening.{kind}?list={key}&range=2024")
        assert answer.content.startswith(begins)
        assert answer.headers["content-disposition"] == f'attachment; filename="list-listening-2024.{kind}"'
    assert alice.client.get(f"/download/list/list-songs.png?list={key}").status_code == 404, "a list is no picture"


@pytest.mark.parametrize(
    "path",
    ["list/nothing.csv", "list/list-songs.exe", "list/list-songs.csv", "list/list-songs.csv?list=x",
     "list/list-facts.csv?list=%00", "playlist/nothing.csv?list={}", "playlist/songs.exe?list={}", "playlist/songs.csv",
     "playlist/songs.csv?list=%00%27", "playlist/kept.csv", "suggestions/nothing.csv", "suggestions/songs.csv?list={}",
     "suggestions/continue.csv?list=x", "suggestions/next.exe", "suggestions/mix.csv?name=nothing"],
)  # fmt: skip
def test_what_is_not_there_is_not_there(playing: Playprint, listener: Callable[[], Someone], path: str) -> None:
    alice = listener()
    answer = alice.client.get("/download/" + path.format(key_of(playing, alice)))
    assert (answer.status_code, answer.text) == (404, "There is nothing here to download.")


ALL = ["playlist/songs.csv?list={}", "playlist/cleaned.xspf?list={}", "list/list-songs.csv?list={}",
       "list/list-facts.csv?list={}", "list/list-genres.svg?list={}", "suggestions/continue.csv?list={}"]  # fmt: skip


@pytest.mark.parametrize("path", ALL)
def test_strangers_get_nobodys_playlists(
    playing: Playprint,
    listener: Callable[[], Someone],
    browser: Callable[..., TestClient],
    somebody: Somebody,
    path: str,
) -> None:
    alice, charlie = listener(), somebody()
    address = "/download/" + path.format(key_of(playing, alice))
    assert alice.client.get(address).status_code == 200
    assert charlie.client.get(address).status_code == 404
    for more in ("", "&profile=demo"):
        answer = browser().get(address + more)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("what", ["new", "forgotten", "next", "deep", "kept"])
@pytest.mark.parametrize("form", ["csv", "jspf", "xspf"])
def test_suggestions_are_taken_along(listener: Callable[[], Someone], what: str, form: str) -> None:
    answer = listener().client.get(f"/download/suggestions/{what}.{form}?of=track&dial=balanced&of=%00")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    if form == "jspf":
        assert "track" in answer.json()["playlist"]
    if form == "xspf":
        assert ElementTree.fromstring(answer.content).find("x:trackList", NS) is not None
