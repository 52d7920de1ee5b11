"""Playlists beside a library, against plain Python: by address, by names, as another edition, what is the same."""

from dataclasses import replace
from datetime import date

import polars as pl
from heard import ARTISTS, TRACKS, Heard, histories, library, listen
from hypothesis import given
from hypothesis import strategies as st

from core.analytics.library import Library
from core.analytics.listed import COLUMNS, Listed, Matcher
from core.analytics.stored import MOVED
from core.domain.names import name_key, recording_title
from core.domain.playlists import PlaylistItem

NAMED = ("track", "local")
titles = st.sampled_from(
    (
        *("Waterloo", "WATERLOO", " waterloo ", "Waterloo (Remastered 2011)", "Waterloo - Live", "Waterloo (live)"),
        *("Human Behaviour", "S.O.S.", "Never Heard", "Never Heard - 2011 Remaster", "An episode", ""),
    )
)
items = st.builds(
    PlaylistItem,
    name=titles,
    artist=st.sampled_from(["abba", "ABBA", "Abba ", "Björk", "BJÖRK", "Bjo\u0308rk", "Nobody knows", ""]),
    album=st.sampled_from(["", "Gold"]),
    uri=st.sampled_from(["", *(f"uri:{id}" for id in TRACKS), "uri:99", "uri:98"]),
    kind=st.sampled_from(["track", "local", "episode", "chapter"]),
    added_on=st.none() | st.just(date(2024, 5, 1)),
)
lists = st.lists(items, max_size=12)


def plain(known: Library, item: PlaylistItem) -> set[int]:
    """Return the tracks (codes) an item may be, by looking at every track there is; empty: never heard."""
    tracks = known.tracks.with_row_index("code").to_dicts()
    names = known.artists["name"].to_list()
    if item.uri and (found := {t["code"] for t in tracks if t["uri"] == item.uri}):
        return found
    if item.kind not in NAMED or not item.name or not item.artist:
        return set()
    wanted, bare = name_key(item.name), name_key(recording_title(name_key(item.name)))
    theirs = [
        (t["code"], name_key(t["name"] or ""))
        for t in tracks
        if t["artist"] and name_key(names[t["artist"]] or "") == name_key(item.artist)
    ]
    ways = (
        {code for code, title in theirs if title == wanted},
        {code for code, title in theirs if title == bare},
        {code for code, title in theirs if name_key(recording_title(title)) == bare},
    )
    return next((found for found in ways if found), set())


def heard_of(known: Library, code: int) -> int:
    return int((known.column("track") == code).sum())


def matched(known: Library, entries: list[PlaylistItem]) -> Listed:
    return Matcher(known).match(entries, key="k", name="List")


@given(histories, lists)
def test_songs_are_found_as_somebody_would_find_them_by_hand(heard: list[Heard], entries: list[PlaylistItem]) -> None:
    known = library(heard)
    frame = matched(known, entries).frame
    assert dict(frame.schema) == COLUMNS
    assert frame["position"].to_list() == list(range(len(entries)))
    for item, row in zip(entries, frame.to_dicts(), strict=True):
        told = (row["name"], row["artist"], row["album"], row["uri"], row["kind"], row["added"])
        assert told == (item.name, item.artist, item.album, item.uri, item.kind, item.added_on)
        choices = plain(known, item)
        assert (row["track"] in choices) if choices else row["track"] == -1
        if choices:  # of several, the one heard most
            assert heard_of(known, row["track"]) == max(heard_of(known, code) for code in choices)
            assert row["recording"] == known.tracks["recording"][row["track"]]
            owner = known.tracks["artist"][row["track"]]
        else:
            assert row["recording"] == -1
            owner = 0
        names = [name_key(name or "") for name in known.artists["name"].to_list()]
        by_name = [code for code, name in enumerate(names) if code and name and name == name_key(item.artist)]
        assert row["artist_code"] == (owner or (by_name[0] if by_name else -1))


@given(histories, lists)
def test_what_is_the_same_is_told_by_recordings_else_by_names(heard: list[Heard], entries: list[PlaylistItem]) -> None:
    frame = matched(library(heard), entries).frame

    def stands_for(place: int, item: PlaylistItem, recording: int) -> object:
        if recording >= 0:
            return "recording", recording
        kind = "song" if item.kind in NAMED else item.kind
        named = item.name and name_key(item.artist)
        bare = name_key(recording_title(name_key(item.name)))
        if named:
            return kind, name_key(item.artist), bare
        return (item.kind, item.uri, item.name) if item.uri or item.name else place

    told = zip(entries, frame["recording"], strict=True)
    groups = [stands_for(place, *each) for place, each in enumerate(told)]
    for one, (mine, same) in enumerate(zip(groups, frame["same"], strict=True)):
        for other in range(one):
            assert (groups[other] == mine) == (frame["same"][other] == same)


@given(histories, st.lists(lists, max_size=4))
def test_many_lists_at_once_are_what_each_is_alone(heard: list[Heard], several: list[list[PlaylistItem]]) -> None:
    matcher = Matcher(library(heard))
    at_once = matcher.match_all([(str(at), f"List {at}", entries) for at, entries in enumerate(several)])
    assert [(each.key, each.name, len(each)) for each in at_once] == [
        (str(at), f"List {at}", len(entries)) for at, entries in enumerate(several)
    ]
    for entries, each in zip(several, at_once, strict=True):
        assert each.frame.equals(matcher.match(entries, key=each.key, name=each.name).frame)


def test_the_address_goes_before_the_names() -> None:
    known = library([listen("2024-05-01T10:00", track=1), listen("2024-05-01T11:00", track=3)])
    frame = matched(known, [PlaylistItem("Waterloo", "ABBA", uri="uri:1"), PlaylistItem("Waterloo", "ABBA")]).frame
    assert [known.tracks["id"][code] for code in frame["track"]] == [1, 3]


def test_editions_of_one_recording_are_the_same_and_other_recordings_are_not() -> None:
    known = library([listen("2024-05-01T10:00", track=3), listen("2024-05-01T11:00", track=1)])
    told = ["Waterloo", "Waterloo - 2014 Remaster", "Waterloo (Deluxe Edition)", "Waterloo - Live at Wembley"]
    frame = matched(known, [PlaylistItem(name, "ABBA") for name in told]).frame
    assert [code >= 0 for code in frame["track"]] == [True, True, True, False]
    assert frame["same"].n_unique() == 2


def test_a_name_that_was_merged_away_stands_for_the_artist_it_went_to() -> None:
    known = library([listen("2024-05-01T10:00", track=1)])
    gone = pl.DataFrame([("artist", 77, 11), ("album", 78, 21), ("artist", 79, 99)], schema=MOVED, orient="row")
    merged = replace(known, moved=gone)
    entries = [PlaylistItem("Human Behaviour", "Bjoerk"), PlaylistItem("Human Behaviour", "Elsewhere")]
    names = {77: "BJOERK ", 78: "Debut", 79: "Elsewhere"}
    assert [code >= 0 for code in Matcher(merged, names).match(entries, key="", name="").frame["track"]] == [
        True,
        False,
    ]
    assert ARTISTS[11] == "Björk"
    assert Matcher(merged).match(entries, key="", name="").frame["track"].to_list() == [-1, -1]


def test_songs_of_nobody_and_episodes_are_not_found_by_name() -> None:
    known = library([listen("2024-05-01T10:00", track=6), listen("2024-05-01T11:00", track=3)])
    entries = [
        PlaylistItem("An episode", "", uri="uri:99"),
        PlaylistItem("Waterloo", "abba", kind="episode"),
        PlaylistItem("An episode", "", uri="uri:6", kind="episode"),
        PlaylistItem("", "abba"),
        PlaylistItem("", ""),
    ]
    found = matched(known, entries).frame
    assert [code >= 0 for code in found["track"]] == [False, False, True, False, False]
    assert found["same"].n_unique() == len(entries)
