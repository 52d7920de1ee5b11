"""What panels of public charts say, against small charts worked out by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import polars as pl

from core.domain.trends import SOURCES, WORLD, ChartKey, Extra, Series, TrendAsk, Window
from core.services.trend_answers import Chart, Settled
from ui.figures.panel import Picture
from ui.figures.trend_chart import bump, chart_list
from ui.figures.trend_genres import genre_list, stream
from ui.figures.trend_listening import activity
from ui.figures.trend_places import countries, country_list
from ui.figures.trend_shares import shares
from ui.figures.trend_telling import about, sparks, weight
from ui.figures.trend_thing import compared, place_map

WEDNESDAY = datetime(2026, 9, 9, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def settled(window: Window = "week", source: str = "listenbrainz") -> Settled:
    key = ChartKey(source, "artist", window, WORLD)
    first = date(2026, 9, 7)
    series = Series(1, key, first, first, 1, WEDNESDAY)
    ask = TrendAsk(source, "artist", window, WORLD, first)
    regions = (WORLD,)
    return Settled(
        SOURCES[source], key, series, first, first + 7 * DAY, True, WEDNESDAY, ask, ("artist",), (window,), regions
    )


def trends(**answers: Any) -> Any:
    """Return trends that know these answers alone."""
    made = {"settle": lambda ask: settled()} | {name: lambda *_, it=it: it for name, it in answers.items()}
    return SimpleNamespace(**made)


def told(window: Window, first: date, until: date, counts: list[tuple[date, date, int]]) -> Extra:
    rows = tuple({"at": f"{at}T00:00:00+00:00", "until": f"{to}T23:59:59+00:00", "count": n} for at, to, n in counts)
    return Extra("listenbrainz", "activity", window, first, until, WEDNESDAY, rows)


def of_days(first: date, counts: list[int]) -> list[tuple[date, date, int]]:
    return [(first + n * DAY, first + n * DAY, count) for n, count in enumerate(counts)]


def drawn(extra: Extra) -> tuple[Picture, list[dict[str, Any]]]:
    made = activity(trends(extra=extra), TrendAsk())
    assert isinstance(made, Picture)
    return made, pl.DataFrame(pl.from_arrow(made.rows)).to_dicts()


def test_a_week_that_runs_is_compared_with_the_same_days_of_the_week_before() -> None:
    monday = date(2026, 8, 31)
    days = of_days(monday, [100, 100, 500, 500, 500, 500, 500, 150, 130, 3])
    made, rows = drawn(told("week", monday, date(2026, 9, 14), days))
    assert made.title == "280 listens, +40\u202f% against the same time before"
    assert made.about == "Listens, 7 Sep 2026 – 8 Sep 2026; dashed: the week before"
    assert [(row["label"], row["count"]) for row in rows if row["now"]] == [("Mon", 150), ("Tue", 130)]
    assert [row["count"] for row in rows if not row["now"]] == [100, 100, 500, 500, 500, 500, 500]


def test_months_of_different_length_begin_at_the_same_place() -> None:
    days = of_days(date(2026, 8, 1), [10] * 31 + [20] * 8)
    made, rows = drawn(told("month", date(2026, 8, 1), date(2026, 10, 1), days))
    assert made.title.startswith("160 listens, +100")
    assert [row["place"] for row in rows if row["now"]] == list(range(8))
    assert sum(not row["now"] for row in rows) == 31


def test_all_of_time_has_no_time_before_it() -> None:
    years = [(date(year, 1, 1), date(year, 12, 31), 10) for year in range(2002, 2026)]
    made, rows = drawn(told("all", date(2002, 1, 1), date(2026, 9, 10), years))
    assert made.title == "240 listens"
    assert made.about == "Listens, 1 Jan 2002 – 31 Dec 2025"
    assert all(row["now"] for row in rows)


def test_where_the_week_has_just_begun_the_one_before_is_told() -> None:
    monday = date(2026, 8, 31)
    made, rows = drawn(told("week", monday, date(2026, 9, 14), of_days(monday, [1, 2, 3, 4, 5, 6, 7])))
    assert made.title == "28 listens"
    assert all(row["now"] for row in rows)


def test_a_genre_that_was_not_there_at_first_grew_from_nothing() -> None:
    weeks = [date(2026, 8, 31), date(2026, 9, 7), date(2026, 9, 14)]
    shares = [(weeks[0], "Pop", 1.0), (weeks[1], "Pop", 0.7), (weeks[1], "Folk", 0.3)]
    shares += [(weeks[2], "Pop", 0.6), (weeks[2], "Folk", 0.4)]
    frame = pl.DataFrame(shares, schema={"first": pl.Date, "name": pl.String, "share": pl.Float64}, orient="row")
    made = stream(trends(genres=frame), TrendAsk())
    assert made.title == "Pop shrank from 100\u202f% to 60\u202f% since 31 Aug 2026"
    gone = frame.filter(~((pl.col("first") == weeks[2]) & (pl.col("name") == "Pop")))
    assert stream(trends(genres=gone), TrendAsk()).title == "Pop shrank from 100\u202f% to 0\u202f% since 31 Aug 2026"


def _countries(**likeness: float | None) -> pl.DataFrame:
    rows = [(region, 1, "Somebody", "", like, 50, date(2026, 9, 7)) for region, like in likeness.items()]
    schema = {"region": pl.String, "id": pl.Int64, "name": pl.String, "artist": pl.String, "likeness": pl.Float64}
    return pl.DataFrame(rows, schema=schema | {"size": pl.Int64, "first": pl.Date}, orient="row")


def test_countries_that_are_equally_close_are_all_named() -> None:
    found = countries(trends(countries=_countries(BR=0.8, DE=0.5, US=0.8)), TrendAsk())
    assert found.title == "Brazil and the United States are closest to the world, Germany the most its own"
    found = countries(trends(countries=_countries(BR=0.8, DE=0.5, US=0.8, IN=0.8, FR=0.8, JP=0.5)), TrendAsk())
    assert found.title == "4 countries are closest to the world, Germany and Japan the most their own"
    found = countries(trends(countries=_countries(BR=0.8, DE=0.8)), TrendAsk())
    assert found.title == "Charts of 2 countries"


def test_without_a_chart_of_the_world_no_country_is_said_to_be_unlike_it() -> None:
    found = countries(trends(countries=_countries(BR=None, DE=None)), TrendAsk())
    assert found.title == "Charts of 2 countries"
    assert found.rows.num_rows == 0
    assert "no chart of the world" in found.empty


def test_charts_of_all_of_time_are_counted_in_times() -> None:
    schema = {"rank": pl.Int64, "id": pl.Int64, "name": pl.String, "artist": pl.String, "value": pl.Int64}
    schema |= {"change": pl.Int64, "entry": pl.String, "ranks": pl.List(pl.Int64)}  # type: ignore[dict-item]
    frame = pl.DataFrame([(1, 1, "Somebody", "", 5, None, "", [1])], schema=schema, orient="row")
    for window, label in {"all": "Times", "day": "Days"}.items():
        chart = Chart(settled(window), None, 1, None, frame)  # type: ignore[arg-type]
        made = chart_list(trends(chart=chart), TrendAsk())
        assert label in [column.label for column in made.columns]


def test_what_is_behind_genres_and_countries_is_called_what_it_is() -> None:
    artists = settled()
    genres = replace(artists, key=replace(artists.key, kind="genre"), kinds=("artist", "track", "genre"))
    songs = replace(artists, key=replace(artists.key, kind="track"), kinds=("artist", "track", "genre"))
    of_places = _countries(BR=0.8, DE=0.5)
    for looked_at in (genres, songs):
        here = {"countries": lambda ask: of_places, "settle": lambda ask, it=looked_at: it}
        shares = pl.DataFrame({"name": ["r&b", ""], "share": [0.6, 0.4], "change": [None, None], "artists": [3, 9]})
        made = genre_list(SimpleNamespace(**here, genre_list=lambda ask, it=shares: it), TrendAsk())
        assert (
            made.about == "Share of listens by genre, 40\u202f% unknown, artists worldwide, week of 7–13 September 2026"
        )
        assert made.title == "R&B leads"
    listed = country_list(SimpleNamespace(**here | {"settle": lambda ask: genres}), TrendAsk())
    assert listed.about == "Artists by listens, week of 7–13 September 2026"
    assert [column.of for column in listed.columns if column.label == "On top"] == ["trend"]


def test_a_single_place_is_drawn_level() -> None:
    ranks = pl.DataFrame({"ranks": [[7], [7, 3], [None, 5]]}, schema={"ranks": pl.List(pl.Int64)})
    assert sparks(ranks).to_list() == [[0.6, 0.6], [0.15, 1.0], [0.0, 0.6]]


def test_all_that_came_as_high_are_named() -> None:
    weeks = [date(2026, 9, 7), date(2026, 9, 14)]
    rows = [(weeks[0], 1, "A", 1), (weeks[1], 1, "A", 2), (weeks[0], 2, "B", 3), (weeks[1], 2, "B", 1)]
    names = {"first": pl.Date, "id": pl.Int64, "name": pl.String, "rank": pl.Int64}
    frame = pl.DataFrame(rows, schema=names, orient="row").with_columns(artist=pl.lit(""), value=pl.lit(5))
    made = compared(SimpleNamespace(settle=lambda ask: settled(), courses=lambda *_, **__: frame), TrendAsk(ids=(1, 2)))
    assert made.title == "A and B came highest, to place 1"


def test_a_place_reached_in_many_countries_names_no_single_one() -> None:
    charts = pl.DataFrame({"region": ["DE"], "source": ["listenbrainz"]})
    thing = SimpleNamespace(id=1, kind="artist", charts=charts)
    for regions, words in ((["FR", "DE"], "Germany and France"), (["FR", "DE", "US", "BR"], "4 countries")):
        place = pl.DataFrame({"region": [*regions, "JP"], "rank": [1] * len(regions) + [9]})
        made = place_map(trends(thing=thing, place=place), TrendAsk(thing=1))
        assert made.title == f"1. in {words}"
        assert "worldwide" not in made.about


def test_one_line_of_shares_needs_no_name() -> None:
    weeks = [date(2026, 9, 7), date(2026, 9, 14)]
    one = pl.DataFrame(
        {"source": "listenbrainz", "window": "week", "region": WORLD, "first": weeks, "share": [0.1, 0.2]}
    )
    two = pl.concat([one, one.with_columns(source=pl.lit("spotify"))])
    for frame, ends in ((one, set()), (two, {"ListenBrainz", "Spotify Charts"})):
        made = shares(frame, title="", credit="", definition="", explained="")
        assert set(pl.DataFrame(pl.from_arrow(made.rows))["end"].to_list()) - {""} == ends


def test_the_country_least_like_the_world_is_not_drawn_like_one_without_a_chart() -> None:
    made = countries(trends(countries=_countries(BR=0.8, GB=0.66)), TrendAsk())
    said = str(made.spec)
    assert "'domainMin': 0.5" in said
    assert "On top" in said
    assert "Most played" not in said


def test_own_files_say_no_unit_nobody_told() -> None:
    assert about(settled(source="files")) == "Artists worldwide, week of 7–13 September 2026"
    assert about(settled(source="lastfm")) == "Artists worldwide, week of 7–13 September 2026"
    assert about(settled(source="spotify")) == "Artists by streams worldwide, week of 7–13 September 2026"
    assert [weight(settled(source=each)) for each in ("files", "lastfm", "spotify")] == ["counts", "places", "streams"]


def test_a_chart_of_two_has_no_first_ten() -> None:
    days = [date(2026, 9, 7), date(2026, 9, 7), date(2026, 9, 8), date(2026, 9, 8)]
    frame = pl.DataFrame({"first": days, "id": [1, 2, 1, 2], "name": list("ABAB"), "rank": [1, 2, 1, 2]})
    frame = frame.with_columns(artist=pl.lit(""), value=pl.lit(None, pl.Int64))
    made = bump(SimpleNamespace(settle=lambda ask: settled("day"), courses=lambda *_, **__: frame), TrendAsk())
    assert made.title == "All of them stood there on 7 Sep 2026"
    assert "utchours(datum.value) === 0" in str(made.spec)
