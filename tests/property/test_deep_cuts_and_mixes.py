"""Deep cuts and mixes on lives with many songs, each against a few lines of plain Python."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import isclose, log, log1p

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analytics.building import build
from core.analytics.selecting import select
from core.analytics.stored import Rows
from core.analytics.view import View
from core.domain.lens import Exclusion, Lens
from core.domain.listen import Flag
from core.recommend.depths import deep_cuts
from core.recommend.distinct import distinctness, spread
from core.recommend.mixes import MOST_OF_ARTIST, mixes

TRACKS, BY_ARTIST, BY_ALBUM = 24, 8, 4  # ids from 1; the last track of each artist is on no album
NAMES = {3: "Skit", 4: "The Long Intro", 5: "Introvert"}
BEGIN, AS_OF = datetime(2019, 1, 1, 0, 30, tzinfo=UTC), date(2022, 1, 1)
UTC_LENS = Lens()
relaxed = settings(max_examples=60, deadline=None)
Play = tuple[int, int, int, bool]  # track, hour from BEGIN, seconds, skipped


def artist_of(track: int) -> int:
    return (track - 1) // BY_ARTIST + 1


def album_of(track: int) -> int | None:
    return None if track % BY_ARTIST == 0 else (track - 1) // BY_ALBUM + 1


def name_of(track: int) -> str:
    return NAMES.get(track, f"Song {track}")


def seen(plays: list[Play], lens: Lens = UTC_LENS) -> View:
    """Return the view of plays of an invented catalogue."""
    ends = [BEGIN + timedelta(hours=hour, seconds=place) for place, (_, hour, _, _) in enumerate(plays)]
    moment = pl.Datetime("us", "UTC")
    listens = pl.DataFrame(
        {
            "ended": pl.Series(ends, dtype=moment),
            "began": pl.Series(
                [e - timedelta(seconds=s) for e, (_, _, s, _) in zip(ends, plays, strict=True)], dtype=moment
            ),
            "track_id": pl.Series([p[0] for p in plays], dtype=pl.Int32),
            "ms_played": pl.Series([p[2] * 1000 for p in plays], dtype=pl.Int32),
            "flags": pl.Series(
                [int(Flag.SKIPPED_KNOWN | (Flag.SKIPPED if p[3] else Flag(0))) for p in plays], dtype=pl.Int16
            ),
        }
    ).with_columns(
        *(pl.lit(0, pl.Int16).alias(n) for n in ("reason_start", "reason_end", "platform", "country")),
        *(pl.lit(1, pl.Int16).alias(n) for n in ("kind", "source")),
    )
    used = sorted({p[0] for p in plays})
    tracks = pl.DataFrame(
        [(t, name_of(t), f"uri:{t}", artist_of(t), album_of(t), t, 1) for t in used],
        schema=dict.fromkeys(("id",), pl.Int32)
        | {"name": pl.String, "uri": pl.String}
        | dict.fromkeys(("artist_id", "album_id", "recording_id"), pl.Int32)
        | {"kind": pl.Int16},
        orient="row",
    )
    albums = [(a, f"Album {a}", (a - 1) // 2 + 1) for a in sorted({album_of(t) for t in used} - {None})]
    artists = [(a, f"Artist {a}") for a in sorted({artist_of(t) for t in used})]
    return select(
        build(
            Rows(
                listens,
                tracks,
                pl.DataFrame(albums, schema={"id": pl.Int32, "name": pl.String, "artist_id": pl.Int32}, orient="row"),
                pl.DataFrame(artists, schema={"id": pl.Int32, "name": pl.String}, orient="row"),
                pl.DataFrame(schema={"id": pl.Int16, "name": pl.String}),
            ),
            version=1,
        ),
        lens,
    )


# How often each song is played, from which hour on, how many hours apart, how long, and whether all are skipped.
parts = st.tuples(
    st.integers(1, TRACKS),
    st.integers(0, 25_000),
    st.sampled_from([1, 24, 24 * 7, 8760]),
    st.sampled_from([1, 2, 3, 5, 20]),
    st.sampled_from([200, 200, 200, 45, 20]),
    st.sampled_from([False, False, False, True]),
)
lives = (
    st.lists(parts, max_size=14)
    .map(lambda made: [(t, begin + i * apart, s, skip) for t, begin, apart, many, s, skip in made for i in range(many)])
    .map(lambda plays: [p for p in plays if p[1] < 26_000])
)

# A life with artists one loves, whose other songs were started once or a few times, some of them lately.
once = st.tuples(
    st.integers(1, TRACKS),
    st.sampled_from([100, 9000, 25_580, 25_590, 26_000]),
    st.sampled_from([200, 200, 200, 200, 59, 61, 45]),
    st.sampled_from([False, False, False, True]),
)
loved = [(track, 24 * i + 7, 200, False) for track, many in ((1, 12), (2, 6), (9, 40), (10, 9)) for i in range(many)]
deep = st.lists(once, max_size=40).map(lambda few: [*loved, *few])
# Songs of one season or the other, in one year or in several, among songs of any time.
summers = st.lists(
    st.tuples(st.integers(1, 12), st.sampled_from([3700, 100]), st.sampled_from([24, 8766])), max_size=8
).map(lambda made: [(t, begin + i * apart, 200, False) for t, begin, apart in made for i in range(3)])
again = summers.map(lambda plays: [*plays, *((t, 2000 + 400 * t, 200, False) for t in range(13, TRACKS))])


def played(plays: list[Play]) -> list[tuple[int, datetime]]:
    return [(t, BEGIN + timedelta(hours=h, seconds=n)) for n, (t, h, s, _) in enumerate(plays) if s >= 30]


@relaxed
@given(deep | lives)
def test_deep_cuts(plays):
    found, counted = deep_cuts(seen(plays), as_of=AS_OF), played(plays)
    times = Counter(t for t, _ in counted)
    artists, albums = Counter(artist_of(t) for t, _ in counted), Counter(album_of(t) for t, _ in counted)
    expected = {}
    for t in times:
        mine, starts = artist_of(t), [p for p in plays if p[0] == t]
        songs = sum(artist_of(other) == mine for other in times)
        new = any((AS_OF - at.date()).days <= 30 for other, at in counted if other == t)
        skips = sum(skip for *_, skip in starts)
        short = max(s for _, _, s, _ in starts) < 60  # the usual length: none of these was heard to its end
        if times[t] > 3 or artists[mine] < 20 or songs < 3 or times[t] >= artists[mine] / songs or new or short:
            continue
        if (skips and skips * 2 >= len(starts)) or t in (3, 4):
            continue
        around = albums[album_of(t)] - times[t] if album_of(t) else 0
        expected[t] = (log(artists[mine]) + log1p(around) / 2 - log(times[t]) / 2, times[t], artists[mine], songs)
    kept, by_artist, by_album = [], Counter(), Counter()
    for t in sorted(expected, key=lambda t: (-round(expected[t][0], 9), t)):
        by_album[album_of(t)] += 1
        if album_of(t) is None or by_album[album_of(t)] <= 2:
            by_artist[artist_of(t)] += 1
            if by_artist[artist_of(t)] <= 4:
                kept.append(t)
    assert found["id"].to_list() == kept
    for row in found.to_dicts():
        score, *rest = expected[row["id"]]
        assert isclose(row["score"], score, abs_tol=1e-8)
        assert [row["plays"], row["artist_plays"], row["artist_tracks"]] == rest


def test_no_album_and_no_artist_fills_the_list():
    loved_too = [(9, 24 * i, 200, False) for i in range(40)]
    every = [*loved_too, *((t, 2000 + t, 200, False) for t in range(10, 17))]
    assert deep_cuts(seen(every), as_of=AS_OF)["id"].to_list() == [10, 11, 13, 14]
    one_album = [*loved_too, *((t, 2000 + t, 200, False) for t in range(13, 17))]
    assert deep_cuts(seen(one_album), as_of=AS_OF)["id"].to_list() == [13, 14, 16]


def test_songs_played_as_much_as_all_of_their_artist_are_no_deep_cuts():
    alike = [(t, 24 * i + t, 200, False) for t in range(9, 17) for i in range(3)]
    assert deep_cuts(seen(alike), as_of=AS_OF).height == 0
    assert deep_cuts(seen([*alike, (9, 3000, 200, False)]), as_of=AS_OF).height == 4


def typical(inside: Counter[int], every: Counter[int]) -> dict[int, float]:
    """Return the songs that belong to some plays, with how much."""
    part, whole, made = sum(inside.values()), sum(every.values()), {}
    for song, k in inside.items():
        e, left = every[song] * part / whole, every[song] - k
        if k >= 3 and part < whole and k > e and (k + 0.5) / (left + 0.5) >= 1.5 * part / (whole - part):
            made[song] = k * log(k / e) - (k - e)
    return made


TIMES = {
    "mornings": lambda at: 5 <= at.hour < 11,
    "nights": lambda at: at.hour >= 22 or at.hour < 5,
    "weekends": lambda at: at.weekday() >= 5,
    "december": lambda at: at.month in (12, 1, 2),
    "june": lambda at: at.month in (6, 7, 8),
    "year-2020": lambda at: at.year == 2020,
}


@relaxed
@given(lives | again, st.sampled_from(sorted(TIMES)), st.integers(1, 12))
def test_mixes(plays, name, songs):
    counted, every = played(plays), Counter(t for t, _ in played(plays))
    inside = Counter(t for t, at in counted if TIMES[name](at))
    expected = typical(inside, every)
    if name in ("december", "june"):
        years = {t: {at.year + at.month // 12 for u, at in counted if u == t and TIMES[name](at)} for t in expected}
        expected = {t: score for t, score in expected.items() if len(years[t]) >= 2}
    kept, by_artist = [], Counter()
    for t in sorted(expected, key=lambda t: (-round(expected[t], 9), t)):
        by_artist[artist_of(t)] += 1
        if by_artist[artist_of(t)] <= MOST_OF_ARTIST:
            kept.append(t)
    found = {m.name: m for m in mixes(seen(plays), as_of=AS_OF, songs=songs, least=1)}
    if not kept:
        assert name not in found
        return
    frame = found[name].frame
    assert sorted(frame["id"]) == sorted(kept[:songs])
    for row in frame.to_dicts():
        t = row["id"]
        assert isclose(row["score"], expected[t], abs_tol=1e-8)
        assert row["plays"] == every[t]
        assert row["why"].startswith(f"all {every[t]} " if inside[t] == every[t] else f"{inside[t]} of {every[t]} ")


@relaxed
@given(lives, st.integers(1, TRACKS), st.integers(1, 3))
def test_what_is_left_out_is_in_no_list(plays, track, artist):
    lens = Lens(exclusions=(Exclusion("track", track), Exclusion("artist", artist)))
    view = seen(plays, lens)
    for frame in (deep_cuts(view, as_of=AS_OF), *(m.frame for m in mixes(view, as_of=AS_OF, least=1))):
        assert track not in frame["id"]
        assert artist not in frame["artist_id"]


@given(st.lists(st.integers(1, 5), max_size=30))
def test_no_two_of_an_artist_in_a_row_where_that_is_possible(artists):
    order = spread(artists)
    assert sorted(order) == list(range(len(artists)))
    most = max(Counter(artists).values(), default=0)
    pairs = sum(artists[a] == artists[b] for a, b in pairwise(order))
    assert pairs == max(0, most - (len(artists) - most) - 1)
    for artist in set(artists):  # of one artist, the best song comes first
        mine = [place for place in order if artists[place] == artist]
        assert mine == sorted(mine)


def test_a_mix_with_few_songs_is_left_out():
    plays = [(t, 24 * i + 6, 200, False) for t in range(1, 10) for i in range(3)]
    plays += [(t, 24 * i + 12, 200, False) for t in range(10, 20) for i in range(9)]
    assert "mornings" not in [m.name for m in mixes(seen(plays), as_of=AS_OF)]
    assert "mornings" in [m.name for m in mixes(seen(plays), as_of=AS_OF, least=5)]


def test_a_song_of_one_summer_is_not_one_of_summers():
    once = [(1, 3700 + 24 * i, 200, False) for i in range(6)]
    twice = [(2, 3700 + 24 * i + 8766 * year, 200, False) for i in range(3) for year in range(2)]
    rest = [(t, 1000 + 24 * i, 200, False) for t in range(3, 9) for i in range(9)]
    made = {mix.name: mix for mix in mixes(seen([*once, *twice, *rest]), as_of=AS_OF, least=1)}
    assert made["june"].frame["id"].to_list() == [2]
    assert made["june"].frame["why"].to_list() == ["all 6 plays were between June and August"]
    assert made["june"].about.startswith("100\u202f% of your plays of these songs were between June and August;")


def test_nothing_can_be_made_of_nothing():
    for plays in ([], [(1, 5, 200, False)], [(1, 5, 10, True)]):
        assert mixes(seen(plays), as_of=AS_OF, least=1) == []
        assert deep_cuts(seen(plays), as_of=AS_OF).height == 0


def test_all_or_none_of_the_plays_are_typical_of_nothing():
    some, none = np.array([4, 5]), np.array([0, 0])
    assert distinctness(some, some).tolist() == [0, 0]
    assert distinctness(none, some).tolist() == [0, 0]
