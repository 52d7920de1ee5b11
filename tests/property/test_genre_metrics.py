"""Genres, decades and places against a few lines of plain Python, on made-up listens and made-up knowledge."""

from collections import Counter, defaultdict
from dataclasses import replace
from math import exp, log
from statistics import median

import numpy as np
import polars as pl
import pytest
from heard import ALBUMS, ARTISTS, TRACKS, Heard, chosen, filters, histories, lenses, library, listen, periods
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.analytics import genres
from core.analytics.knowledge import OWN, Genres, Knowledge
from core.analytics.library import Library
from core.analytics.selecting import select
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.listen import country_code
from core.domain.period import Period

relaxed = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=60)
FAMILY = {"bebop": "Jazz", "house": "Electronic", "jazz": "Jazz", "polka": "World & regional", "techno": "Electronic"}
NAMES, FAMILIES = tuple(FAMILY), ("Electronic", "Jazz", "World & regional")
Truth = dict[int, dict[str, float]]  # artist id → genre → weight
shares = st.dictionaries(st.sampled_from(NAMES), st.integers(1, 9), max_size=5).map(
    lambda votes: {name: count / sum(votes.values()) for name, count in votes.items()}
)
truths = st.fixed_dictionaries(dict.fromkeys(ARTISTS, shares))
years = st.fixed_dictionaries({id: st.sampled_from([0, 1899, 1970, 1979, 1985, 2021, 2030]) for id in ALBUMS})
countries = st.fixed_dictionaries({id: st.sampled_from(["", "DE", "IS", "SE"]) for id in ARTISTS})
levels = st.sampled_from(["genre", "family"])
metrics = st.sampled_from(["plays", "time"])
chosen_genres = st.lists(st.sampled_from([*NAMES, *FAMILIES, "Unknown", "no such genre"]), max_size=3).map(tuple)


def known(
    heard: list[Heard], truth: Truth, years: dict[int, int] | None = None, lands: dict[int, str] | None = None
) -> Library:
    """Return the library of these listens with this knowledge."""
    made = library(heard)
    entries = [
        (code, NAMES.index(name), weight)
        for code, id in enumerate(made.artists["id"].to_list())
        for name, weight in sorted(truth.get(id, {}).items())
    ]
    columns = [np.array(column) for column in zip(*entries, strict=True)] or [np.empty(0, np.int64)] * 2 + [np.empty(0)]
    family = np.array([FAMILIES.index(FAMILY[name]) for name in NAMES])
    source = np.full(len(made.artists), OWN)
    tree = Genres(NAMES, FAMILIES, family, columns[0], columns[1], columns[2], source)
    year = np.array([(years or {}).get(id, 0) for id in made.albums["id"].to_list()], dtype=np.int16)
    land = np.array([country_code((lands or {}).get(id, "")) for id in made.artists["id"].to_list()], dtype=np.int16)
    return made.knowing(Knowledge("made up", tree, year, land))


def of(truth: Truth, artist: int, level: str) -> dict[str, float]:
    """Return the genres or families of an artist with their weights."""
    found: dict[str, float] = defaultdict(float)
    for name, weight in truth.get(artist, {}).items():
        found[name if level == "genre" else FAMILY[name]] += weight
    return dict(found)


def counts_to(truth: Truth, artist: int, names: tuple[str, ...]) -> bool:
    """Return whether an artist counts to one of some genres."""
    mine = of(truth, artist, "genre") | of(truth, artist, "family")
    return any(mine.get(name, 0) >= 0.25 - 1e-9 for name in names) or ("Unknown" in names and not mine)


@relaxed
@given(histories, lenses, periods, filters, truths, chosen_genres)
def test_selecting_by_genre(heard, lens, period, f, truth, names):
    view = select(known(heard, truth), lens, period=period, filters=replace(f, genres=names))
    expected = [h for h, _ in chosen(heard, lens, period, f) if not names or counts_to(truth, h.artist, names)]
    assert view.frame["ended"].to_list() == [h.ended for h in expected]
    assert view.frame["ms_played"].to_list() == [h.ms for h in expected]


def amounts(rows, truth, level):
    """Return {name: [plays, ms, artists]}; ``None`` names what is unknown."""
    found: dict[str | None, list] = defaultdict(lambda: [0.0, 0.0, set()])
    for h, play in rows:
        mine = of(truth, h.artist, level)
        for name, weight in mine.items() or [(None, 1.0)]:
            found[name][0] += weight * play
            found[name][1] += weight * h.ms
            if play and h.artist and (weight >= 0.25 - 1e-9):
                found[name][2].add(h.artist)
    return found


def ranked(found, metric):
    """Return the names with a part in the plays, in their order."""
    first, second = (0, 1) if metric == "plays" else (1, 0)
    names = [name for name in found if name is not None and found[name][0] > 1e-9]
    return sorted(names, key=lambda n: (-round(found[n][first], 6), -round(found[n][second], 6), n))


@relaxed
@given(histories, lenses, periods, filters, truths, levels, metrics)
def test_genre_top(heard, lens, period, f, truth, level, metric):
    kept, rows = known(heard, truth), chosen(heard, lens, period, f)
    past = period.before()
    before = select(kept, lens, period=past, filters=f) if past else None
    found = genres.genre_top(select(kept, lens, period=period, filters=f), level=level, metric=metric, before=before)
    here = amounts(rows, truth, level)
    names = ranked(here, metric)
    unknown = [None] if here[None][0] or here[None][1] else []
    assert found["name"].to_list() == [*names, *("Unknown" for _ in unknown)]
    assert found["rank"].to_list() == [*range(1, len(names) + 1), *unknown]
    for column, place in (("plays", 0), ("ms_played", 1)):
        assert found[column].to_list() == pytest.approx([here[n][place] for n in [*names, *unknown]])
    assert found["artists"].to_list() == [len(here[n][2]) for n in [*names, *unknown]]
    whole = sum(p for _, p in rows) if metric == "plays" else sum(h.ms for h, _ in rows)
    if sum(p for _, p in rows) and metric == "plays":
        assert found["share"].sum() == pytest.approx(1.0)
    assert found["share"].to_list() == pytest.approx(
        [here[n][0 if metric == "plays" else 1] / (whole or 1) for n in [*names, *unknown]]
    )
    earlier = ranked(amounts(chosen(heard, lens, past, f), truth, level), metric) if past else []
    was = [earlier.index(n) + 1 if n in earlier else None for n in names]
    assert found["rank_before"].to_list() == [*was, *unknown]
    assert found["change"].to_list() == [*(w - i if w else None for i, w in enumerate(was, 1)), *unknown]


@relaxed
@given(histories, lenses, periods, filters, truths, levels, metrics, st.sampled_from([1, 2, 9]))
def test_genre_stream(heard, lens, period, f, truth, level, metric, n):
    rows = chosen(heard, lens, period, f)
    view = select(known(heard, truth), lens, period=period, filters=f)
    found = genres.genre_stream(view, unit="month", level=level, n=n, metric=metric)
    here = amounts(rows, truth, level)
    order = ranked(here, metric)
    top = order[:n]
    assert [name for name in found["name"].unique(maintain_order=True) if name in top] == (top if rows else [])
    expected: dict[tuple, float] = defaultdict(float)
    for h, play in rows:
        for name, weight in of(truth, h.artist, level).items() or [(None, 1.0)]:
            line = "Unknown" if name is None else name if name in top else "The rest"
            expected[(h.day(lens).replace(day=1), line)] += weight * (play if metric == "plays" else h.ms)
    amount = "plays" if metric == "plays" else "ms_played"
    cells = {(row["start"], row["name"]): row for row in found.iter_rows(named=True)}
    for key, value in expected.items():
        if value > 1e-9 and (key[1] != "The rest" or len(order) > n):
            assert cells[key][amount] == pytest.approx(value)
    for start in {row["start"] for row in cells.values()}:
        parts = [row["share"] for row in cells.values() if row["start"] == start]
        assert all(part is None for part in parts) or sum(parts) == pytest.approx(1.0)


@relaxed
@given(histories, lenses, periods, filters, truths)
def test_breadth(heard, lens, period, f, truth):
    rows = chosen(heard, lens, period, f)
    found = genres.breadth(select(known(heard, truth), lens, period=period, filters=f))
    plays = sum(play for _, play in rows)
    fine = {n: a[0] for n, a in amounts(rows, truth, "genre").items() if a[0] > 1e-9}
    unknown = fine.pop(None, 0.0)
    assert (found.genres, found.plays) == (len(fine), plays)
    assert found.unknown == pytest.approx(unknown / plays if plays else 0.0)
    if plays - unknown < 20:
        assert found.effective is None
    else:
        whole = sum(fine.values())
        assert found.effective == pytest.approx(exp(-sum(v / whole * log(v / whole) for v in fine.values())))


def test_as_many_genres_as_are_played_alike() -> None:
    heard = [listen(f"2024-05-01T{hour:02}:00", track) for hour in range(20) for track in (1, 3)]
    found = genres.breadth(select(known(heard, {11: {"house": 0.5, "techno": 0.5}, 12: {"jazz": 1.0}}), Lens()))
    assert found.effective == pytest.approx(2 * 2**0.5)  # shares 1/4, 1/4, 1/2
    assert found.families == pytest.approx(2.0)
    only = genres.breadth(select(known(heard, {11: {"jazz": 1.0}, 12: {"jazz": 1.0}}), Lens()))
    assert (only.genres, only.effective, only.unknown) == (1, 1.0, 0.0)


@relaxed
@given(histories, lenses, periods, filters, years)
def test_decades(heard, lens, period, f, years):
    rows = chosen(heard, lens, period, f)
    found = genres.decades(select(known(heard, {}, years), lens, period=period, filters=f))
    plays, ms, ages = Counter(), Counter(), []
    for h, play in rows:
        year = years.get(h.album, 0)
        decade = year // 10 * 10 if year else None
        plays[decade] += play
        ms[decade] += h.ms
        if play and year:
            ages.append(max(0, h.day(lens).year - year))
    whole = sum(plays.values())
    dated = [d for d in set(plays) | set(ms) if d is not None and (plays[d] or ms[d])]
    span = list(range(min(dated), max(dated) + 1, 10)) if dated else []
    span += [None] if plays[None] or ms[None] else []
    assert found.frame["decade"].to_list() == span
    assert found.frame["plays"].to_list() == [plays[d] for d in span]
    assert found.frame["ms_played"].to_list() == [ms[d] for d in span]
    assert found.unknown == pytest.approx(plays[None] / whole if whole else 0.0)
    assert found.age == (median(ages) if len(ages) >= 20 else None)


def test_the_age_between_two_is_their_mean() -> None:
    heard = [listen(f"20{year}-05-01T10:00", 1, ms=200_000 + n) for n in range(10) for year in (20, 23)]
    assert genres.decades(select(known(heard, {}, {21: 2000}), Lens())).age == 21.5
    assert genres.decades(select(known(heard[1:], {}, {21: 2000}), Lens())).age is None
    heard.append(listen("2023-05-01T11:00", 1))
    assert genres.decades(select(known(heard, {}, {21: 2000}), Lens())).age == 23


def test_what_has_no_artist_counts_as_unknown_but_as_no_artist() -> None:
    heard = [listen("2024-05-01T10:00", 6), listen("2024-05-01T11:00", 3)]
    view = select(known(heard, {}), Lens())
    assert genres.genre_top(view).select("name", "plays", "artists").rows() == [("Unknown", 2.0, 1)]
    assert genres.artist_places(view).select("plays", "artists").rows() == [(2, 1)]


def test_the_age_of_music_is_counted_in_local_years() -> None:
    heard = [listen("2024-12-31T23:30", 1, ms=200_000 + n) for n in range(20)]
    released = known(heard, {}, {21: 2000})
    assert genres.decades(select(released, Lens(timezone="UTC"))).age == 24
    assert genres.decades(select(released, Lens(timezone="Europe/Berlin"))).age == 25


@relaxed
@given(histories, lenses, periods, filters, countries, metrics)
def test_artist_places(heard, lens, period, f, lands, metric):
    rows = chosen(heard, lens, period, f)
    view = select(known(heard, {}, None, lands), lens, period=period, filters=f)
    found = genres.artist_places(view, metric=metric)
    plays, ms, artists = Counter(), Counter(), defaultdict(set)
    for h, play in rows:
        land = lands.get(h.artist, "") or None
        plays[land] += play
        ms[land] += h.ms
        if play and h.artist:
            artists[land].add(h.artist)
    order = sorted(
        [land for land in plays if plays[land]],
        key=lambda c: (c is None, *((-plays[c], -ms[c]) if metric == "plays" else (-ms[c], -plays[c])), c or ""),
    )
    whole = sum(plays.values()) if metric == "plays" else sum(ms.values())
    assert found["country"].to_list() == order
    assert found["plays"].to_list() == [plays[c] for c in order]
    assert found["ms_played"].to_list() == [ms[c] for c in order]
    assert found["artists"].to_list() == [len(artists[c]) for c in order]
    assert found["share"].to_list() == pytest.approx(
        [(plays if metric == "plays" else ms)[c] / (whole or 1) for c in order]
    )


@pytest.mark.parametrize("heard", [[], [listen("2024-02-29T10:00")]])
def test_nothing_and_one_listen(heard: list[Heard]) -> None:
    view = select(known(heard, {11: {"jazz": 1.0}}, {21: 1993}, {11: "IS"}), Lens())
    top = genres.genre_top(view, level="family")
    assert top["name"].to_list() == (["Jazz"] if heard else [])
    assert genres.genre_stream(view).height == len(heard)
    assert genres.decades(view).frame.rows() == ([(1990, 1, 200_000, 1.0)] if heard else [])
    assert genres.artist_places(view)["country"].to_list() == (["IS"] if heard else [])
    assert genres.breadth(view).effective is None


def test_without_any_knowledge_everything_is_unknown() -> None:
    heard = [listen("2024-03-31T01:30"), listen("2024-10-27T00:30", 3)]
    view = select(library(heard), Lens(timezone="Europe/Berlin"), period=Period())
    assert genres.genre_top(view).select("rank", "name", "share").rows() == [(None, "Unknown", 1.0)]
    assert genres.genre_stream(view, unit="day")["share"].drop_nulls().to_list() == [1.0, 1.0]
    assert genres.decades(view).unknown == 1.0
    assert genres.artist_places(view)["country"].to_list() == [None]
    unknown = select(library(heard), Lens(), filters=Filters(genres=("Unknown",)))
    assert len(unknown) == 2
    assert len(select(library(heard), Lens(), filters=Filters(genres=("jazz",)))) == 0


def test_all_listens_at_one_moment() -> None:
    heard = [listen("2024-05-01T10:00", 1, ms=30_000 + n) for n in range(500)]
    view = select(known(heard, {11: {"jazz": 1.0}}, {21: 2024}), Lens())
    assert genres.genre_top(view)["plays"].to_list() == [500.0]
    assert genres.decades(view).age == 0.0
    assert isinstance(genres.genre_stream(view), pl.DataFrame)
    assert TRACKS[1][1] == 11
