"""Playlists beside the listening, each metric against a few lines of plain Python."""

from collections import Counter
from datetime import date, timedelta
from math import exp, log

import pytest
from heard import ARTISTS, TRACKS, Heard, chosen, filters, histories, key, lenses, library, periods
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analytics import playlist_makeup, playlist_songs
from core.analytics.listed import Listed, Matcher
from core.analytics.selecting import select
from core.analytics.skipping import wilson
from core.analytics.view import View
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.period import Period
from core.domain.playlists import PlaylistItem

Entries = list[PlaylistItem]
DAY = date(2022, 3, 1)
relaxed = settings(max_examples=80, deadline=None)
added = st.none() | st.sampled_from([date(2010, 11, 6), date(2021, 3, 27), date(2021, 12, 20), date(2022, 2, 27)])
heard_ones = st.builds(
    lambda id, day: PlaylistItem(
        TRACKS[id][0] or "", ARTISTS.get(TRACKS[id][1] or 0, ""), "", f"uri:{id}", "track", day
    ),
    st.sampled_from(sorted(TRACKS)),
    added,
)
others = st.builds(
    PlaylistItem,
    name=st.sampled_from(["Never Heard", "Never Heard - 2011 Remaster", "Other", ""]),
    artist=st.sampled_from(["abba", "Nobody knows", ""]),
    uri=st.sampled_from(["", "uri:98", "uri:99"]),
    kind=st.sampled_from(["track", "local", "episode", "chapter"]),
    added_on=added,
)
lists = st.lists(heard_ones | heard_ones | others, max_size=14)
anything = given(histories, lists, lenses, periods, filters)


def seen(heard: list[Heard], entries: Entries, lens: Lens, period: Period, f: Filters) -> tuple[View, Listed]:
    """Return a view and a list beside its library."""
    known = library(heard)
    listed = Matcher(known).match(entries, key="k", name="List")
    return select(known, lens=lens, period=period, filters=f), listed


def things(view: View, listed: Listed, lens: Lens) -> list[int | None]:
    """Return what each entry is grouped by under a lens; None: never heard."""
    ids = view.library.tracks["id"].to_list()
    return [key("track", ids[code], lens) if code >= 0 else None for code in listed.frame["track"]]


def music(row: dict[str, object]) -> bool:
    return row["kind"] in ("track", "local")


def of_songs(
    heard: list[Heard], mine: set[int | None], lens: Lens, period: Period, f: Filters
) -> list[tuple[Heard, bool]]:
    """Return the visible listens of some songs, each with whether it is a play."""
    return [(h, play) for h, play in chosen(heard, lens, period, f) if key("track", h.track, lens) in mine]


@anything
@relaxed
def test_songs_are_told_with_what_one_made_of_them(heard, entries, lens, period, f) -> None:
    view, listed = seen(heard, entries, lens, period, f)
    frame, listens = playlist_songs.songs(view, listed), chosen(heard, lens, period, f)
    assert frame["position"].to_list() == list(range(1, len(entries) + 1))
    for row, item, thing in zip(frame.to_dicts(), entries, things(view, listed, lens), strict=True):
        mine = [(h, play) for h, play in listens if key("track", h.track, lens) == thing]
        told = [h for h, _ in mine if h.skipped is not None]
        plays, starts, skips = sum(play for _, play in mine), len(told), sum(bool(h.skipped) for h in told)
        assert (row["plays"], row["starts"], row["skips"]) == (plays, starts, skips)
        assert row["last"] == max((h.day(lens) for h, play in mine if play), default=None)
        assert (row["name"], row["artist"], row["added"]) == (item.name, item.artist, item.added_on)
        assert (row["id"] == 0) == (thing is None)
        if item.kind in ("episode", "chapter"):
            expected = "spoken"
        elif starts >= 3 and wilson(skips, starts)[0] > 0.5:
            expected = "skipped"
        elif plays:
            expected = "played"
        else:
            expected = "local" if item.kind == "local" else "never"
        assert row["state"] == expected


@anything
@relaxed
def test_listening_hours_and_facts_count_plays_of_its_songs(heard, entries, lens, period, f) -> None:
    view, listed = seen(heard, entries, lens, period, f)
    every = [h for h, play in chosen(heard, lens, period, f) if play]
    mine = [h for h, play in of_songs(heard, set(things(view, listed, lens)) - {None}, lens, period, f) if play]
    frame = playlist_songs.listening(view, listed, "day")
    per_day, all_days = Counter(h.day(lens) for h in mine), Counter(h.day(lens) for h in every)
    for row in frame.to_dicts():
        assert (row["plays"], row["all"]) == (per_day[row["start"]], all_days[row["start"]])
        assert row["share"] == (row["plays"] / row["all"] if row["all"] else None)
    assert (frame["plays"].sum(), frame["all"].sum()) == (len(mine), len(every))
    hours = playlist_songs.hours(view, listed)
    counted, usual = Counter(h.local(lens).hour for h in mine), Counter(h.local(lens).hour for h in every)
    for row in hours.to_dicts():
        assert row["plays"] == counted[row["hour"]]
        assert row["share"] == pytest.approx(counted[row["hour"]] / max(len(mine), 1))
        assert row["usual"] == pytest.approx(usual[row["hour"]] / max(len(every), 1))
    found = playlist_makeup.facts(view, listed)
    rows = listed.frame.to_dicts()
    songs = {row["same"]: row for row in reversed(rows) if music(row)}
    assert (found.entries, found.songs) == (len(entries), len(songs))
    assert found.heard == sum(row["track"] >= 0 for row in songs.values())
    assert (found.plays, found.share) == (len(mine), pytest.approx(len(mine) / max(len(every), 1)))
    names = Counter(str(row["artist"]).lower().strip() for row in songs.values() if str(row["artist"]))
    shares = [count / sum(names.values()) for count in names.values()]
    assert found.artists == len(names)
    assert found.effective == pytest.approx(exp(-sum(p * log(p) for p in shares)) if shares else 0)


@given(histories, lists, lenses)
@relaxed
def test_fading_follows_each_song_from_its_first_day(heard, entries, lens) -> None:
    period = Period(None, DAY + timedelta(days=1))
    view, listed = seen(heard, entries, lens, period, Filters())
    first: dict[object, date] = {}
    for thing, row in zip(things(view, listed, lens), listed.frame.to_dicts(), strict=True):
        if row["added"] is not None and music(row):
            name = ("heard", thing) if thing is not None else ("unheard", row["same"])
            first[name] = min(first.get(name, date.max), row["added"])
    lived = {name: (DAY - day).days // 30 for name, day in first.items()}
    plays: Counter[int] = Counter()
    for h, play in chosen(heard, lens, period, Filters()):
        name = ("heard", key("track", h.track, lens))
        if play and name in first and (age := (h.day(lens) - first[name]).days) >= 0:
            plays[age // 30] += age // 30 < lived[name]
    frame = playlist_songs.fading(view, listed, as_of=DAY)
    months = [month for month in range(24) if any(there > month for there in lived.values())]
    assert frame["month"].to_list() == months
    for row in frame.to_dicts():
        there = sum(months > row["month"] for months in lived.values())
        assert (row["songs"], row["plays"]) == (there, plays[row["month"]])
        assert row["each"] == pytest.approx(plays[row["month"]] / there)
