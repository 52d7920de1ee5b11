"""Genres, decades and places of the music: what the artists, albums and countries heard amount to."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.analytics.arrays import Bools, Floats, Ints, counts, sums
from core.analytics.buckets import Buckets, Step, closed, cut
from core.analytics.counting import Metric
from core.analytics.knowledge import Genres
from core.analytics.view import View
from core.domain.listen import country_letters

Level = Literal["family", "genre"]
UNKNOWN = "Unknown"
REST = "The rest"
COUNTS_FROM = 0.25  # an artist counts to a genre or family with a quarter of their genres or more
FEWEST_PLAYS = 20
MOST_CELLS = 4_000_000  # buckets times artists that are counted in a table
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Groups:
    """Genres or families by artist: ``artist``, ``group``, ``weight`` as in ``Genres``; ``names`` of the groups."""

    names: tuple[str, ...]
    artist: Ints
    group: Ints
    weight: Floats


def groups(genres: Genres, level: Level) -> Groups:
    """Return which artist belongs to which genre or family by how much; the weights of a known artist sum to 1."""
    if level == "genre":
        return Groups(genres.names, genres.artist, genres.genre, genres.weight)
    size = len(genres.families)
    cell, place = np.unique(genres.artist * size + genres.family.take(genres.genre), return_inverse=True)
    weight: Floats = np.bincount(place, weights=genres.weight, minlength=len(cell)).astype(np.float64)
    return Groups(genres.families, cell // max(size, 1), cell % max(size, 1), weight)


def artists_of(genres: Genres, names: tuple[str, ...], size: int) -> Bools:
    """Return which of ``size`` artist codes count to one of some genres or families; ``Unknown``: those without any."""
    found = np.zeros(size, dtype=np.bool_)
    levels: tuple[Level, ...] = ("genre", "family")
    for level in levels:
        known = groups(genres, level)
        wanted = [place for place, name in enumerate(known.names) if name in names]
        inside = np.isin(known.group, wanted) & (known.weight >= COUNTS_FROM - _ROUNDING)
        found[known.artist[inside]] = True
    if UNKNOWN in names:
        found |= _unknown(genres, size)
    return found


def _unknown(genres: Genres, size: int) -> Bools:
    """Return which artist codes have no genre."""
    unknown = np.ones(size, dtype=np.bool_)
    unknown[genres.artist] = False
    return unknown


@dataclass(frozen=True, eq=False)
class _Amounts:
    """Plays and ms_played per group, and of what is unknown at the end; ``artists`` played, counted to each."""

    plays: Floats
    ms: Floats
    artists: Ints


def _amounts(view: View, level: Level) -> _Amounts:
    genres, size = view.library.knowledge.genres, len(view.library.artists)
    known, unknown = groups(genres, level), _unknown(genres, size)
    plays, ms = counts(view.played("artist"), size), sums(view.values("artist"), view.ms, size)

    def spread(amount: Ints) -> Floats:
        inside = np.bincount(known.group, weights=amount[known.artist] * known.weight, minlength=len(known.names))
        return np.append(inside, float(amount[unknown].sum()))

    heard = plays > 0
    heard[0] = False  # nobody is no artist
    counted = known.group[heard[known.artist] & (known.weight >= COUNTS_FROM - _ROUNDING)]
    artists = np.append(counts(counted, len(known.names)), np.count_nonzero(heard & unknown))
    return _Amounts(spread(plays), spread(ms), artists)


def _ranked(amounts: _Amounts, names: tuple[str, ...], metric: Metric) -> Ints:
    """Return the groups with a part of a play: by the metric, the other one, then name."""
    heard = np.flatnonzero(amounts.plays[:-1] > _ROUNDING)
    first, second = (amounts.plays, amounts.ms) if metric == "plays" else (amounts.ms, amounts.plays)
    keys = {int(at): (-round(float(first[at]), 6), -round(float(second[at]), 6), names[at]) for at in heard}
    return np.array(sorted(keys, key=keys.__getitem__), dtype=np.int64)


def genre_top(
    view: View, *, level: Level = "genre", metric: Metric = "plays", before: View | None = None
) -> pl.DataFrame:
    """Return the ranked list of genres or families with a part in the plays, and last what is unknown.

    Columns: rank (u32, from 1; null of the unknown), name (str), plays (f64: plays of each artist by the weight of
    the genre among theirs), ms_played (f64, the same of all visible listens), share (f64, 0..1 of plays or time by
    ``metric``), artists (i64, played ones who count to it with a quarter of their genres or more), rank_before (u32,
    null: not in ``before``), change (i32, places gained). Order: metric, the other one, name. The row ``Unknown`` of
    artists without genres has no rank and stands at the end whenever it has a part; the shares of all rows sum to 1.
    Source: share(g) = sum over artists of p_a * w(g|a), w from the person's corrections, else the votes of
    MusicBrainz tags, else Playprint's map.
    """
    names = (*groups(view.library.knowledge.genres, level).names, UNKNOWN)
    here = _amounts(view, level)
    ranked = _ranked(here, names, metric)
    unknown = [len(names) - 1] if here.plays[-1] > 0 or here.ms[-1] > 0 else []
    rows = np.concatenate([ranked, np.array(unknown, dtype=np.int64)])
    rank = np.append(np.arange(1, len(ranked) + 1), np.zeros(len(unknown), dtype=np.int64)).astype(np.int64)
    earlier = np.zeros(len(names), dtype=np.int64)
    if before is not None:
        past = _ranked(_amounts(before, level), names, metric)
        earlier[past] = np.arange(1, len(past) + 1)
    amount, whole = (here.plays, view.plays) if metric == "plays" else (here.ms, float(view.ms.sum()))
    was = earlier[rows]
    return pl.DataFrame(
        {
            "rank": pl.Series(rank.astype(np.uint32)).set(pl.Series(rank == 0), None),
            "name": pl.Series([names[at] for at in rows], dtype=pl.String),
            "plays": here.plays[rows],
            "ms_played": here.ms[rows],
            "share": amount[rows] / (whole or 1),
            "artists": here.artists[rows],
            "rank_before": pl.Series(was.astype(np.uint32)).set(pl.Series(was == 0), None),
            "change": pl.Series((was - rank).astype(np.int32)).set(pl.Series(was == 0), None),
        }
    )


def genre_stream(
    view: View, *, unit: Step = "month", level: Level = "family", n: int = 6, metric: Metric = "plays"
) -> pl.DataFrame:
    """Return what part of each month (or other unit) the top ``n`` genres or families had, the rest and the unknown.

    Columns: start (date), name (str: the top ``n`` of the whole view in their order, ``The rest``, ``Unknown``), plays
    (f64), ms_played (f64), share (f64, 0..1 of the bucket's plays or time by ``metric``; null without any). One row a
    bucket and name; rest and unknown only when they have a part in the view.
    Source: genre shares of each bucket.
    """
    genres, size = view.library.knowledge.genres, len(view.library.artists)
    known, whole = groups(genres, level), _amounts(view, level)
    top = _ranked(whole, known.names, metric)[:n]
    unknown: Floats = _unknown(genres, size).astype(np.float64)
    rest = 1.0 - unknown
    lines: list[tuple[str, Floats]] = []
    for at in top:
        mine: Floats = np.zeros(size, dtype=np.float64)
        mine[known.artist[known.group == at]] = known.weight[known.group == at]
        lines.append((known.names[at], mine))
        rest = np.maximum(rest - mine, 0.0)
    if len(_ranked(whole, known.names, metric)) > n:
        lines.append((REST, rest))
    if whole.plays[-1] > 0 or whole.ms[-1] > 0:
        lines.append((UNKNOWN, unknown))
    return _stream(view, unit, lines, metric)


def _stream(view: View, unit: Step, lines: list[tuple[str, Floats]], metric: Metric) -> pl.DataFrame:
    """Return the parts of some lines, each given by the weight of every artist, in each bucket."""
    buckets, size = cut(closed(view), unit), len(view.library.artists)
    weights = np.array([weight for _, weight in lines], dtype=np.float64).reshape(len(lines), size)
    plays = _parts(buckets, view.played("day"), view.played("artist"), None, weights)
    ms = _parts(buckets, view.values("day"), view.values("artist"), view.ms, weights)
    amount = plays if metric == "plays" else ms
    whole = amount.sum(axis=0)
    share = np.divide(amount, whole, out=np.full(amount.shape, np.nan), where=whole > 0)
    days = np.tile(buckets.starts.to_physical().to_numpy(), len(lines)).astype(np.int32)
    names = np.repeat(np.array([name for name, _ in lines], dtype=object), len(buckets)).tolist()
    return pl.DataFrame(
        {
            "start": pl.Series(days).cast(pl.Date),
            "name": pl.Series(names, dtype=pl.String),
            "plays": plays.ravel(),
            "ms_played": ms.ravel(),
            "share": pl.Series(share.ravel(), nan_to_null=True, dtype=pl.Float64),
        }
    )


def _parts(buckets: Buckets, days: Ints, artists: Ints, amount: Floats | None, weights: Floats) -> Floats:
    """Return the sum (or count) of each line, a row of ``weights``, in each bucket: one pass over the listens."""
    lines, size = weights.shape
    if not len(days):
        return np.zeros((lines, len(buckets)))
    cell = buckets.place(days).astype(np.int64) * size + artists
    if len(buckets) * size <= MOST_CELLS:
        heard = np.bincount(cell, weights=amount, minlength=len(buckets) * size).reshape(len(buckets), size)
        return np.asarray(weights @ heard.T, dtype=np.float64)
    cells, place = np.unique(cell, return_inverse=True)
    sums_ = np.bincount(place, weights=amount, minlength=len(cells))
    rows = [
        np.bincount(cells // size, weights=line.take(cells % size) * sums_, minlength=len(buckets)) for line in weights
    ]
    return np.array(rows, dtype=np.float64).reshape(lines, len(buckets))


@dataclass(frozen=True, slots=True)
class Breadth:
    """How many genres there are in the plays: ``effective`` as if all were played alike, ``genres`` with a part."""

    genres: int
    effective: float | None
    families: float | None
    unknown: float
    plays: int


def breadth(view: View) -> Breadth:
    """Return how many genres somebody listens to.

    ``genres`` counts those with a part in the plays; ``effective`` and ``families``: as many genres (families) played
    alike would be as varied, ``None`` under 20 plays of known artists; ``unknown`` is the share of plays without one.
    Source: Hill number of order 1, exp(-sum of s ln s), over the shares s of known genres.
    """
    fine, broad = _amounts(view, "genre"), _amounts(view, "family")
    enough = view.plays - fine.plays[-1] >= FEWEST_PLAYS - _ROUNDING
    return Breadth(
        genres=int(np.count_nonzero(fine.plays[:-1] > _ROUNDING)),
        effective=_alike(fine.plays[:-1]) if enough else None,
        families=_alike(broad.plays[:-1]) if enough else None,
        unknown=float(fine.plays[-1]) / (view.plays or 1),
        plays=view.plays,
    )


def _alike(amounts: Floats) -> float:
    shares = amounts[amounts > _ROUNDING] / amounts.sum()
    return float(np.exp(-(shares * np.log(shares)).sum()))


@dataclass(frozen=True, eq=False)
class Decades:
    """``frame``: plays by decade; ``unknown``: share without a year; ``age``: median age of the music when played."""

    frame: pl.DataFrame
    unknown: float
    age: float | None
    plays: int


def decades(view: View) -> Decades:
    """Return plays by the decade their album came out in, and how old the music was.

    ``frame``: decade (i32, its first year; null: unknown, last), plays (i64), ms_played (i64), share (f64, 0..1 of the
    plays); decades between the first and the last have a row also without plays. ``age``: median over the plays with
    a known year of local year heard less year released (0 where an album is newer), ``None`` under 20 of them.
    Source: year of the first release in MusicBrainz, else of the demo's catalogue.
    """
    size = len(view.library.albums)
    year = padded(view.library.knowledge.years, size)
    plays, ms = counts(view.played("album"), size), sums(view.values("album"), view.ms, size)
    heard = (plays > 0) | (ms > 0)
    decade = np.unique(year[heard & (year > 0)] // 10)
    span = np.arange(decade[0], decade[-1] + 1) if len(decade) else np.empty(0, dtype=np.int64)
    place = np.where(heard & (year > 0), year // 10 - (span[0] if len(span) else 0), len(span))
    played = np.bincount(place, weights=plays, minlength=len(span) + 1).astype(np.int64)
    frame = pl.DataFrame(
        {
            "decade": pl.Series([*(int(each) * 10 for each in span), None], dtype=pl.Int32),
            "plays": played,
            "ms_played": np.bincount(place, weights=ms, minlength=len(span) + 1).astype(np.int64),
            "share": played / (view.plays or 1),
        }
    ).filter(pl.col("decade").is_not_null() | (pl.col("plays") > 0) | (pl.col("ms_played") > 0))
    return Decades(frame, float(played[-1]) / (view.plays or 1), _age(view, year), view.plays)


def _age(view: View, year: Ints) -> float | None:
    """Return the median age in years of the plays with a year; ``None`` when there are too few.

    Plays are counted by album and local year first, which are few.
    """
    days, albums = view.played("day"), view.played("album")
    if not len(days):
        return None
    first = int(days.min())
    every = np.arange(first, int(days.max()) + 1).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    years = every[-1] - every[0] + 1
    cells = counts((every - every[0])[days - first] * len(year) + albums, int(years) * len(year))
    local, album = np.divmod(np.flatnonzero(cells), len(year))
    dated = year[album] > 0
    age = np.maximum(local + every[0] + 1970 - year[album], 0)[dated]
    many = np.bincount(age, weights=cells[cells > 0][dated]).cumsum() if len(age) else np.zeros(1)
    whole = int(many[-1])
    if whole < FEWEST_PLAYS:
        return None
    low, high = np.searchsorted(many, [(whole - 1) // 2 + 1, whole // 2 + 1])
    return float(low + high) / 2


def padded(values: NDArray[np.int16], size: int) -> Ints:
    """Return what is known by code for all codes: 0 where nothing is."""
    made = np.zeros(size, dtype=np.int64)
    made[: len(values)] = values[:size]
    return made


def artist_places(view: View, *, metric: Metric = "plays") -> pl.DataFrame:
    """Return the countries the artists come from, and last what is unknown.

    Columns: country (str, two letters; null: unknown), plays (i64), ms_played (i64), artists (i64, played ones), share
    (f64, 0..1 of plays or time by ``metric``). Order: metric, the other one, letters.
    Source: country of the artist in MusicBrainz, else in Playprint's own map.
    """
    size = len(view.library.artists)
    of_artist = padded(view.library.knowledge.countries, size)
    plays, ms = counts(view.played("artist"), size), sums(view.values("artist"), view.ms, size)
    heard = plays > 0
    heard[0] = False
    codes, place = np.unique(of_artist, return_inverse=True)
    frame = pl.DataFrame(
        {
            "country": pl.Series([country_letters(int(code)) for code in codes], dtype=pl.String),
            "plays": np.bincount(place, weights=plays, minlength=len(codes)).astype(np.int64),
            "ms_played": np.bincount(place, weights=ms, minlength=len(codes)).astype(np.int64),
            "artists": counts(place[heard], len(codes)),
        }
    ).filter(pl.col("plays") > 0)
    amount, other = ("plays", "ms_played") if metric == "plays" else ("ms_played", "plays")
    whole = view.plays if metric == "plays" else float(view.ms.sum())
    order = pl.col("country").is_null().cast(pl.Int8), -pl.col(amount), -pl.col(other), pl.col("country")
    return frame.with_columns(share=pl.col(amount) / (whole or 1)).sort(*order)
