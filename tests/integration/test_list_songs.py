"""Playlists on their way into other programs: their songs in order, to their own person alone."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from exports import Importer, row

from core.cache import Cache
from core.domain.errors import NotFound
from core.domain.lens import Lens
from core.domain.playlists import ListedSong
from core.repositories.database import Database
from core.services.list_songs import ListSongs
from core.services.listening import Listening
from core.services.playlists import Playlists

TRACK = {
    "trackName": "Roads",
    "artistName": "Portishead",
    "albumName": "Dummy",
    "trackUri": "spotify:track:" + "1" * 22,
}
FILE = {"localTrack": {"uri": "spotify:local:My+Band:Tapes:Lake+Song:221"}, "addedDate": None}
ITEMS = [FILE, {"track": TRACK, "addedDate": "2024-01-01"}, {"track": TRACK, "addedDate": "2025-01-01"}]
SENT = {"playlists": [{"name": "Mine", "lastModifiedDate": "2025-01-01", "items": ITEMS}]}


@pytest.fixture
def playlists(db: Database, redis_url: str) -> Iterator[Playlists]:
    cache = Cache(redis_url, namespace=uuid.uuid4().hex[:12])
    yield Playlists(db, Listening(db, cache, memory_bytes=10**8), counts_api=False)
    cache.close()


def test_a_playlist_is_taken_along_by_its_person_alone(
    db: Database, playlists: Playlists, person: Callable[..., int], tmp_path: Path
) -> None:
    alice, charlie, importer = person(), person(), Importer(db, tmp_path)
    assert importer.run(alice, importer.write("Playlist1.json", SENT)).status == "done"
    (head,) = playlists.heads(alice)
    taking = SimpleNamespace(songs=lambda user, what, asked, lens: SimpleNamespace(title=what, songs=(user, lens)))
    lists = ListSongs(playlists, taking, lambda user_id: Lens())  # type: ignore[arg-type]
    title, songs = lists.songs(alice, "songs", {"list": head.key})
    assert title == "Mine"
    own = ListedSong("Lake Song", "My Band", "Tapes", "spotify:local:My+Band:Tapes:Lake+Song:221")
    roads = ListedSong("Roads", "Portishead", "Dummy", TRACK["trackUri"])
    assert songs == (own, roads, roads)
    asked = {"list": head.key}
    assert lists.songs(alice, "duplicates", asked) == ("Mine (twice)", (roads,))
    assert lists.songs(alice, "never", asked)[1] == (roads, roads)
    assert lists.songs(alice, "skipped", asked)[1] == ()
    assert lists.songs(alice, "cleaned", asked) == ("Mine (cleaned up)", (own,))
    for user_id, key in ((charlie, head.key), (alice, "no"), (alice, "")):
        for what in ("songs", "cleaned"):
            with pytest.raises(NotFound):
                lists.songs(user_id, what, {"list": key})
    assert lists.songs(charlie, "kept", {}) == ("kept", (charlie, Lens()))


def test_what_was_played_most_and_is_in_no_playlist(
    db: Database, playlists: Playlists, person: Callable[..., int], tmp_path: Path
) -> None:
    alice, charlie, importer = person(), person(), Importer(db, tmp_path)
    taking = SimpleNamespace(songs=None)
    lists = ListSongs(playlists, taking, lambda user_id: Lens())  # type: ignore[arg-type]
    assert lists.songs(alice, "none", {}) == ("Played most, in no playlist", ())
    listed = {"trackName": "Track 1", "artistName": "Artist", "trackUri": f"spotify:track:{1:022d}"}
    sent = {"playlists": [{"name": "Mine", "items": [{"track": listed}]}]}
    played = [row(number) for number in (1, 2, 3)] + [row(3, ts="2024-02-01T12:00:00Z")]
    files = importer.write("Playlist1.json", sent), importer.write("Streaming_History_Audio_2024_0.json", played)
    assert importer.run(alice, *files).status == "done"
    _, songs = lists.songs(alice, "none", {})
    assert songs == tuple(
        ListedSong(f"Track {number}", "Artist", "Album", f"spotify:track:{number:022d}") for number in (3, 2)
    )
    assert lists.songs(charlie, "none", {})[1] == ()
