"""Instances with odd sets of charts: nothing at all, one chart, places without counts, names nobody expects."""

from collections.abc import Callable
from datetime import timedelta

from charted_house import MONDAY, NOON, WEEK, entry, fill, listens, snapshot, streams

from core.domain.trends import WORLD, ChartKey, Extra, ExtraName, Row, Snapshot, Window
from core.repositories.chart_rows import ChartRows

ODD = (
    "A" * 200,
    "The Extraordinarily Long-Winded Orchestra of the Northern Provinces and Friends, featuring Everybody",
    "星野源と世界でいちばん長い名前のバンド、そしてその仲間たち",
    "عمرو دياب",
    "<b>Bold</b> & “Quoted”",
    "None",
    "line\nbreak\tand\u202eturn",
    "genre",
)


def _extra(name: ExtraName, window: Window, *rows: Row) -> Extra:
    return Extra("listenbrainz", name, window, MONDAY, MONDAY + WEEK, NOON, rows)


def extras() -> list[Extra]:
    """Return all that a source says beside its charts."""
    days = [MONDAY - WEEK + timedelta(day) for day in range(14)]
    activity = [
        {"at": f"{day}T00:00:00+00:00", "until": f"{day}T23:59:59+00:00", "count": 900 + n}
        for n, day in enumerate(days)
    ]
    evolution = [
        {"at": f"{day:%A}", "place": n, "artist": f"{other} {ODD[other % 8]}", "mbid": None, "count": 100 + n * other}
        for n, day in enumerate(days[:7])
        for other in range(9)
    ]
    fresh = [
        {"day": f"{day}", "artist": ODD[n % 8], "title": ODD[-n % 8], "type": None, "mbid": None}
        for n, day in enumerate(days)
    ]
    return [
        _extra("activity", "week", *activity),
        _extra("evolution", "week", *evolution),
        _extra("fresh", "week", *fresh),
        _extra("map", "week", {"country": "GB", "artists": 3, "count": 10}),
    ]


def ordinary(rows: ChartRows) -> None:
    """Store two sources, three regions, eight weeks, and what is said beside them."""
    fill(rows)
    for each in extras():
        rows.store_extra(each)


def nothing(rows: ChartRows) -> None:
    """Store nothing."""


def one_chart(rows: ChartRows) -> None:
    """Store one chart, still running."""
    rows.store([snapshot(listens(), 0, entry(1, "Daft Punk", 10), entry(2, "Björk", 9), complete=False)])


def one_place(rows: ChartRows) -> None:
    """Store one chart of one song in one country."""
    rows.store([snapshot(streams("DE"), 0, entry(1, "One More Time", 1, "Daft Punk"))])


def ranks_alone(rows: ChartRows) -> None:
    """Store places of countries without counts, and no chart of the world."""
    made = []
    for n, region in enumerate(("DE", "US", "XQ")):
        for week in range(4):
            names = [f"Artist {(week + n + place) % 9}" for place in range(8)]
            key = ChartKey("lastfm", "artist", "week", region)
            made.append(snapshot(key, week, *(entry(place + 1, name) for place, name in enumerate(names))))
    rows.store(made)


def odd_names(rows: ChartRows) -> None:
    """Store charts of 200 places with holes in time, names of every sort and counts that jump."""
    made: list[Snapshot] = []
    for week in (0, 1, 2, 3, 4, 5, 9, 10):
        names = [*ODD, *(f"Number {n}" for n in range(192))]
        turned = names[week * 3 :] + names[: week * 3] if week % 2 else names
        counts = [5_000_000 if week == 10 and n == 2 else 3_000 - n for n in range(200)]
        songs = (entry(n + 1, name, counts[n], names[-n % 8]) for n, name in enumerate(turned))
        artists = (entry(n + 1, name, counts[n]) for n, name in enumerate(turned))
        made += [snapshot(streams(WORLD), week, *songs), snapshot(listens(), week, *artists)]
    rows.store(made)


WORLDS: dict[str, Callable[[ChartRows], None]] = {
    "ordinary": ordinary,
    "nothing": nothing,
    "one-chart": one_chart,
    "one-place": one_place,
    "ranks-alone": ranks_alone,
    "odd-names": odd_names,
}
