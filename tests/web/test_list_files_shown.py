"""Playlists of the profile everybody may look at as files; empty ones, songs in none, and odd words of addresses."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import exports
import pytest
from someone import Someone, TestClient
from starlette.applications import Starlette

from core.bootstrap import Playprint, build
from core.services.importing import Upload
from core.settings import Settings
from web.routes import middleware, routes

Somebody = Callable[..., Someone]
URI = "spotify:track:" + "listfilesshown{:08}"


@pytest.fixture
def bring(playing: Playprint, tmp_path: Path) -> Callable[[int], None]:
    """Return a function that brings somebody a history of two songs, a playlist of one of them and an empty one."""

    def take(person: int) -> None:
        heard = [
            exports.row(day, ts=f"2024-03-{day:02}T1{song}:00:00Z", ms_played=100_000 + day, reason_end="trackdone",
                        master_metadata_track_name=f"Song {song}", spotify_track_uri=URI.format(song))
            for day in range(1, 9)
            for song in (1, 2)
        ]  # fmt: skip
        track = {"trackName": "Song 1", "artistName": "Band", "albumName": "LP", "trackUri": URI.format(1)}
        lists = [("Shown", [{"track": track, "addedDate": "2023-01-01"}]), ("Empty", [])]
        saved = [{"name": name, "lastModifiedDate": "2024-01-01", "items": items} for name, items in lists]
        for name, data in (("Streaming_History_Audio_2024_1.json", heard), ("Playlist1.json", {"playlists": saved})):
            path = tmp_path / f"{person}-{name}"
            path.write_text(json.dumps(data))
            import_id = playing.importing.create(person, label=name, bytes_total=path.stat().st_size)
            record = playing.importing.run(person, import_id=import_id, uploads=[Upload(path, name)])
            assert record.status == "done", record.message

    return take


@pytest.fixture
def shown(playing: Playprint, redis_url: str, bring: Callable[[int], None]) -> Iterator[Playprint]:
    """Return an instance whose shown profile is a person with these playlists."""
    settings = Settings(home=playing.settings.home, demo=True, allowed_hosts="testserver")
    made = build(settings, database_url=playing.db.url, redis_url=redis_url)
    made.demo._found = playing.accounts.add(f"Shown {uuid4().hex[:8]}")[0].id
    bring(made.demo._found)
    yield made
    made.close()


def key(playing: Playprint, person: int, name: str) -> str:
    """Return the key of somebody's playlist."""
    return next(head.key for head in playing.playlists.heads(person) if head.name == name)


def names(text: str) -> list[str]:
    """Return the songs of a CSV file."""
    return [row["name"] for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))]


def test_anybody_may_take_lists_of_the_shown_profile(shown: Playprint) -> None:
    app = Starlette(routes=routes(lambda: shown), middleware=middleware(lambda: shown))
    visitor = TestClient(app, follow_redirects=False, client=("10.77.1.9", 1))
    mine = key(shown, shown.demo._found or 0, "Shown")
    assert names(visitor.get(f"/download/playlist/songs.csv?profile=demo&list={mine}").text) == ["Song 1"]
    for path in ("list/list-songs.csv", "list/lists-compared.csv", "list/list-listening.svg", "suggestions/next.csv"):
        assert visitor.get(f"/download/{path}?profile=demo&list={mine}").status_code == 200, path
        answer = visitor.get(f"/download/{path}?list={mine}")
        assert (answer.status_code, answer.headers["location"][:8]) == (303, "/sign-in"), path


@pytest.fixture
def alice(somebody: Somebody, bring: Callable[[int], None]) -> Someone:
    made = somebody()
    bring(made.id)
    return made


def test_songs_in_no_playlist_are_taken_along(alice: Someone, somebody: Somebody) -> None:
    assert names(alice.client.get("/download/playlist/none.csv").text) == ["Song 2"]
    assert names(somebody().client.get("/download/playlist/none.csv").text) == []


@pytest.mark.parametrize("form", ["csv", "jspf", "xspf"])
@pytest.mark.parametrize("what", ["songs", "cleaned", "duplicates", "never", "skipped"])
def test_an_empty_playlist_is_a_file_too(playing: Playprint, alice: Someone, what: str, form: str) -> None:
    answer = alice.client.get(f"/download/playlist/{what}.{form}?list={key(playing, alice.id, 'Empty')}")
    assert answer.status_code == 200
    assert b"Song" not in answer.content


@pytest.mark.parametrize("odd", ["range=%00", "range=9999", "metric=x&unit=y&hours=99", "range=2024-13..1", "vs=all"])
def test_odd_words_of_a_selection_are_no_error(playing: Playprint, alice: Someone, odd: str) -> None:
    mine = key(playing, alice.id, "Shown")
    assert alice.client.get(f"/download/list/list-listening.csv?list={mine}&{odd}").status_code == 200
