"""What names of chart files say, and whom joined names of artists name."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import InvalidInput
from core.domain.names import name_key
from core.domain.trends import ChartKey, Entry, Snapshot, Window
from core.trends.chart_credits import artist_chart, split_artists
from core.trends.chart_csv import read_chart
from core.trends.chart_names import COUNTRIES, Named, read_name, read_region, stretch

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
PLAIN = b"rank,title,artist\n1,One,Anna\n"
DAY = date(2026, 8, 20)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("regional-global-weekly-2023-01-05.csv", Named("ZZ", "week", date(2023, 1, 5))),
        ("regional-de-daily-2026-08-20.csv", Named("DE", "day", DAY)),
        ("regional-de-daily-2026-08-20 (1).CSV", Named("DE", "day", DAY)),
        ("my charts-de-2026-08-20.csv", Named("DE", None, DAY)),
        ("top_global_2026-08-20_final.csv", Named("ZZ", None, DAY)),
        ("top 2026-08-20 hk.csv", Named("HK", None, DAY)),
        ("uk-weekly-2026-08-20.csv", Named("GB", "week", DAY)),
        ("what-is-in-it-2026-08-20.csv", Named("IT", None, DAY)),
        ("what-is-in-this-chart-2026-08-20.csv", Named("", None, DAY)),
        ("monthly-se-2026-08.csv", Named("SE", "month", date(2026, 8, 31))),
        ("monthly-se-2024-02.csv", Named("SE", "month", date(2024, 2, 29))),
        ("monthly-se-2025-12.csv", Named("SE", "month", date(2025, 12, 31))),
        ("yearly_fr_2025.csv", Named("FR", "year", date(2025, 12, 31))),
        ("charts.csv", Named()),
        ("global.csv", Named("ZZ")),
        ("", Named()),
    ],
)
def test_names(name: str, said: Named) -> None:
    assert read_name(name) == said


@pytest.mark.parametrize(
    "name",
    ["de-2026-02-30.csv", "de-2026-13-01.csv", "de-0000-01-01.csv", "monthly-de-2026-13.csv", "de-9999-12-31.csv"],
)
def test_impossible_dates(name: str) -> None:
    with pytest.raises(InvalidInput, match=r"which is no date; name the file after the last day"):
        read_name(name)


def test_countries_are_those_of_the_map() -> None:
    lines = Path("data/world/countries.txt").read_text(encoding="utf-8").splitlines()
    assert {line.split("\t")[0] for line in lines if not line.startswith("#")} == COUNTRIES


@pytest.mark.parametrize(
    ("typed", "region"), [("de", "DE"), (" Se ", "SE"), ("global", "ZZ"), ("zz", "ZZ"), ("uk", "GB")]
)
def test_typed_regions(typed: str, region: str) -> None:
    assert read_region(typed) == region


@pytest.mark.parametrize("typed", ["", "QQ", "Germany", "D", "ＤＥ", "x" * 1000])
def test_no_regions(typed: str) -> None:
    with pytest.raises(InvalidInput, match="is no country") as refused:
        read_region(typed)
    assert len(refused.value.message) < 100


@pytest.mark.parametrize(
    ("window", "first", "until"),
    [
        ("day", DAY, date(2026, 8, 21)),
        ("week", date(2026, 8, 14), date(2026, 8, 21)),
        ("month", date(2026, 8, 1), date(2026, 9, 1)),
        ("year", date(2026, 1, 1), date(2027, 1, 1)),
        ("all", DAY, date(2026, 8, 21)),
    ],
)
def test_stretches_end_with_their_last_day(window: Window, first: date, until: date) -> None:
    assert stretch(window, DAY) == (first, until)


def test_a_file_without_place_or_time_says_what_to_do() -> None:
    for name, words in (("chart-2026-08-20.csv", "which country"), ("chart-global.csv", "the last day")):
        with pytest.raises(InvalidInput, match=words) as refused:
            read_chart(PLAIN, name, now=NOW)
        assert "chart-de-weekly-2026-08-20.csv" in refused.value.message


def test_the_future_is_refused_and_a_running_time_is_not_complete() -> None:
    with pytest.raises(InvalidInput, match="2026-09-02 is in the future"):
        read_chart(PLAIN, "de-2026-09-02.csv", now=NOW)
    for name, complete in (
        ("de-2026-08-31.csv", True),
        ("de-2026-09-01.csv", False),
        ("monthly-de-2026-08.csv", True),
        ("monthly-de-2026-09.csv", False),
        ("yearly-de-2026.csv", False),
    ):
        assert [chart.complete for chart in read_chart(PLAIN, name, now=NOW)] == [complete, complete], name
    with pytest.raises(InvalidInput, match="in the future"):
        read_chart(PLAIN, "monthly-de-2026-10.csv", now=NOW)


def test_what_is_said_by_hand_counts_before_the_name() -> None:
    songs, _ = read_chart(PLAIN, "de-2026-02-30.csv", now=NOW, region="us", day=DAY, window="day")
    assert (songs.key, songs.first) == (ChartKey("files", "track", "day", "US"), DAY)


@pytest.mark.parametrize(
    ("joined", "artists"),
    [
        ("SZA", ["SZA"]),
        ("Sam Smith, Kim Petras", ["Sam Smith", "Kim Petras"]),
        ("Tyler, The Creator", ["Tyler, The Creator"]),
        ("A$AP Rocky, Tyler, The Creator, Frank Ocean", ["A$AP Rocky", "Tyler, The Creator", "Frank Ocean"]),
        ("Earth, Wind & Fire, The Emotions", ["Earth, Wind & Fire", "The Emotions"]),
        ("Crosby, Stills, Nash & Young", ["Crosby, Stills, Nash & Young"]),
        ("Crosby, Stills & Nash, Neil Young", ["Crosby, Stills & Nash", "Neil Young"]),
        ("Emerson, Lake & Palmer", ["Emerson, Lake & Palmer"]),
        ("Blood, Sweat & Tears", ["Blood, Sweat & Tears"]),
        ("earth, wind & fire", ["earth, wind & fire"]),
        ("Drake, DRAKE, 21 Savage", ["Drake", "21 Savage"]),
        ("10,000 Maniacs", ["10,000 Maniacs"]),
        (", ,", [","]),
        (", ", [", "]),
    ],
)
def test_joined_names(joined: str, artists: list[str]) -> None:
    assert list(split_artists(joined)) == artists


def test_names_known_elsewhere_stay_whole() -> None:
    known = frozenset({name_key("Car, the Garden")})
    assert split_artists("IU, Car, the garden", known) == ("IU", "Car, the garden")
    assert split_artists("IU, Car, the garden") == ("IU", "Car", "the garden")
    both = frozenset({"a, b", "a, b, c"})
    assert split_artists("A, B, C, A, B", both) == ("A, B, C", "A, B")  # the longest wins


@given(
    st.lists(
        st.text("abcdefgh &.-", min_size=1).map(str.strip).filter(bool), min_size=1, max_size=6, unique_by=name_key
    )
)
def test_what_is_joined_comes_apart_again(artists: list[str]) -> None:
    assert split_artists(", ".join(artists)) == tuple(artists)


def chart(*songs: tuple[int, str, int | None]) -> Snapshot:
    entries = tuple(Entry(rank, f"Song {rank}", artist, value) for rank, artist, value in songs)
    return Snapshot(ChartKey("files", "track", "week"), DAY, DAY, True, NOW, entries, total=1000)


def test_artists_get_all_of_every_song_that_names_them() -> None:
    made = artist_chart(chart((1, "Anna, Ben", 100), (2, "Ben", 60), (3, "Cleo", 160), (5, "", 50), (9, "anna", 1)))
    assert made is not None
    assert made.key.kind == "artist"
    assert made.total is None
    assert [(e.rank, e.name, e.artist, e.value) for e in made.entries] == [
        (1, "Ben", "", 160),
        (2, "Cleo", "", 160),
        (3, "Anna", "", 101),
    ]


def test_without_values_ranks_decide() -> None:
    made = artist_chart(chart((1, "Anna", None), (2, "Ben", 60), (3, "Ben", 60), (4, "Ben", 60), (50, "Cleo", 1)))
    assert made is not None
    assert [(e.name, e.value) for e in made.entries] == [
        ("Ben", None),
        ("Anna", None),
        ("Cleo", None),
    ]  # 1/2 + 1/3 + 1/4 > 1
    assert artist_chart(chart((1, "", 5))) is None


@given(
    st.lists(
        st.tuples(st.sampled_from(["A", "B", "A, B", "C, A", "D"]), st.integers(0, 10**9)), min_size=1, max_size=30
    )
)
def test_sums_agree_with_a_plain_count(songs: list[tuple[str, int]]) -> None:
    made = artist_chart(chart(*((rank, artist, value) for rank, (artist, value) in enumerate(songs, start=1))))
    assert made is not None
    for entry in made.entries:
        assert entry.value == sum(value for artist, value in songs if entry.name in artist.split(", "))
    values = [entry.value for entry in made.entries]
    assert values == sorted(values, reverse=True)  # type: ignore[type-var]
    assert [entry.rank for entry in made.entries] == list(range(1, len(values) + 1))
