"""What a playlist is made of, what could go from it, and playlists beside each other, against plain Python."""

from collections import Counter
from datetime import timedelta

import pytest
from heard import chosen, filters, histories, key, lenses, library, periods
from hypothesis import given
from hypothesis import strategies as st
from test_playlist_metrics import DAY, anything, lists, music, relaxed, seen, things

from core.analytics import playlist_makeup, playlist_overlap, playlist_songs, playlist_upkeep, playlist_versions
from core.analytics.listed import Matcher
from core.analytics.selecting import select
from core.domain.filters import Filters
from core.domain.period import Period

UP_TO = Period(None, DAY + timedelta(days=1))


@anything
@relaxed
def test_artists_of_a_list(heard, entries, lens, period, f) -> None:
    view, listed = seen(heard, entries, lens, period, f)
    rows = [row for row in listed.frame.to_dicts() if music(row)]
    named = [row for row in rows if row["artist"]]
    counted = Counter(row["artist"].lower().strip() for row in named)
    frame = playlist_makeup.artists(view, listed)
    assert {row["name"].lower().strip(): row["songs"] for row in frame.to_dicts()} == dict(counted)
    plays = Counter(h.artist for h, play in chosen(heard, lens, period, f) if play)
    for row in frame.to_dicts():
        assert row["plays"] == (plays[row["id"]] if row["id"] else 0)
        assert row["share"] == pytest.approx(row["songs"] / len(rows))
    order = [(-row["songs"], -row["plays"], row["name"]) for row in frame.to_dicts()]
    assert order == sorted(order)


@anything
@relaxed
def test_genres_and_years_leave_nothing_out(heard, entries, lens, period, f) -> None:
    view, listed = seen(heard, entries, lens, period, f)
    some = any(music(row) for row in listed.frame.to_dicts())
    frame = playlist_makeup.families(view, listed)
    assert frame["share"].sum() == pytest.approx(1 if some else 0)
    assert frame["own"].sum() == pytest.approx(1 if view.plays else 0)
    near = playlist_makeup.closeness(view, listed)
    assert near is None or -1e-9 <= near <= 1 + 1e-9
    counted = playlist_makeup.years(view, listed)
    assert counted["songs"].sum() == sum(music(row) for row in listed.frame.to_dicts())


@given(lists)
@relaxed
def test_growth_counts_days_by_month(entries) -> None:
    listed = Matcher(library([])).match(entries, key="k", name="List")
    days = [item.added_on for item in entries if item.added_on]
    frame = playlist_makeup.growth(listed)
    counted = Counter(day.replace(day=1) for day in days)
    assert {row["start"]: row["added"] for row in frame.to_dicts() if row["added"]} == dict(counted)
    assert frame["total"].to_list() == [sum(counted[d] for d in counted if d <= start) for start in frame["start"]]
    if days:
        first, last = min(days), max(days)
        assert frame.height == (last.year - first.year) * 12 + last.month - first.month + 1


@given(histories, lists, lenses)
@relaxed
def test_what_could_go(heard, entries, lens) -> None:
    view, listed = seen(heard, entries, lens, UP_TO, Filters())
    rows = listed.frame.to_dicts()
    songs = playlist_songs.songs(view, listed).to_dicts()
    first: dict[int, int] = {}
    exact: dict[str, int] = {}
    again, edition = {}, {}
    for place, row in enumerate(rows, start=1):
        if not music(row):
            continue
        name = row["uri"] or f"{row['artist']}\x1f{row['name']}".lower()
        before = [first[row["same"]]] if row["same"] in first else []
        before += [exact[name]] if row["uri"] and name in exact else []
        if before:
            (again if name in exact else edition)[place] = min(before)
        first.setdefault(row["same"], place)
        exact.setdefault(name, place)
    twice = playlist_upkeep.duplicates(view, listed).to_dicts()
    assert {r["position"]: r["first"] for r in twice if r["why"] == "again"} == again
    assert {r["position"]: r["first"] for r in twice if r["why"] == "edition"} == edition
    waited = {
        r["position"] for r in songs if r["state"] == "never" and (not r["added"] or (DAY - r["added"]).days >= 90)
    }
    never = playlist_upkeep.never(view, listed, as_of=DAY)["position"].to_list()
    assert sorted(never) == sorted(waited)
    skipped = {r["position"] for r in songs if r["state"] == "skipped"}
    assert set(playlist_upkeep.skipped(view, listed)["position"]) == skipped
    assert playlist_upkeep.local(view, listed)["position"].to_list() == [
        place for place, row in enumerate(rows, start=1) if row["kind"] != "track"
    ]
    found = playlist_upkeep.suggestions(view, listed, as_of=DAY)
    gone = {*again, *edition} | waited | skipped
    assert found["position"].to_list() == sorted(gone)
    kept = playlist_upkeep.cleaned(view, listed, as_of=DAY)
    assert kept["position"].to_list() == [place for place in range(1, len(rows) + 1) if place not in gone]
    left = [row["same"] for place, row in enumerate(rows, start=1) if place not in gone and music(row)]
    assert len(left) == len(set(left)), "what is left holds nothing twice"


many = st.lists(lists, max_size=5)


@given(histories, many, lenses, periods, filters)
@relaxed
def test_lists_beside_each_other(heard, several, lens, period, f) -> None:
    known = library(heard)
    view, matcher = select(known, lens=lens, period=period, filters=f), Matcher(known)
    made = [matcher.match(entries, key=f"k{n}", name=f"List {n}") for n, entries in enumerate(several)]
    sets = {one.key: {row["same"] for row in one.frame.to_dicts() if music(row)} for one in made}
    expected = {
        (a, b): (len(sets[a] & sets[b]), len(sets[a] & sets[b]) / len(sets[a] | sets[b]))
        for a in sets
        for b in sets
        if a < b and sets[a] & sets[b]
    }
    pairs = playlist_overlap.overlap(view, made).to_dicts()
    assert {(r["key"], r["other"]): (r["shared"], r["likeness"]) for r in pairs} == expected
    inside = {(r["key"], r["other"]) for r in playlist_overlap.subsets(view, made).to_dicts()}
    assert inside == {
        (a, b)
        for a in sets
        for b in sets
        if a != b and 3 <= len(sets[a]) <= len(sets[b]) and len(sets[a] & sets[b]) * 10 >= len(sets[a]) * 9
    }
    plays = [(h, key("track", h.track, lens)) for h, play in chosen(heard, lens, period, f) if play]
    on_some = {thing for one in made for thing in things(view, one, lens)}
    left = Counter(thing for _, thing in plays if thing not in on_some)
    ids = known.tracks["id"].to_list()
    none = playlist_overlap.in_none(view, made).to_dicts()
    assert sorted((key("track", r["id"], lens), r["plays"]) for r in none) == sorted(left.items())
    assert {r["id"] for r in none} <= set(ids)
    for row in playlist_overlap.compared(view, made).to_dicts():
        one = next(each for each in made if each.key == row["key"])
        mine = [h for h, thing in plays if thing in set(things(view, one, lens)) - {None}]
        songs = sets[row["key"]]
        assert (row["songs"], row["plays"]) == (len(songs), len(mine))
        assert row["each"] == (len(mine) / len(songs) if songs else 0)
        assert row["last"] == max((h.day(lens) for h in mine), default=None)
        assert row["newest"] == max(
            (item.added_on for item in several[int(row["key"][1:])] if item.added_on), default=None
        )


@given(many)
@relaxed
def test_versions_tell_what_came_and_went(several) -> None:
    matcher = Matcher(library([]))
    made = [matcher.match(entries, key="k", name="List") for entries in several]
    rows = playlist_versions.changes(made).to_dicts()
    assert [row["entries"] for row in rows] == [len(entries) for entries in several]
    for nth, row in enumerate(rows):
        here = set(made[nth].frame["same"])
        before = set(made[nth + 1].frame["same"]) if nth + 1 < len(made) else None
        expected = (None, None) if before is None else (len(here - before), len(before - here))
        assert (row["came"], row["went"]) == expected
