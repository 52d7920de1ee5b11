"""Playlists of several exports as one: their versions, their names, what is gone, and only for their own person."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from exports import Importer, account_row

from core.analytics import playlist_songs
from core.cache import Cache
from core.domain.errors import NotFound
from core.domain.lens import Lens
from core.domain.recommending import suggestion_key
from core.repositories.database import Database
from core.services.identities import Identities
from core.services.listening import Listening
from core.services.playlists import Playlists
from core.services.profiles import Profiles
from core.services.suggest_shelf import ShelfVoice

HISTORY = "StreamingHistory_music_0.json"


def song(number: int, added: str | None = "2024-01-01") -> dict[str, Any]:
    """Return an entry of a playlist as exports have it; ``exports.account_row`` plays the same song."""
    track = {"trackName": f"Track {number}", "artistName": "Artist", "albumName": "Album"}
    return {"track": track | {"trackUri": f"spotify:track:{number:022d}"}, "addedDate": added}


def sent(name: str, day: str | None, *numbers: int, **more: Any) -> dict[str, Any]:
    return {"name": name, "lastModifiedDate": day, "items": [song(number) for number in numbers], **more}


@dataclass
class House:
    """One instance with a person's exports coming in."""

    db: Database
    listening: Listening
    playlists: Playlists
    importer: Importer
    user: int

    def give(self, *lists: dict[str, Any], user: int = 0, **files: Any) -> int:
        """Import lists, with other files beside them; return the import's id."""
        parts = ({"Playlist1.json": {"playlists": list(lists)}} if lists else {}) | files
        paths = [self.importer.write(name, value) for name, value in parts.items()]
        record = self.importer.run(user or self.user, *paths)
        assert record.status == "done", record.message
        return record.id

    def heads(self) -> list[tuple[str, int, int, bool]]:
        """Return (name, entries, versions, gone) of the playlists in order."""
        return [(each.name, each.items, each.versions, each.gone) for each in self.playlists.heads(self.user)]

    def key(self, name: str, place: int = 0) -> str:
        return [each.key for each in self.playlists.heads(self.user) if each.name == name][place]

    def names(self, key: str, version: int = 0) -> Sequence[str]:
        frame = self.playlists.listed(self.user, key, version=version).frame
        return [name.removeprefix("Track ") for name in frame["name"].to_list()]


@pytest.fixture
def house(db: Database, redis_url: str, person: Callable[..., int], tmp_path: Path) -> Iterator[House]:
    cache = Cache(redis_url, namespace=uuid.uuid4().hex[:12])
    listening = Listening(db, cache, memory_bytes=10**8)
    yield House(db, listening, Playlists(db, listening, counts_api=False), Importer(db, tmp_path), person())
    cache.close()


def test_two_exports_over_time_are_one_list_with_versions(house: House) -> None:
    house.give(sent("Run", "2024-01-01", 1, 2), sent("Old", "2023-01-01", 9))
    key, old = house.key("Run"), house.key("Old")
    house.give(sent("New", "2024-06-01", 5), sent("Run", "2024-05-01", 1, 2, 3))
    assert house.heads() == [("New", 1, 1, False), ("Run", 3, 2, False), ("Old", 1, 1, True)]
    assert (house.key("Run"), house.key("Old")) == (key, old)
    assert [(v.origin, str(v.modified_on), v.items) for v in house.playlists.versions(house.user, key)] == [
        ("export", "2024-05-01", 3),
        ("export", "2024-01-01", 2),
    ]
    assert house.names(key) == ["1", "2", "3"]
    assert house.names(key, 1) == ["1", "2"]
    assert [each.name for each in house.playlists.every(house.user)] == ["New", "Run"]
    assert house.names(old) == ["9"]
    for version in (-1, 2):
        with pytest.raises(NotFound):
            house.playlists.listed(house.user, key, version=version)


def test_an_older_export_imported_later_is_the_older_version(house: House) -> None:
    house.give(sent("Run", "2024-05-01", 1, 2, 3), sent("New", "2024-06-01", 5))
    house.give(sent("Old", "2023-01-01", 9), sent("Run", "2024-01-01", 1, 2))
    assert house.heads() == [("Run", 3, 2, False), ("New", 1, 1, False), ("Old", 1, 1, True)]
    assert house.names(house.key("Run")) == ["1", "2", "3"]


def test_what_was_heard_last_tells_which_export_is_newer(house: House) -> None:
    kept, dropped = sent("Run", "2023-01-01", 1), sent("Dropped", "2023-05-01", 2)
    late = [account_row(1, endTime="2024-08-01 12:00")]
    early = [account_row(2, endTime="2024-02-01 12:00")]
    house.give(kept, **{HISTORY: late})
    house.give(kept, dropped, **{HISTORY: early})
    assert house.heads() == [("Run", 1, 1, False), ("Dropped", 1, 1, True)]


def test_the_same_export_twice_is_one_version(house: House) -> None:
    for _ in range(2):
        house.give(sent("Run", "2024-05-01", 1, 2), sent("Undated", None, 3))
    assert house.heads() == [("Run", 2, 1, False), ("Undated", 1, 1, False)]


def test_an_older_kind_of_export_of_the_same_day_tells_less(house: House) -> None:
    house.give(sent("Run", "2019-05-01", 1, 2))
    plain = [{"trackName": f"Track {number}", "artistName": "Artist"} for number in (1, 2)]
    house.give({"name": "Run", "lastModifiedDate": "2019-05-01", "tracks": plain})
    assert house.heads() == [("Run", 2, 1, False)]
    frame = house.playlists.listed(house.user, house.key("Run")).frame
    assert frame["uri"].to_list() == [f"spotify:track:{number:022d}" for number in (1, 2)]


def test_a_list_that_went_back_has_all_three_versions(house: House) -> None:
    for day, songs in (("2024-01-01", (1,)), ("2024-02-01", (1, 2)), ("2024-03-01", (1,))):
        house.give(sent("Run", day, *songs))
    key = house.key("Run")
    assert [house.names(key, version) for version in range(3)] == [["1"], ["1", "2"], ["1"]]


def test_an_import_taken_back_takes_its_versions_along(house: House) -> None:
    first = house.give(sent("Run", "2024-01-01", 1))
    second = house.give(sent("Run", "2024-05-01", 1, 2), sent("New", "2024-06-01", 5))
    before = house.playlists.stamp(house.user)
    house.importer.importing.undo(house.user, import_id=second)
    assert house.playlists.stamp(house.user) != before
    assert house.heads() == [("Run", 1, 1, False)]
    assert house.names(house.key("Run")) == ["1"]
    house.importer.importing.undo(house.user, import_id=first)
    assert house.heads() == []
    assert house.playlists.every(house.user) == ()


def test_lists_of_one_name_stay_apart_and_keep_their_order(house: House) -> None:
    house.give(sent("Mix", "2024-01-01", 1), sent("mix ", "2024-01-02", 2))
    keys = [each.key for each in house.playlists.heads(house.user)]
    assert len(set(keys)) == 2
    house.give(sent("Mix", "2024-03-01", 1, 3), sent("mix ", "2024-03-02", 2, 4))
    assert [each.key for each in house.playlists.heads(house.user)] == keys
    assert [house.names(key) for key in keys] == [["1", "3"], ["2", "4"]]
    assert [house.names(key, 1) for key in keys] == [["1"], ["2"]]


def test_a_renamed_list_is_a_new_one_and_the_old_name_is_gone(house: House) -> None:
    house.give(sent("Summer", "2024-01-01", 1))
    house.give(sent("Summer 2024", "2024-02-01", 1))
    assert house.heads() == [("Summer 2024", 1, 1, False), ("Summer", 1, 1, True)]


def test_lists_without_a_name_entries_or_day_are_lists(house: House) -> None:
    house.give({"name": "", "items": None}, {"items": [song(1)]}, sent("Odd day", "31.12.2024", 2, description="\x00"))
    assert house.heads() == [("", 0, 1, False), ("", 1, 1, False), ("Odd day", 1, 1, False)]
    heads = house.playlists.heads(house.user)
    assert [(each.modified_on, each.description) for each in heads] == [(None, "")] * 3
    assert [len(each) for each in house.playlists.every(house.user)] == [0, 1, 1]


def test_songs_are_matched_with_what_was_heard_and_answers_are_kept_until_something_changes(house: House) -> None:
    rows = [account_row(number) for number in (1, 2)]
    house.give(sent("Run", "2024-05-01", 1, 2, 3), **{HISTORY: rows})
    key = house.key("Run")
    listed = house.playlists.listed(house.user, key)
    assert [code >= 0 for code in listed.frame["track"]] == [True, True, False]
    assert house.playlists.listed(house.user, key) is listed
    assert house.playlists.every(house.user) is house.playlists.every(house.user)
    asked = house.playlists.ask(house.user, playlist_songs.songs, key, lens=Lens())
    assert house.playlists.ask(house.user, playlist_songs.songs, key, lens=Lens()) is asked
    house.give(**{"StreamingHistory_music_1.json": [account_row(3)]})
    assert [code >= 0 for code in house.playlists.listed(house.user, key).frame["track"]] == [True, True, True]


def test_songs_are_found_under_the_name_of_an_artist_merged_away_and_apart_when_taken_apart(house: House) -> None:
    other = account_row(2, artistName="The Artist")
    told = [{"trackName": "Track 1", "artistName": name} for name in ("Artist", "The Artist")]
    house.give({"name": "Run", "tracks": told}, **{HISTORY: [account_row(1), other]})
    key, listening = house.key("Run"), house.listening
    assert [code >= 0 for code in house.playlists.listed(house.user, key).frame["track"]] == [True, False]
    ids = {name: id for id, name in listening.library(house.user).artists.select("id", "name").iter_rows()}
    identities = Identities(house.db, listening, Profiles(house.db))
    made = identities.merge(house.user, kind="artist", from_ids=[ids["Artist"]], to_id=ids["The Artist"])
    frame = house.playlists.listed(house.user, key).frame
    assert [code >= 0 for code in frame["track"]] == [True, True]
    assert frame["same"].n_unique() == frame["artist_code"].n_unique() == 1
    identities.undo(house.user, decision=made)
    assert [code >= 0 for code in house.playlists.listed(house.user, key).frame["track"]] == [True, False]


def test_nobody_sees_the_lists_of_somebody_else(house: House, person: Callable[..., int]) -> None:
    house.give(sent("Run", "2024-05-01", 1))
    key, charlie = house.key("Run"), person()
    assert house.playlists.heads(charlie) == ()
    assert house.playlists.every(charlie) == ()
    assert house.playlists.saved(charlie).is_empty()
    for ask in (
        lambda: house.playlists.listed(charlie, key),
        lambda: house.playlists.versions(charlie, key),
        lambda: house.playlists.ask(charlie, playlist_songs.songs, key, lens=Lens()),
    ):
        with pytest.raises(NotFound):
            ask()
    house.give(sent("Run", "2024-05-01", 7, 8), user=charlie)
    assert house.names(key) == ["1"]
    assert house.playlists.listed(charlie, key).frame["name"].to_list() == ["Track 7", "Track 8"]


def test_what_is_saved_is_that_of_the_newest_export(house: House) -> None:
    uri = "spotify:track:" + "1" * 22
    new = {
        "tracks": [{"artist": "A", "album": "B", "track": "C", "uri": uri}],
        "albums": [{"artist": "A", "album": "B"}],
        "artists": [{"name": "A"}],
        "bannedTracks": [{"artist": "X", "track": "Y"}],
        "bannedArtists": [{"name": "Z"}],
    }
    old = {"tracks": [{"artist": "Old", "track": "Old"}], "bannedArtists": [{"name": "Forgiven"}]}
    house.give(**{"YourLibrary.json": new, HISTORY: [account_row(1, endTime="2024-08-01 12:00")]})
    house.give(**{"YourLibrary.json": old, HISTORY: [account_row(2, endTime="2023-08-01 12:00")]})
    saved = house.playlists.saved(house.user).sort("kind").rows()
    assert saved == [
        ("album", "B", "A", "", ""),
        ("artist", "A", "", "", ""),
        ("banned_artist", "Z", "", "", ""),
        ("banned_track", "Y", "X", "", ""),
        ("track", "C", "A", "B", uri),
    ]
    banned = ShelfVoice(house.playlists).banned(house.user)
    assert banned == {suggestion_key("artist", "Z", ""), suggestion_key("track", "Y", "X")}
