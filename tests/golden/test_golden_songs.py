"""Songs on repeat are found with their days, no others; songs that were given up are forgotten favourites."""

from datetime import date, timedelta

import polars as pl
import pytest
from lives import shuffled

from core.analytics.bursts import binges, obsessions
from core.analytics.forgotten import MINIMUM_PLAYS, forgotten
from core.analytics.library import Library
from core.analytics.selecting import select
from core.analytics.view import View
from core.demo.calendar import LAST
from core.demo.truth import Truth
from core.domain.period import Period


def test_every_obsession_is_found_with_its_days(view: View, truth: Truth) -> None:
    found = obsessions(view, view).select("name", "artist", "start", "end").rows()
    assert len(truth.obsessions) == 5
    for planted in truth.obsessions:
        assert (planted.track, planted.artist, planted.start, planted.end) in found


def test_the_obsessions_come_first_and_hardly_any_other_song_is_one(view: View, truth: Truth) -> None:
    found = obsessions(view, view)
    planted = {(each.track, each.artist) for each in truth.obsessions}
    assert set(found.head(len(planted)).select("name", "artist").rows()) == planted
    others = found.tail(len(found) - len(planted))
    assert len(others) <= 4
    assert others.filter((pl.col("days") > 1) | (pl.col("plays") > 7)).is_empty()


@pytest.mark.parametrize("seed", range(5))
def test_the_demo_shuffled_has_no_obsessions(demo: Library, view: View, seed: int) -> None:
    mixed = select(shuffled(demo, seed), view.lens)
    assert obsessions(mixed, mixed).is_empty()
    assert binges(mixed, mixed).height < binges(view, view).height / 10


def test_songs_of_artists_given_up_are_forgotten_favourites(view: View, truth: Truth) -> None:
    assert len(truth.given_up) == 8
    found = forgotten(view, as_of=LAST + timedelta(days=1))
    every = plays_by_song(view)
    for artist, day in truth.given_up.items():
        theirs = found.filter(artist=artist)
        often = every.filter((pl.col("artist") == artist) & (pl.col("plays") >= MINIMUM_PLAYS))
        assert often.height >= 5
        assert set(theirs["name"]) == set(often["name"])
        assert theirs["last"].max() < day
        assert (theirs["silent_days"] > (LAST - day).days).all()


def test_before_an_artist_was_given_up_nobody_called_them_forgotten(demo: Library, view: View, truth: Truth) -> None:
    for artist, day in truth.given_up.items():
        before = select(demo, view.lens, period=Period(None, day))
        theirs = plays_by_song(before).filter(artist=artist)
        found = forgotten(before, as_of=day).filter(artist=artist)
        assert found.height < theirs.height / 2


def plays_by_song(view: View) -> pl.DataFrame:
    """Return artist, name and plays of every song."""
    songs = view.items("track")
    played = pl.Series("song", view.played(view.code_column("track")).astype("int64"))
    counted = played.value_counts(name="plays")
    song = counted["song"]
    return counted.select(songs.artists.gather(song).alias("artist"), songs.names.gather(song).alias("name"), "plays")


def test_an_obsession_outside_the_chosen_days_is_not_shown(demo: Library, view: View, truth: Truth) -> None:
    first, last = truth.obsessions[0], truth.obsessions[-1]
    chosen = select(demo, view.lens, period=Period(first.end, last.start))
    found = set(obsessions(view, chosen).select("name", "artist", "start").rows())
    assert found >= {(each.track, each.artist, each.start) for each in truth.obsessions[1:-1]}
    assert not found & {(each.track, each.artist, each.start) for each in (first, last)}
    assert all(isinstance(start, date) for _, _, start in found)
