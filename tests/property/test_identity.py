"""What belongs together, who is credited and who is nobody, against a few lines of plain Python."""

from collections import defaultdict
from dataclasses import replace

import polars as pl
import pytest
from heard import ALBUMS, ARTISTS, TRACKS, Heard, chosen, histories, listen, rows
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analytics import counting, items, timeline
from core.analytics.building import append, build
from core.analytics.codec import decode, encode
from core.analytics.identity import ALONE, resolved
from core.analytics.library import Library
from core.analytics.selecting import select
from core.analytics.stored import CREDITS, RULES, Rows
from core.domain.filters import Filters
from core.domain.lens import Exclusion, Lens
from core.domain.period import Period

FRAMES = ("listens", "tracks", "recordings", "artists", "albums", "reasons", "credits", "moved")
relaxed = settings(max_examples=120, deadline=None)
artist, album, track = (st.sampled_from(sorted(known)) for known in (ARTISTS, ALBUMS, TRACKS))
recording = st.sampled_from(sorted({t[3] for t in TRACKS.values()} | {ALONE + t for t in TRACKS}))


def steps(kind: str, start: st.SearchStrategy[int], end: st.SearchStrategy[int]) -> st.SearchStrategy[list[tuple]]:
    return st.dictionaries(start, end, max_size=3).map(lambda found: [(kind, a, b) for a, b in found.items()])


rules = st.tuples(
    steps("artist", artist, artist),
    steps("album", album, album),
    steps("recording", recording, recording),
    steps("alone", track, st.just(0)),
    steps("album-artist", album, artist),
    steps("track-artist", track, artist),
).map(lambda found: [rule for kind in found for rule in kind])
named = st.dictionaries(st.tuples(track, artist), st.integers(0, 2), max_size=6).map(
    lambda found: [(*who, place) for who, place in found.items()]
)
various = st.sampled_from([frozenset(), frozenset({14}), frozenset({13})])


def given_rows(heard: list[Heard], rules: list[tuple], named: list[tuple], various: frozenset[int]) -> Rows:
    """Return the rows of a history as they are read with rules and named, some artists being "Various Artists"."""
    plain = rows(heard)
    names = [(id, "Various Artists" if id in various else name) for id, name in ARTISTS.items()]
    return replace(
        plain,
        artists=pl.DataFrame(names, schema=plain.artists.schema, orient="row"),
        albums=pl.DataFrame([(id, *one) for id, one in ALBUMS.items()], schema=plain.albums.schema, orient="row"),
        credits=pl.DataFrame([c for c in named if c[0] in {h.track for h in heard}], schema=CREDITS, orient="row"),
        rules=pl.DataFrame(rules, schema=RULES, orient="row"),
    )


class Oracle:
    """What rules, named and nobody's names make of tracks, one at a time."""

    def __init__(self, rules: list[tuple], named: list[tuple], various: frozenset[int]) -> None:
        self.by_kind: dict[str, dict[int, int]] = defaultdict(dict)
        for kind, start, end in rules:
            self.by_kind[kind][start] = end
        self.credits, self.various = named, various

    def end(self, kind: str, id: int) -> int:
        steps, place, seen = self.by_kind[kind], id, {id}
        while place in steps:
            place = steps[place]
            if place in seen:
                return id if place == id or id in steps else place
            seen.add(place)
        return place

    def album(self, track: int) -> int:
        found = TRACKS[track][2]
        return self.end("album", found) if found else 0

    def given(self, album: int) -> int:
        given = self.by_kind["album-artist"]
        mine = [id for id in sorted(given) if self.end("album", id) == album]
        return given.get(album) or (given[mine[0]] if mine else 0)

    def artist(self, track: int) -> int:
        """Return a track's artist; 0: nobody."""
        own = self.by_kind["track-artist"].get(track) or self.given(self.album(track)) or TRACKS[track][1]
        found = self.end("artist", own) if own else 0
        if found not in self.various:
            return found
        leads = [self.end("artist", a) for t, a, place in self.credits if t == track and place == 0]
        leads = [a for a in leads if a not in self.various]
        return leads[-1] if leads else 0

    def guests(self, track: int) -> set[int]:
        found = {self.end("artist", a) for t, a, _ in self.credits if t == track}
        return found - self.various - {self.artist(track)}

    def recording(self, track: int) -> int:
        """Return the lowest number of the recordings a track's belongs to."""
        base = ALONE + track if track in self.by_kind["alone"] else TRACKS[track][3]
        mates = {base}
        for _ in range(len(self.by_kind["recording"]) + 1):
            for one, other in self.by_kind["recording"].items():
                if {one, other} & mates:
                    mates |= {one, other}
        return min(mates)


def same(one: Library, other: Library) -> bool:
    pairs = [(getattr(one, name), getattr(other, name)) for name in FRAMES]
    return all(a.equals(b) and a.schema == b.schema for a, b in pairs)


anything = given(histories, rules, named, various)


@relaxed
@anything
def test_tracks_get_the_artist_album_and_recording_the_rules_want(heard, rules, named, various):
    made, plain = build(given_rows(heard, rules, named, various), version=1), Oracle(rules, named, various)
    for id, *codes in made.tracks.select("id", "artist", "album", "recording").iter_rows():
        found = [made.artists["id"][codes[0]], made.albums["id"][codes[1]], made.recordings["id"][codes[2]]]
        assert found == [plain.artist(id), plain.album(id), plain.recording(id)]
    guests = defaultdict(set)
    for code, who, _ in made.credits.iter_rows():
        guests[made.tracks["id"][code]].add(made.artists["id"][who])
    assert guests == {h.track: plain.guests(h.track) for h in heard if plain.guests(h.track)}
    assert set(made.albums["id"]) == {0} | {plain.album(h.track) for h in heard}
    assert not set(made.artists["id"]) & various


@relaxed
@anything
def test_applying_rules_twice_changes_nothing(heard, rules, named, various):
    rules = [rule for rule in rules if rule[2] not in various]
    once = resolved(given_rows(heard, rules, named, various))
    again = resolved(once)
    assert all(getattr(once, name).equals(getattr(again, name)) for name in ("tracks", "albums", "artists", "moved"))
    assert once.credits.sort(pl.all()).equals(again.credits.sort(pl.all()))


@relaxed
@given(histories, histories, rules, named, various)
def test_what_comes_later_follows_the_rules(old, new, rules, named, various):
    both = list({(h.ended, h.track, h.ms, h.began): h for h in [*new, *old]}.values())
    held = build(given_rows(old, rules, named, various), version=1)
    appended = append(held, given_rows(new, rules, named, various), version=2)
    assert same(appended, build(given_rows(both, rules, named, various), version=2))
    assert same(decode(encode(appended)), appended)


@relaxed
@given(histories, rules, named, various, st.booleans(), st.none() | artist)
def test_a_play_counts_for_everybody_on_its_track(heard, rules, named, various, featured, excluded):
    out = (Exclusion("artist", excluded),) if excluded else ()
    lens, plain = Lens(featured=featured, exclusions=out), Oracle(rules, named, various)
    view = select(build(given_rows(heard, rules, named, various), version=1), lens)
    gone = plain.end("artist", excluded) if excluded else -1
    played, ms = defaultdict(int), defaultdict(int)
    for h, play in chosen(heard, Lens(), Period(), Filters()):
        if plain.artist(h.track) == gone:
            continue
        everybody = {plain.artist(h.track)} | (plain.guests(h.track) - {gone} if featured else set())
        for who in everybody - {0}:
            played[who] += play
            ms[who] += h.ms
    top = counting.top(view, "artist")
    assert dict(top.select("id", "plays").iter_rows()) == {who: n for who, n in played.items() if n}
    assert dict(top.select("id", "ms_played").iter_rows()) == {who: ms[who] for who, n in played.items() if n}
    assert counting.totals(view).artists == top.height
    assert not {"Various Artists", ""} & set(top["name"])


@relaxed
@given(histories, rules, named, various, st.booleans())
def test_curves_and_places_along_time_count_guests_too(heard, rules, named, various, featured):
    view = select(build(given_rows(heard, rules, named, various), version=1), Lens(featured=featured))
    top = counting.top(view, "artist")
    months = defaultdict(dict)
    for id, start, plays, ms in timeline.series(view, "artist", top["id"].to_list()).iter_rows():
        months[start][id] = (plays, ms)
    for id, plays, ms in top.select("id", "plays", "ms_played").iter_rows():
        assert sum(month[id][0] for month in months.values()) == plays
        assert sum(month[id][1] for month in months.values()) == ms
    for start, id, _, rank, plays, ms in timeline.rank_history(view, "artist").iter_rows():
        assert months[start][id] == (plays, ms)
        assert rank == (1 + sum(n > plays for n, _ in months[start].values()) if plays else None)


@relaxed
@given(histories, rules, named, various, st.booleans(), artist)
def test_an_artist_is_asked_for_by_any_id_they_ever_had(heard, rules, named, various, featured, asked):
    lens, plain = Lens(featured=featured), Oracle(rules, named, various)
    made = build(given_rows(heard, rules, named, various), version=1)
    wanted = plain.end("artist", asked)

    def of_it(h: Heard) -> bool:
        return wanted not in various and (
            plain.artist(h.track) == wanted or (featured and wanted in plain.guests(h.track))
        )

    expected = [h.ended for h, _ in chosen(heard, Lens(), Period(), Filters()) if of_it(h)]
    view = select(made, lens, filters=Filters(artists=(asked,)))
    assert view.frame["ended"].to_list() == expected
    everything = select(made, lens)
    facts = items.item(everything, everything, "artist", asked)
    if any(map(of_it, heard)):
        assert facts is not None
        assert facts.id == wanted
        assert facts.totals.listens == len(expected)
        assert set(facts.track_ids) == {h.track for h in heard if of_it(h)}
    else:
        assert facts is None


def test_an_album_of_various_artists_says_so_and_is_nobodys() -> None:
    made = build(given_rows([listen("2024-05-01T10:00", track=2)], [], [], frozenset({14})), version=1)
    found = counting.top(select(made, Lens()), "album")
    assert found.select("name", "artist", "artist_id").rows() == [("Various", "Various Artists", 0)]
    everything = select(made, Lens())
    facts = items.item(everything, everything, "album", 24)
    assert facts is not None
    assert (facts.artist, facts.artist_id) == ("Various Artists", 0)


def test_a_guest_alone_has_a_row_and_a_page() -> None:
    made = build(given_rows([listen("2024-05-01T10:00")], [], [(1, 12, 1)], frozenset()), version=1)
    view = select(made, Lens())
    assert counting.top(view, "artist").select("name", "plays", "share").rows() == [("Björk", 1, 1.0), ("abba", 1, 1.0)]
    assert items.item(view, view, "artist", 12).totals.plays == 1
    assert items.item(*[select(made, Lens(featured=False))] * 2, "artist", 12) is None


@pytest.mark.parametrize(
    "heard", [[], [listen("2024-05-01T10:00")] * 1, [listen("2024-05-01T10:00", t) for t in TRACKS]]
)
def test_rules_about_little_or_nothing(heard: list[Heard]) -> None:
    made = build(given_rows(heard, [("artist", 11, 12), ("alone", 1, 0)], [(1, 12, 1)], frozenset({13})), version=1)
    assert made.listens.height == len(heard)
