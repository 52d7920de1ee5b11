"""What the invented world says beside its charts: plays by day, eras, artists' countries, leaders, releases."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.demo.catalogue import Catalogue
from core.demo.chart_songs import CYCLE, monday
from core.demo.chart_spans import WEEK, Span, months_and_years, week_of, weeks
from core.demo.charts import Charts
from core.domain.trends import DEMO, Extra, ExtraName, Row, Window

Integers = NDArray[np.int64]

_DAYS = np.array([0.132, 0.134, 0.137, 0.141, 0.158, 0.157, 0.141])  # of a week's plays, from Monday
_SEED = 7
_LEADERS = 20
_EVERY = 4  # weeks
_NEAR = timedelta(weeks=4)  # before and after the running week, in which albums are new
_NEW_SINCE = 1990  # the year from which an album may pass for new
_MOST_FRESH = 30
_SINGLE = 2  # songs at most
_FRIDAY = 4  # days after Monday
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def chart_extras(charts: Charts, catalogue: Catalogue, begin: date, since: date, now: datetime) -> Iterator[Extra]:
    """Yield what there is to say at a moment, with what there was to say since a day, for whoever travels back.

    Weeks are told of every fourth and of the last whole one, months and years of all that were over since then.
    """
    today = now.astimezone(UTC).date()
    monday = week_of(today)
    for week in weeks(since - WEEK, monday - WEEK):
        if week.first == monday - WEEK or (week.first >= begin and week.first.toordinal() // 7 % _EVERY == 0):
            yield from _of_span(charts, catalogue, week, today, now)
            yield _extra("activity", "week", week.first - WEEK, week.until, now, _activity(charts, week.until))
    for span in (span for span in months_and_years(begin, since - WEEK, today) if span.until <= today):
        yield from _of_span(charts, catalogue, span, today, now)
        if span.window == "year":
            yield _extra("evolution", "year", span.first, span.until, now, _by_month(charts, span, today))
    yield _extra("evolution", "all", begin, today, now, _by_year(charts, begin, today))
    near = Span("week", monday - _NEAR, monday + WEEK + _NEAR)
    yield _extra("fresh", "week", near.first, near.until, now, _fresh(charts, catalogue, near))


def _of_span(charts: Charts, catalogue: Catalogue, span: Span, today: date, now: datetime) -> Iterator[Extra]:
    """Yield release years and countries of what was played in a span that is over."""
    plays = charts.plays(span, today)
    yield _extra("eras", span.window, span.first, span.until, now, _eras(charts, catalogue, plays))
    yield _extra("map", span.window, span.first, span.until, now, _map(charts, catalogue, plays))


def _extra(name: ExtraName, window: Window, first: date, until: date, now: datetime, rows: Sequence[Row]) -> Extra:
    return Extra(DEMO, name, window, first, until, now, tuple(rows))


def _activity(charts: Charts, monday: date) -> list[Row]:
    """Return the plays of each day of the two weeks before a Monday."""
    rows = []
    for start in (monday - 2 * WEEK, monday - WEEK):
        rng = np.random.default_rng([_SEED, start.toordinal()])
        shares = _DAYS * np.exp(rng.normal(0, 0.015, 7))
        counts = np.rint(charts.week(start).sum() * shares / shares.sum()).astype(int).tolist()
        midnight = datetime(start.year, start.month, start.day, tzinfo=UTC)
        for n, count in enumerate(counts):
            at = midnight + timedelta(days=n)
            rows.append({"at": at.isoformat(), "until": (at + timedelta(days=1)).isoformat(), "count": count})
    return rows


def _eras(charts: Charts, catalogue: Catalogue, plays: Integers) -> list[Row]:
    """Return the plays of songs by the year of their album."""
    years = catalogue.album_year[charts.world.songs.album]
    counted = np.bincount(years, weights=plays)
    return [{"year": year, "count": int(counted[year])} for year in np.flatnonzero(counted).tolist()]


def _map(charts: Charts, catalogue: Catalogue, plays: Integers) -> list[Row]:
    """Return the plays of artists by their country, with how many were played."""
    names, country = np.unique(np.array(catalogue.countries), return_inverse=True)
    counted = np.bincount(country[charts.world.songs.artist], weights=plays, minlength=len(names))
    played = np.unique(charts.world.songs.artist[plays > 0])
    artists = np.bincount(country[played], minlength=len(names))
    return [
        {"country": str(names[n]), "artists": int(artists[n]), "count": int(counted[n])}
        for n in np.argsort(-counted, kind="stable").tolist()
        if counted[n] > 0
    ]


def _by_month(charts: Charts, year: Span, today: date) -> list[Row]:
    """Return the leading artists of each month of a year."""
    edges = [date(year.first.year, month, 1) for month in range(1, 13)] + [year.until]
    spans = [Span("month", *each) for each in pairwise(edges)]
    return _leaders(charts, list(zip(_MONTHS, spans, strict=True)), today)


def _by_year(charts: Charts, begin: date, today: date) -> list[Row]:
    """Return the leading artists of each year since the charts begin, the running one too."""
    first = begin.year if (begin.month, begin.day) == (1, 1) else begin.year + 1
    spans = [Span("year", date(year, 1, 1), date(year + 1, 1, 1)) for year in range(first, today.year + 1)]
    return _leaders(charts, [(str(span.first.year), span) for span in spans], today)


def _leaders(charts: Charts, spans: list[tuple[str, Span]], today: date) -> list[Row]:
    rows = []
    for at, span in spans:
        plays = charts.by_artist(charts.plays(span, today))
        for place, artist in enumerate(np.argsort(-plays, kind="stable")[:_LEADERS].tolist()):
            name, count = charts.artist_names[artist], int(plays[artist])
            rows.append({"at": at, "place": place, "artist": name, "mbid": "", "count": count})
    return rows


def _fresh(charts: Charts, catalogue: Catalogue, near: Span) -> list[Row]:
    """Return the albums that come out in a span of the invented world: of those, the newest of the catalogue."""
    songs = charts.world.songs
    albums, first, sizes = np.unique(songs.album, return_index=True, return_counts=True)
    out = songs.out[first]
    day = monday(out + np.maximum((near.until.toordinal() - 1 - out) // CYCLE, 0) * CYCLE) + _FRIDAY
    fit = ~songs.festive[first] & (catalogue.album_year[albums] >= _NEW_SINCE)
    there = np.flatnonzero(fit & (day >= near.first.toordinal()) & (day < near.until.toordinal()))
    newest = there[np.argsort(-catalogue.album_year[albums[there]], kind="stable")][:_MOST_FRESH]
    return [
        {
            "day": date.fromordinal(int(day[n])).isoformat(),
            "artist": catalogue.artists[catalogue.album_artist[albums[n]]],
            "title": catalogue.albums[albums[n]],
            "type": "Single" if sizes[n] <= _SINGLE else "Album",
            "mbid": "",
        }
        for n in newest[np.argsort(-day[newest], kind="stable")].tolist()
    ]
