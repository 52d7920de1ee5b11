"""Spotify's JSON, as it is and as it should not be: read, left out and counted, never a crash."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.spotify import reading
from core.spotify.models import Play, SavedItem, TopItem, Track

ODD: list[Any] = [None, True, 0, -1, 1.5, "", "text", "a\0b", "\ud800", [], [None], [{}], {}, {"items": 3}, {"id": []}]
TRACK = {
    "uri": "spotify:track:1",
    "type": "track",
    "name": "Song",
    "duration_ms": 1000,
    "artists": [{"name": "Guest", "uri": "spotify:artist:9"}],
    "album": {"name": "Album", "artists": [{"name": "Band", "uri": "spotify:artist:1"}]},
}


def entry(**fields: Any) -> dict[str, Any]:
    return {"track": TRACK | fields, "played_at": "2026-03-01T12:00:00.123Z"}


class TestTracks:
    def test_are_their_albums_artists(self) -> None:
        expected = Track("spotify:track:1", "Song", "Band", "spotify:artist:1", "Album", 1000, "track", ("Guest",))
        assert reading.track(TRACK) == expected

    @pytest.mark.parametrize("album", [{}, {"artists": []}, {"artists": [{"name": "Various Artists"}]}, None])
    def test_of_nobodys_album_are_their_own_artists(self, album: Any) -> None:
        found = reading.track(TRACK | {"album": album})
        assert found is not None
        assert (found.artist, found.artist_uri) == ("Guest", "spotify:artist:9")

    def test_without_an_own_artist_stay_with_various(self) -> None:
        found = reading.track(TRACK | {"artists": [], "album": {"artists": [{"name": "Various Artists"}]}})
        assert found is not None
        assert found.artist == "Various Artists"

    def test_that_are_episodes_have_their_show_for_an_artist(self) -> None:
        found = reading.track({"uri": "spotify:episode:1", "type": "episode", "name": "One", "show": {"name": "Show"}})
        assert found == Track("spotify:episode:1", "One", "Show", None, None, None, "episode")

    def test_of_ones_own_disk_are_local(self) -> None:
        found = reading.track({"uri": "spotify:local:A:B:C:9", "type": "track", "is_local": True, "id": None})
        assert found is not None
        assert found.kind == "local"

    @pytest.mark.parametrize("change", [{"uri": None}, {"uri": 7}, {"type": "ad", "uri": "spotify:ad:1"}])
    def test_without_an_address_or_a_known_kind_are_none(self, change: dict[str, Any]) -> None:
        assert reading.track(TRACK | change) is None

    def test_have_texts_that_can_be_stored_and_numbers_that_fit(self) -> None:
        found = reading.track(TRACK | {"name": "a\0b\ud800", "duration_ms": 2**31})
        assert found is not None
        assert (found.name, found.duration_ms) == ("ab?", None)


class TestRecent:
    def test_plays_are_read_under_the_old_and_the_new_name(self) -> None:
        at = datetime(2026, 3, 1, 12, 0, 0, 123000, UTC)
        known = reading.track(TRACK)
        assert known is not None
        new = {"item": TRACK, "played_at": "2026-03-01T13:00:00.123+01:00"}
        assert reading.recent({"items": [entry(), new]}).plays == [Play(known, at), Play(known, at)]

    @pytest.mark.parametrize(("entries", "full"), [(49, False), (50, True), (51, True)])
    def test_a_page_is_full_by_what_came_not_by_what_could_be_read(self, entries: int, full: bool) -> None:
        assert reading.recent({"items": [None] * entries}).full is full

    @pytest.mark.parametrize("at", [None, "", "yesterday", 7, "0001-01-01T00:00:00+14:00"])
    def test_a_play_without_a_moment_is_left_out(self, at: Any) -> None:
        assert reading.recent({"items": [entry() | {"played_at": at}]}).plays == []


class TestPages:
    @pytest.mark.parametrize(
        ("answer", "following"),
        [
            ({"total": 120, "next": "https://elsewhere.example/", "limit": 50}, 100),
            ({"total": 120, "next": None, "limit": 50}, None),
            ({"total": 120, "limit": 50}, 100),
            ({"total": 100, "limit": 50}, None),
            ({"total": 120, "limit": 20, "next": "x"}, 70),
            ({"next": "x"}, 100),
            ({}, None),
            ({"total": None, "limit": 0, "next": ["x"]}, 100),
            ({"total": 120, "limit": 100, "next": "x"}, 100),
            ({"total": 120, "next": "https://elsewhere.example/?offset=70&limit=20"}, 70),
            ({"total": 120, "limit": 50, "next": "https://elsewhere.example/?limit=20&offset=70"}, 70),
            ({"total": 120, "limit": 50, "next": "https://elsewhere.example/?offset=50"}, 100),
            ({"total": 120, "limit": 50, "next": "https://elsewhere.example/?offset=7000"}, 100),
        ],
    )
    def test_go_on_where_the_server_stopped(self, answer: dict[str, Any], following: int | None) -> None:
        page = reading.page({"items": [{}], **answer}, offset=50, read=reading.playlist)
        assert page.next_offset == following

    def test_end_with_an_empty_one_whatever_it_says(self) -> None:
        assert reading.page({"items": [], "total": 9, "next": "x"}, offset=0, read=reading.playlist).next_offset is None

    @pytest.mark.parametrize(("entries", "following"), [(50, 100), (49, None)])
    def test_without_link_and_number_go_on_while_they_are_full(self, entries: int, following: int | None) -> None:
        assert reading.page({"items": [{}] * entries}, offset=50, read=reading.playlist).next_offset == following

    def test_end_before_the_offset_spotify_refuses(self) -> None:
        answer = {"items": [{}], "next": "x", "limit": 50}
        assert reading.page(answer, offset=99_900, read=reading.playlist).next_offset == 99_950
        assert reading.page(answer, offset=99_950, read=reading.playlist).next_offset is None

    def test_keep_the_places_of_empty_entries(self) -> None:
        page = reading.page({"items": [None, {"item": None}, {"item": TRACK}]}, offset=0, read=reading.playlist_item)
        assert [item.kind for item in page.items] == ["gone", "gone", "track"]


class TestPlaylists:
    def test_have_their_length_under_the_old_and_the_new_name(self) -> None:
        for key in ("items", "tracks"):
            found = reading.playlist({"id": "p", "name": "P", key: {"total": 7}, "owner": {"id": "me"}})
            assert found is not None
            assert (found.total, found.owner_id, found.public) == (7, "me", None)

    def test_without_an_id_are_none(self) -> None:
        assert reading.playlist({"name": "P"}) is None

    def test_items_of_an_unknown_kind_keep_what_is_known(self) -> None:
        found = reading.playlist_item({"track": {"type": "ad", "uri": "spotify:ad:1", "name": "Ad"}, "added_at": None})
        assert (found.kind, found.uri, found.name, found.added_at) == ("gone", "spotify:ad:1", "Ad", None)


class TestLibraries:
    def test_albums_have_their_artist(self) -> None:
        album = {"uri": "spotify:album:1", "name": "Album", "artists": [{"name": "Band"}]}
        at = datetime(2020, 1, 1, tzinfo=UTC)
        found = reading.saved_album({"added_at": "2020-01-01T00:00:00", "album": album})
        assert found == SavedItem("album", "spotify:album:1", "Album", "Band", None, at)

    @pytest.mark.parametrize(
        ("cursor", "link", "following"),
        [("x", "https://a.example/", "x"), ("x", None, None), (None, "y", None), ("asked", "y", None), (3, "y", None)],
    )
    def test_followed_artists_end_where_the_cursor_does(self, cursor: Any, link: Any, following: str | None) -> None:
        page = {"items": [{"uri": "spotify:artist:1", "name": "A"}], "cursors": {"after": cursor}, "next": link}
        found = reading.followed({"artists": page}, after="asked")
        assert (found.after, [item.name for item in found.items]) == (following, ["A"])

    def test_rankings_leave_out_what_has_no_address(self) -> None:
        answer = {"items": [None, {"name": "B"}, {"uri": "spotify:artist:1", "name": "A"}], "total": 3}
        found = reading.whole(answer, offset=0, read=reading.top_artist, of="top")
        assert found.items == [TopItem("spotify:artist:1", "A", None, None)]


NAMES = (
    *("items", "item", "track", "tracks", "uri", "type", "name", "id", "artists", "album", "show", "owner", "is_local"),
    *("cursors", "after", "next", "total", "limit", "played_at", "added_at", "duration_ms", "public"),
)
ANYTHING = st.recursive(
    st.sampled_from([value for value in ODD if not isinstance(value, list | dict)]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(ANYTHING)
def test_nothing_is_too_odd(value: Any) -> None:
    reading.track(value), reading.playlist(value), reading.playlist_item(value), reading.saved_track(value)
    reading.saved_album(value), reading.top_artist(value), reading.top_track(value)
    answer = value if isinstance(value, dict) else {"items": value, "artists": value}
    reading.me(answer), reading.recent(answer), reading.followed(answer, after=None)
    reading.page(answer, offset=0, read=reading.playlist_item)
