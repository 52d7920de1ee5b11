"""What comes next, deep cuts and mixes, each against a few lines of plain Python."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import isclose, sqrt

from heard import TRACKS, Heard, chosen, filters, group, histories, lenses, library, periods
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analytics.selecting import select
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.listen import Flag
from core.domain.period import Period
from core.recommend.depths import deep_cuts
from core.recommend.following import EMPTY, WINDOW, next_tracks
from core.recommend.mixes import mixes

relaxed = settings(max_examples=80, deadline=None)
MUSIC = [track for track in TRACKS if TRACKS[track][1]]
AS_OF = date(2022, 6, 1)


def _sat(steps: list[tuple[int, int, int]]) -> list[Heard]:
    """Return listens one after another: (minutes of silence before, track, length in ms)."""
    at, heard = datetime(2021, 3, 27, 10, tzinfo=UTC), []
    for silence, track, ms in steps:
        began = at + timedelta(minutes=silence, seconds=len(heard))
        at = began + timedelta(milliseconds=ms)
        heard.append(Heard(at, track, ms, began))
    return heard


steps = st.tuples(
    st.sampled_from([0, 0, 0, 1, 19, 20, 21, 31]),
    st.sampled_from(sorted(TRACKS)),
    st.sampled_from([1, 30_000, 200_000]),
)
sat = st.lists(steps, max_size=40).map(_sat)
lives = sat | histories


def in_sessions(heard: list[Heard], lens: Lens) -> list[list[int]]:
    """Return the songs played in each session, in order."""
    rows = []
    for h, play in chosen(heard, lens, Period(), Filters()):
        at_once = h.ended - timedelta(milliseconds=h.ms)
        rows.append((at_once if at_once - h.began > timedelta(minutes=20) else h.began, h, play))
    sessions, until = list[list[int]](), None
    for began, h, play in sorted(rows, key=lambda row: row[0]):
        patience = timedelta(minutes=30 if h.has(Flag.ESTIMATED) else 20)
        if until is None or began - until > patience:
            sessions.append([])
        until = max(until or h.ended, h.ended)
        if play and h.artist:
            sessions[-1].append(group(h, "track", lens))
    return sessions


def reference(sessions: list[list[int]], now: list[int]) -> dict[int, tuple[float, int]]:
    """Return song -> (score, times it came right after the first of ``now``)."""
    times, near, around = Counter[int](), Counter[tuple[int, int]](), Counter[int]()
    for songs in sessions:
        times.update(b for a, b in pairwise(songs) if a == now[0])
        for i, a in enumerate(songs):
            for j, b in enumerate(songs):
                if a != b and abs(i - j) <= WINDOW:
                    near[a, b] += 1 / abs(i - j)
                    around[a] += 1 / abs(i - j)
    weights = [1 / place for place in range(1, len(now) + 1)]
    made = {}
    for song in set(around) - set(now):
        cosines = [near[n, song] / sqrt(around[n] * around[song]) if near[n, song] else 0 for n in now]
        score = sum(w * c for w, c in zip(weights, cosines, strict=True)) / sum(weights)
        if times[song] or score:
            made[song] = (times[song] + score / 2, times[song])
    return made


def key_of(id: int, lens: Lens) -> int:
    return TRACKS[id][3] if lens.merge_recordings else id


@relaxed
@given(lives, lenses, st.lists(st.sampled_from([*MUSIC, 99]), max_size=7).map(tuple))
def test_what_comes_next(heard, lens, after):
    found = next_tracks(select(library(heard), lens), after=after)
    sessions = in_sessions(heard, lens)
    known = {h.track for h in heard}
    latest = [key_of(id, lens) for id in reversed(after) if id in known] if after else None
    if latest is None:
        latest = [song for songs in reversed(sessions) for song in reversed(songs)][:20]
    now = list(dict.fromkeys(latest))[:WINDOW]
    expected = reference(sessions, now) if now else {}
    got = {key_of(row["id"], lens): row for row in found.to_dicts()}
    assert set(got) == set(expected)
    for song, (score, times) in expected.items():
        assert isclose(got[song]["score"], score, abs_tol=1e-8)
        assert got[song]["times"] == times
        because = key_of(got[song]["because_id"], lens)
        assert because == now[0] if times else because in now
    assert found["score"].is_sorted(descending=True)
    assert found.schema == EMPTY


@relaxed
@given(lives, lenses, periods, filters)
def test_nothing_left_out_is_suggested(heard, lens, period, f):
    view = select(library(heard), lens, period=period, filters=f)
    visible = {group(h, "track", lens) for h, play in chosen(heard, lens, period, f) if play}
    lists = [next_tracks(view), deep_cuts(view, as_of=AS_OF), *(m.frame for m in mixes(view, as_of=AS_OF, least=1))]
    for frame in lists:
        assert {key_of(id, lens) for id in frame["id"]} <= visible
        assert frame["id"].is_unique().all()
        assert (frame["artist_id"] != 0).all()


@relaxed
@given(lives, lenses)
def test_the_same_life_has_the_same_lists(heard, lens):
    one, other = (select(library(rows), lens) for rows in (heard, list(reversed(heard))))
    assert next_tracks(one).equals(next_tracks(other))
    assert deep_cuts(one, as_of=AS_OF).equals(deep_cuts(other, as_of=AS_OF))
    for a, b in zip(mixes(one, as_of=AS_OF, least=1), mixes(other, as_of=AS_OF, least=1), strict=True):
        assert (a.name, a.title, a.about) == (b.name, b.title, b.about)
        assert a.frame.equals(b.frame)
