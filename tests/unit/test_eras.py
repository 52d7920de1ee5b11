"""Eras: none in shuffled weeks, a planted one found, short ones joined, and each with a name of its own."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from heard import Heard, library, listen
from ruptures import Pelt

from core.analytics.changes import SHORTEST_CUT, SHORTEST_SHOWN, change_points, merged, penalty, weekly
from core.analytics.eras import defining, eras
from core.analytics.knowledge import Genres, Knowledge
from core.analytics.naming import lasting, listed, names_of, percent, prose_of, spanned
from core.analytics.selecting import select
from core.domain.lens import Lens
from core.domain.period import Period

LENS = Lens("UTC", rule="start")


def weeks(rng: np.random.Generator, shares: np.ndarray, count: int, plays: int = 90) -> np.ndarray:
    """Return plays per artist of so many weeks of one taste."""
    return rng.multinomial(plays, shares, size=count)


def roots(cells: np.ndarray) -> np.ndarray:
    return np.sqrt(cells / cells.sum(axis=1, keepdims=True))


def taste(rng: np.random.Generator, artists: int = 51) -> np.ndarray:
    shares = rng.permutation(1 / np.arange(1, artists + 1))
    return shares / shares.sum()


def halved(rng: np.random.Generator, shares: np.ndarray) -> np.ndarray:
    """Return a taste in which half of the artists have changed places with each other."""
    moved = rng.permutation(len(shares))[: len(shares) // 2]
    after = shares.copy()
    after[moved] = shares[np.roll(moved, 1)]
    return after


def fevers(rng: np.random.Generator, count: int = 160, artists: int = 51) -> np.ndarray:
    """Return the weeks of a life: each artist is met once, played a lot, then less and less."""
    met, cools = rng.uniform(-60, count, artists), rng.uniform(4, 60, artists)
    since = np.arange(count)[:, None] - met
    liking = np.where(since >= 0, np.exp(-since / cools) + 0.1, 0) * rng.gamma(2, 1, artists) + 1e-6
    return np.vstack([rng.multinomial(90, week / week.sum()) for week in liking])


def of_one_taste(rng: np.random.Generator) -> np.ndarray:
    return weeks(rng, taste(rng), 120)


def of_two_tastes(rng: np.random.Generator) -> np.ndarray:
    before = taste(rng)
    return np.vstack([weeks(rng, before, 60), weeks(rng, halved(rng, before), 60)])


def of_few_artists(rng: np.random.Generator) -> np.ndarray:
    return weeks(rng, np.array([0.8, 0.1, 0.1]), 104, plays=30)


@pytest.mark.parametrize("life", [fevers, of_one_taste, of_two_tastes, of_few_artists])
def test_shuffled_weeks_have_no_change_points(life: Callable[[np.random.Generator], np.ndarray]):
    quiet = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        cells = life(rng)
        quiet += change_points(roots(rng.permutation(cells))) == [len(cells)]
    assert quiet >= 95


def test_the_same_weeks_in_their_order_have_some():
    found = [change_points(roots(fevers(np.random.default_rng(seed)))) for seed in range(20)]
    assert all(len(ends) > 1 for ends in found)


def test_a_change_of_half_the_artists_is_found_within_two_weeks():
    found = 0
    for seed in range(100):
        rng = np.random.default_rng(1_000 + seed)
        before, when = taste(rng), int(rng.integers(30, 90))
        cells = np.vstack([weeks(rng, before, when), weeks(rng, halved(rng, before), 120 - when)])
        ends = change_points(roots(cells))
        found += any(abs(end - when) <= 2 for end in ends[:-1])
    assert found >= 90


@pytest.mark.parametrize("seed", range(12))
def test_the_kernel_search_is_pelt_with_least_squares(seed: int):
    rng = np.random.default_rng(seed)
    cells = np.vstack([weeks(rng, taste(rng), int(rng.integers(5, 40))) for _ in range(4)])
    series = roots(cells)
    expected = Pelt("l2", min_size=SHORTEST_CUT, jump=1).fit(series).predict(pen=penalty(series))
    assert change_points(series) == expected


def test_the_penalty_is_the_defined_one_for_many_artists_and_more_for_few():
    rng = np.random.default_rng(4)
    for cells, usual in ((weeks(rng, np.full(51, 1 / 51), 200), True), (weeks(rng, np.array([0.8, 0.2]), 200), False)):
        series = roots(cells)
        noise = (np.diff(series, axis=0) ** 2).sum() / (2 * (len(series) - 1))
        defined = 0.75 * noise * np.log(len(series))
        assert penalty(series) == pytest.approx(defined) if usual else penalty(series) > 2 * defined
    assert penalty(series[:5]) == 0.0


def test_short_stretches_join_the_neighbour_more_alike():
    series = np.repeat([[0.0, 1.0], [0.1, 0.9], [1.0, 0.0]], [10, 4, 10], axis=0)
    assert merged(series, [10, 14, 24]) == [14, 24]
    other = np.repeat([[0.0, 1.0], [0.9, 0.1], [1.0, 0.0]], [10, 4, 10], axis=0)
    assert merged(other, [10, 14, 24]) == [10, 24]
    assert merged(series, [24]) == [24]
    assert merged(series[:5], [5]) == [5]
    for ends in ([3, 6, 9, 12, 15, 18, 21, 24], [3, 24], [21, 24]):
        assert np.diff([0, *merged(series, ends)]).min() >= SHORTEST_SHOWN


def lived(*parts: tuple[int, int], start: date = date(2021, 1, 4), each: int = 30) -> list[Heard]:
    """Return plays week after week: (track, weeks), 30 a week on a Wednesday; track 0 is silence."""
    heard, monday = [], start
    for track, count in parts:
        for _ in range(count):
            day = monday + timedelta(days=2)
            for n in range(each if track else 0):
                own = track if n % 10 else 5  # a tenth of each week is somebody else
                heard.append(listen(f"{day}T{10 + n // 12}:{n % 12 * 5:02}:{n % 7:02}", own, 100_000 + n))
            monday += timedelta(days=7)
    return heard


def test_two_eras_with_their_days_and_artists():
    found = eras(select(library(lived((1, 15), (4, 20))), LENS))
    assert found.select("era", "start", "end", "weeks", "plays").rows() == [
        (1, date(2021, 1, 6), date(2021, 4, 19), 15, 450),
        (2, date(2021, 4, 19), date(2021, 9, 2), 20, 600),
    ]
    assert found["artists"].to_list() == [["Björk"], ["ABBA"]]
    assert found["name"].to_list() == ["Björk, Jan – Apr 2021", "ABBA, Apr – Sep 2021"]
    assert found["about"].to_list() == [
        "Björk (90\u202f% of plays, none otherwise)",
        "ABBA (90\u202f% of plays, none otherwise)",
    ]
    assert found["ms_played"].sum() == sum(h.ms for h in lived((1, 15), (4, 20)))


def test_weeks_without_plays_are_no_change_and_belong_to_the_era_before():
    found = eras(select(library(lived((1, 12), (0, 20), (1, 12), (0, 5), (4, 12))), LENS))
    assert found.select("start", "end", "weeks").rows() == [
        (date(2021, 1, 6), date(2021, 12, 13), 24),
        (date(2021, 12, 13), date(2022, 3, 3), 12),
    ]


def test_no_era_is_shorter_than_eight_weeks():
    assert eras(select(library(lived((1, 7))), LENS)).height == 0
    assert eras(select(library(lived((1, 4), (0, 30), (1, 3))), LENS)).height == 0
    assert eras(select(library(lived((1, 8))), LENS)).height == 1
    joined = eras(select(library(lived((1, 12), (4, 5), (1, 12))), LENS))
    assert joined["weeks"].min() >= 8
    assert joined["weeks"].sum() == 29


def test_one_era_names_the_most_played():
    found = eras(select(library(lived((1, 10))), LENS))
    assert found["name"].to_list() == ["Björk & abba, Jan – Mar 2021"]
    assert found["about"][0] == "Björk (90\u202f% of plays) and abba (10\u202f% of plays)"
    assert found["outside"].to_list() == [[]]


def test_eras_end_with_the_period_and_never_share_a_name():
    parts = [(track, 9) for track in (1, 4, 1, 4, 1, 4)]
    whole = eras(select(library(lived(*parts)), LENS))
    assert whole.height == 6
    assert whole["name"].n_unique() == 6
    assert whole["end"].to_list()[:-1] == whole["start"].to_list()[1:]
    half = select(library(lived(*parts)), LENS, period=Period(date(2021, 1, 1), date(2021, 5, 1)))
    assert eras(half)["end"].max() <= date(2021, 5, 1)


def test_genres_of_an_era_are_its_families_with_the_most_plays():
    kept = library(lived((1, 12), (4, 12)))
    bjork, abba = (kept.code("artist", id) for id in (11, 13))
    genres = Genres(
        names=("art pop", "disco", "house"),
        families=("Electronic", "Pop"),
        family=np.array([1, 1, 0]),
        artist=np.array([bjork, bjork, abba]),
        genre=np.array([2, 0, 1]),
        weight=np.array([0.7, 0.3, 1.0]),
        source=np.zeros(len(kept.artists), dtype=np.int64),
    )
    found = eras(select(kept.knowing(Knowledge(stamp="1", genres=genres)), LENS))
    assert found["genres"].to_list() == [["Electronic", "Pop"], ["Pop"]]
    assert eras(select(kept, LENS))["genres"].to_list() == [[], []]


@pytest.mark.parametrize(
    "heard",
    [
        [],
        [listen("2021-03-28T12:00:00")],
        [listen("2021-03-28T12:00:00", track, ms) for track in (1, 3) for ms in range(1, 400)],
        [listen(f"2021-{month:02}-{day:02}T12:00:00", 6, kind=2) for month in range(1, 7) for day in range(1, 28)],
    ],
    ids=["nothing", "one", "one moment", "nobody"],
)
def test_there_are_no_eras_in_too_little(heard: list[Heard]):
    view = select(library(heard), Lens("UTC", rule="start", kinds=(1, 2)))
    found = eras(view)
    assert found.height == 0
    assert found.columns[:4] == ["era", "name", "start", "end"]
    assert len(weekly(view).place) <= 1


def test_weeks_are_local_where_clocks_change():
    sundays = [datetime(2021, 1, 3, tzinfo=UTC) + timedelta(weeks=n) for n in range(60)]
    heard = [listen(f"{sunday.date()}T22:{n:02}:00", 1, 60_000) for sunday in sundays for n in range(30)]
    view = select(library(heard), Lens("Europe/Berlin", rule="start"))
    # 22:00 UTC is 23:00 in winter and 00:00 on Monday in summer: both changes leave or fill one week twice.
    assert weekly(view).roots.shape[0] == len(
        {(s + timedelta(hours=23 + _summer(s))).isocalendar()[:2] for s in sundays}
    )
    assert eras(view).height == 1


def _summer(day: datetime) -> int:
    return int(datetime(2021, 3, 28, tzinfo=UTC) <= day < datetime(2021, 10, 31, tzinfo=UTC))


def test_defining_artists_have_twenty_plays_and_are_played_more_than_otherwise():
    plays = np.array([[0, 100, 19, 30, 60], [0, 100, 0, 2, 200]])
    codes, inside, outside = defining(plays, 0)
    assert codes.tolist() == [3, 1]
    assert inside == pytest.approx([30 / 209, 100 / 209])
    assert outside == pytest.approx([2 / 302, 100 / 302])
    few = defining(np.array([[0, 3, 2], [0, 0, 9]]), 0)
    assert few[0].tolist() == [1]


def test_words():
    assert spanned(date(2021, 5, 1), date(2021, 5, 30)) == "May 2021"
    assert spanned(date(2021, 5, 1), date(2021, 8, 30)) == "May – Aug 2021"
    assert spanned(date(2019, 11, 1), date(2020, 3, 1)) == "Nov 2019 – Mar 2020"
    assert (names_of([]), names_of(["a", "b"])) == ("Many artists", "a & b")
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
    assert (percent(0.004), percent(0.125)) == ("under 1\u202f%", "12\u202f%")
    assert [lasting(n) for n in (1, 59, 60, 729, 730)] == ["1 day", "59 days", "2 months", "24 months", "2 years"]
    assert prose_of(["a"], [0.5], [0.001]) == "a (50\u202f% of plays, under 1\u202f% otherwise)"
