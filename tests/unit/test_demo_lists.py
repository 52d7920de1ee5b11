"""The invented person's lists and saved library: in the shape of account data, and untidy in the ways real ones are."""

import json
from typing import Any

import numpy as np
import pytest

from core.demo.account import account_files
from core.demo.calendar import FIRST, LAST
from core.demo.catalogue import read_catalogue
from core.demo.life import Life, live
from core.demo.listing import Account
from core.demo.shelves import account_of
from core.demo.truth_of_lists import ListsTruth, truth_of_lists
from core.services.demo import CATALOGUE


@pytest.fixture(scope="module")
def life() -> Life:
    return live(read_catalogue(CATALOGUE))


@pytest.fixture(scope="module")
def account(life: Life) -> Account:
    return account_of(read_catalogue(CATALOGUE), life)


@pytest.fixture(scope="module")
def truth(life: Life, account: Account) -> ListsTruth:
    return truth_of_lists(life, account)


@pytest.fixture(scope="module")
def files(account: Account) -> dict[str, Any]:
    return {name.rsplit("/", 1)[1]: json.loads(text) for name, text in account_files(account)}


def test_the_same_life_has_the_same_lists(life: Life, account: Account) -> None:
    assert account_of(read_catalogue(CATALOGUE), life) == account


def test_another_life_has_lists_as_well() -> None:
    catalogue = read_catalogue(CATALOGUE)
    other = live(catalogue, seed=7)
    truth = truth_of_lists(other, account_of(catalogue, other))
    assert truth.singles
    assert truth.never


def test_the_files_are_those_of_account_data(account: Account, files: dict[str, Any]) -> None:
    assert list(files) == ["Playlist1.json", "YourLibrary.json"]
    lists = files["Playlist1.json"]["playlists"]
    keys = ["name", "lastModifiedDate", "collaborators", "items", "description", "numberOfFollowers"]
    assert all(list(each) == keys for each in lists)
    items = [item for each in lists for item in each["items"]]
    kinds = ("track", "episode", "audiobook", "localTrack")
    assert all(
        list(item) == [*kinds, "addedDate"] and sum(item[kind] is not None for kind in kinds) == 1 for item in items
    )
    assert account_files(account)[0][1].startswith('{\n  "playlists" : [\n')


def test_lists_have_human_sizes(account: Account) -> None:
    sizes = {each.name: len(each.entries) for each in account.lists}
    assert len(sizes) == len(account.lists) == 14
    assert all(10 <= size <= 300 for name, size in sizes.items() if name != "Neue Playlist")
    assert all(FIRST <= each.modified <= LAST for each in account.lists)


def test_nothing_is_on_a_list_before_the_life_began_or_after_the_list_was_changed(account: Account) -> None:
    for each in account.lists:
        days = [entry.added for entry in each.entries if entry.added]
        assert all(FIRST <= day <= each.modified for day in days)
        assert days == sorted(days)


def test_everything_that_was_planted_is_there(account: Account, truth: ListsTruth) -> None:
    assert {name: len(uris) for name, uris in truth.twice.items()} == {"Running": 1, "Favourites": 3}
    assert (len(truth.singles), len(truth.tiring), len(truth.lately), len(truth.files)) == (4, 9, 5, 6)
    assert 30 <= len(truth.never) <= 60
    songs = {each.name: {entry.uri for entry in each.entries} for each in account.lists}
    part, whole = truth.inside
    assert songs[part] < songs[whole]
    assert sum(name != whole and part_of < songs[whole] for name, part_of in songs.items() if part_of) == 1


def test_tiring_songs_are_skipped_every_time(life: Life) -> None:
    for track in life.tiring:
        mine = life.item == track
        assert mine.sum() >= 7
        assert life.ms[mine].max() < 30_000


def test_what_is_forgotten_and_what_was_never_heard(life: Life, account: Account, truth: ListsTruth) -> None:
    played = {life.items[n] for n in np.unique(life.item).tolist()}
    names = {(item.name, item.by) for item in played}
    assert not truth.never & names
    name, since = truth.forgotten
    songs = {entry.uri for each in account.lists if each.name == name for entry in each.entries}
    begin = (since - FIRST).days
    late = life.item[((life.ts - life.ts[0]) // 86_400 > begin + 2) & (life.ms >= 30_000)]
    assert not songs & {f"spotify:track:{life.items[n].key}" for n in np.unique(late).tolist() if life.items[n].key}


def test_the_saved_library(account: Account, files: dict[str, Any]) -> None:
    library = files["YourLibrary.json"]
    assert {key: len(value) for key, value in library.items()} == {
        "tracks": 434, "albums": 76, "shows": 6, "episodes": 6,
        "bannedTracks": 0, "artists": 60, "bannedArtists": 1, "other": 0,
    }  # fmt: skip
    assert len({each["uri"] for each in library["tracks"]}) == len(library["tracks"])
    assert account.shelves.banned[0] not in account.shelves.artists
