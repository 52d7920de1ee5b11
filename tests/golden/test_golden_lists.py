"""What was planted in the demo person's playlists is found in them once they are imported and beside her library."""

from datetime import timedelta

import numpy as np
import polars as pl

from core.analytics.listed import Listed
from core.analytics.skipping import wilson
from core.analytics.view import View
from core.demo.calendar import LAST
from core.demo.listing import Account
from core.demo.truth_of_lists import ListsTruth, Song

Lists = dict[str, Listed]


def songs(frame: pl.DataFrame) -> set[Song]:
    return set(frame.select("name", "artist").rows())


def same(listed: Listed) -> set[int]:
    return set(listed.frame["same"])


def test_every_list_arrives_whole(listed: Lists, account: Account) -> None:
    assert {name: len(each) for name, each in listed.items()} == {m.name: len(m.entries) for m in account.lists}
    for made in account.lists:
        frame = listed[made.name].frame
        assert frame["uri"].to_list() == [entry.uri for entry in made.entries]
        assert frame["added"].to_list() == [entry.added for entry in made.entries]
        assert frame["name"].to_list() == [entry.name for entry in made.entries]
        assert frame["kind"].to_list() == [entry.kind for entry in made.entries]


def test_songs_on_a_list_twice_are_found(listed: Lists, lists_truth: ListsTruth) -> None:
    twice = {name: frozenset(each.frame.filter(pl.col("uri").is_duplicated())["uri"]) for name, each in listed.items()}
    assert {name: uris for name, uris in twice.items() if uris} == lists_truth.twice


def test_songs_that_are_there_as_a_single_as_well_are_the_same(listed: Lists, lists_truth: ListsTruth) -> None:
    found = {}
    for name, each in listed.items():
        once = each.frame.unique(subset="uri", keep="first")
        found[name] = songs(once.filter(pl.col("same").is_duplicated()))
    assert {name: each for name, each in found.items() if each} == {lists_truth.growing: lists_truth.singles}


def test_songs_never_begun_are_found(listed: Lists, lists_truth: ListsTruth) -> None:
    never = [each.frame.filter((pl.col("kind") == "track") & (pl.col("track") < 0)) for each in listed.values()]
    assert songs(pl.concat(never)) == lists_truth.never
    late = pl.concat(never).filter(pl.col("added") > LAST - timedelta(days=90))
    assert songs(late) == lists_truth.lately


def test_songs_skipped_every_time_are_found(listed: Lists, lists_truth: ListsTruth, view: View) -> None:
    skipped, known = view.skipped
    tracks, size = view.values("track"), len(view.library.tracks)
    starts = np.bincount(tracks[known | skipped], minlength=size)
    skips = np.bincount(tracks[skipped], minlength=size)
    frame = pl.concat([each.frame for each in listed.values()]).filter(pl.col("track") >= 0)
    always = [
        starts[track] >= 3 and wilson(float(skips[track]), float(starts[track]))[0] > 0.5
        for track in frame["track"].to_list()
    ]
    assert songs(frame.filter(pl.Series(always))) == lists_truth.tiring


def test_one_list_alone_lies_inside_another(listed: Lists, lists_truth: ListsTruth) -> None:
    inside = {
        (part, whole)
        for part, a in listed.items()
        for whole, b in listed.items()
        if part != whole and len(a) and len(same(a) & same(b)) >= 0.9 * len(same(a))
    }
    assert inside == {lists_truth.inside}


def test_a_list_was_forgotten_and_one_given_up(listed: Lists, lists_truth: ListsTruth, view: View) -> None:
    name, since = lists_truth.forgotten
    tracks = set(listed[name].frame["track"])
    played = pl.DataFrame({"track": view.values("track"), "day": view.values("day")}).filter(pl.Series(view.play))
    days = played.filter(pl.col("track").is_in(list(tracks)))["day"].cast(pl.Int32).cast(pl.Date)
    assert len(days) > 60
    assert days.max() < since  # type: ignore[operator]
    abandoned, last = lists_truth.abandoned
    assert listed[abandoned].frame["added"].max() == last


def test_files_of_her_own_have_names(listed: Lists, lists_truth: ListsTruth) -> None:
    frame = pl.concat([each.frame for each in listed.values()])
    assert songs(frame.filter(pl.col("kind") == "local")) == lists_truth.files
    assert frame.filter(pl.col("kind") == "episode").height == 2
    assert {name for name, each in listed.items() if not len(each)} == lists_truth.empty
