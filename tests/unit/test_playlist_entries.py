"""Entries of playlists in every generation's words, and whatever else a file may hold: nothing is lost or breaks."""

import json
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.playlist_items import day_of, item_of
from core.domain.playlists import PlaylistItem
from core.importing.detect import Format
from core.importing.saved import Saved

URI = "spotify:track:" + "1" * 22
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


def read(value: object, format_: Format = Format.PLAYLISTS) -> Saved:
    """Return what is kept of a file."""
    blocks = [json.dumps(value).encode()]
    source = SimpleNamespace(blocks=lambda budget, tick: iter(blocks), label="Playlist1.json")
    saved = Saved()
    saved.add(SimpleNamespace(source=source, format=format_), None, None)  # type: ignore[arg-type]
    return saved


def entry(value: dict[str, Any]) -> PlaylistItem:
    """Return an entry of an export as pages see it."""
    (one,) = read({"playlists": [{"name": "Mine", "items": [value]}]}).playlists[0].items
    return item_of(json.loads(json.dumps(one)))


EPISODE = {"episodeName": "One", "showName": "A show", "episodeUri": "spotify:episode:1"}
BOOK = {"audiobookName": "A book", "chapterName": "Two", "authorName": "Her", "chapterUri": "spotify:chapter:1"}
LAKE, BARE = "spotify:local:My+Band:Tapes:100%25+Lake%3A+a+Song:221", "spotify:local:::Song:9"
NO_OTHERS = {"episode": None, "audiobook": None, "localTrack": None}


@pytest.mark.parametrize(
    ("told", "item"),
    [
        (
            {"track": {"trackName": "C", "artistName": "A", "albumName": "B", "trackUri": URI}, **NO_OTHERS},
            PlaylistItem("C", "A", "B", URI),
        ),
        ({"trackName": "C", "artistName": "A", "note": "x"}, PlaylistItem("C", "A")),
        (
            {"track": None, "episode": EPISODE, "addedDate": "2024-02-30"},
            PlaylistItem("One", "A show", "", "spotify:episode:1", "episode"),
        ),
        ({"episode": {"episodeName": "One", "showName": "A show"}}, PlaylistItem("One", "A show", kind="episode")),
        (
            {"audiobook": BOOK, "addedDate": "2024-05-01"},
            PlaylistItem("Two", "Her", "A book", "spotify:chapter:1", "chapter", date(2024, 5, 1)),
        ),
        ({"audiobook": {"audiobookName": "A book"}}, PlaylistItem("A book", "", "A book", kind="chapter")),
        (
            {"track": {}, "localTrack": {"uri": LAKE}},
            PlaylistItem("100% Lake: a Song", "My Band", "Tapes", LAKE, "local"),
        ),
        ({"localTrack": {"uri": BARE}}, PlaylistItem("Song", "", "", BARE, "local")),
        ({"localTrack": {"uri": "spotify:local"}}, PlaylistItem("", "", "", "spotify:local", "local")),
        ({"localTrack": {"uri": 5}}, PlaylistItem("", "", kind="local")),
        ({"track": {"trackName": " \u200bC\x00 ", "artistName": "\ud800"}}, PlaylistItem("C", "\ufffd")),
        ({}, PlaylistItem("", "")),
    ],
)  # fmt: skip
def test_every_generation_is_read(told: dict[str, Any], item: PlaylistItem) -> None:
    assert entry(told) == item


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("2024-05-01", date(2024, 5, 1)),
        ("2024-05-01T10:00:00Z", date(2024, 5, 1)),
        ("01.05.2024", None),
        ("", None),
        (None, None),
        ("\ud800" * 10, None),
    ],
)
def test_a_day_is_what_a_text_begins_with(told: str | None, day: date | None) -> None:
    assert day_of(told) == day


@given(st.dictionaries(st.sampled_from(["uri", "name", "artist", "album", "added_on", "kind"]), anything))
def test_whatever_an_entry_holds_it_is_one(told: dict[str, Any]) -> None:
    item = item_of(told)
    assert item.kind in ("track", "episode", "chapter", "local")
    for words in (item.name, item.artist, item.album, item.uri):
        assert words == words.strip()
        assert "\0" not in words
        words.encode()


@given(
    anything | st.fixed_dictionaries({"playlists": anything}),
    st.sampled_from([Format.PLAYLISTS, Format.LIBRARY]),
)
def test_whatever_a_file_holds_is_read_as_far_as_it_can_be(value: object, format_: Format) -> None:
    kept = read(value, format_)
    assert sum(kept.counts().values()) == len(kept.library) + len(kept.playlists)


things = st.dictionaries(st.sampled_from(["name", "uri", "track"]), anything)
names = st.sampled_from(["tracks", "albums", "artists", "shows", "episodes", "bannedTracks", "bannedArtists", "other"])


@given(st.dictionaries(names, anything | st.lists(things)))
def test_whatever_a_library_lists_is_kept_in_order(value: dict[str, Any]) -> None:
    kept = read(value, Format.LIBRARY).library
    for kind in {item.kind for item in kept}:
        places = [item.position for item in kept if item.kind == kind]
        assert places == list(range(len(places)))
