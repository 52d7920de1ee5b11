"""Eras: stretches of months in which somebody listened to much the same music, and what each was about."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from core.analytics.arrays import Ints
from core.analytics.changes import SHORTEST_SHOWN, Weekly, change_points, merged, weekly
from core.analytics.localtime import day_number, day_of
from core.analytics.naming import names_of, prose_of, spanned
from core.analytics.view import View

MINIMUM_PLAYS, DEFINING = 20, 3
MINIMUM_SHARE = 0.01
EMPTY: dict[str, Any] = {
    "era": pl.UInt32, "name": pl.String, "start": pl.Date, "end": pl.Date, "weeks": pl.Int64, "plays": pl.Int64,
    "ms_played": pl.Int64, "artist_ids": pl.List(pl.Int64), "artists": pl.List(pl.String),
    "shares": pl.List(pl.Float64), "outside": pl.List(pl.Float64), "genres": pl.List(pl.String), "about": pl.String,
}  # fmt: skip


def eras(view: View) -> pl.DataFrame:
    """Return the eras of a view's period, oldest first; none where the period has under 8 weeks with plays.

    Columns: era (u32, from 1), name (str: its artists and months, never the same twice), start (date), end (date,
    first day after), weeks (i64, weeks with plays), plays, ms_played (i64), artist_ids (list of i64) and artists (list
    of str): up to three that set it apart most, of those with 20 plays and 1 % of its plays or more, with their shares
    inside it and outside (lists of f64, 0..1; no outside where all is one era), genres (list of str, up to two main
    families; empty where nothing is known), about (str, the artists in words). Weeks without plays do not count and
    belong to the era before them. Eras reach from the first to the last play without a hole; one under 8 weeks is
    joined to the neighbour whose music is more alike.
    Source: change points by PELT (Killick et al. 2012, least squares) of the square roots of weekly artist shares (top
    50 and the rest), at least 3 weeks apart, penalty 0.75 s^2 ln T with s^2 = sum |dZ|^2 / (2 (T - 1)), more where
    weeks differ in few artists only (``penalty``). Artists by share ln(share inside / share outside), the terms of the
    Kullback-Leibler divergence.
    """
    weeks = weekly(view)
    borders = merged(weeks.roots, change_points(weeks.roots)) if len(weeks.roots) >= SHORTEST_SHOWN else []
    if not borders:
        return pl.DataFrame(schema=EMPTY)
    return _described(view, weeks, [0, *borders])


def _described(view: View, weeks: Weekly, borders: list[int]) -> pl.DataFrame:
    """Return the eras between borders (places among the weeks with plays) with what they were about."""
    starts = [int(weeks.place[border]) for border in borders[1:-1]]
    edges = [0, *starts, len(weeks.buckets)]  # places among all weeks
    of_week = np.repeat(np.arange(len(borders) - 1), np.diff(edges))
    of_day = of_week[weeks.buckets.of_day]
    shift = weeks.buckets.first_day
    played, heard = of_day[view.played("day") - shift], of_day[view.values("day") - shift]
    size, count = len(view.items("artist")), len(borders) - 1
    plays = np.bincount(played * size + view.played("artist"), minlength=count * size).reshape(count, size)
    days = _days(view, weeks, starts)
    spans = [spanned(day_of(a), day_of(b - 1)) for a, b in pairwise(days)]
    about = [_about(view, plays, era) for era in range(count)]
    ms = np.bincount(heard, weights=view.ms, minlength=count).astype(np.int64)
    return pl.DataFrame(
        {
            "era": np.arange(1, count + 1, dtype=np.uint32),
            "name": [f"{names_of(each.artists[:2])}, {span}" for each, span in zip(about, spans, strict=True)],
            "start": [day_of(day) for day in days[:-1]],
            "end": [day_of(day) for day in days[1:]],
            "weeks": np.diff(borders),
            "plays": np.bincount(played, minlength=count),
            "ms_played": ms,
            "artist_ids": [each.ids for each in about],
            "artists": [each.artists for each in about],
            "shares": [each.shares for each in about],
            "outside": [each.outside for each in about],
            "genres": [each.genres for each in about],
            "about": [prose_of(each.artists, each.shares, each.outside) for each in about],
        },
        schema=EMPTY,
    )


def _days(view: View, weeks: Weekly, starts: list[int]) -> list[int]:
    """Return the first day of each era and the day after the last; music begins the first and ends the last."""
    played = view.played("day")
    firsts = [day_number(weeks.buckets.starts[start]) for start in starts]
    return [int(played.min()), *firsts, int(played.max()) + 1]


@dataclass(frozen=True, slots=True)
class _About:
    ids: list[int]
    artists: list[str]
    shares: list[float]
    outside: list[float]
    genres: list[str]


def _about(view: View, plays: Ints, era: int) -> _About:
    """Return the artists that set an era apart, and its main genres; ``plays``: a row an era, a column an artist."""
    codes, shares, outside = defining(plays, era)
    items = view.items("artist")
    ids, names = [int(id) for id in items.ids[codes]], items.names.gather(codes).to_list()
    return _About(ids, names, shares, outside, _genres(view, plays[era]))


def defining(plays: Ints, era: int) -> tuple[Ints, list[float], list[float]]:
    """Return the codes of up to three artists that set a row of plays apart from the others, and both their shares.

    Source: share ln(share inside / share outside), with half a play added outside; see ``eras``.
    """
    inside, rest = plays[era].astype(np.float64), (plays.sum(axis=0) - plays[era]).astype(np.float64)
    inside[0] = 0  # nobody
    share, other = inside / max(1, plays[era].sum()), rest / max(1, rest.sum())
    base = (rest + 0.5) / (rest.sum() + 0.5 * max(1, int(np.count_nonzero(inside + rest))))
    enough = np.flatnonzero((inside >= MINIMUM_PLAYS) & (share >= MINIMUM_SHARE))
    if not len(enough):
        enough = np.flatnonzero(inside)
    weight = share[enough] * np.log(share[enough] / base[enough]) if rest.sum() else share[enough]
    codes = enough[np.lexsort((enough, -inside[enough], -weight))][:DEFINING]
    codes = codes[(share > other)[codes]] if np.any((share > other)[codes]) else codes
    return codes, share[codes].tolist(), other[codes].tolist() if rest.sum() else []


def _genres(view: View, plays: Ints) -> list[str]:
    """Return up to two families of genres with the most plays; none where nothing is known of them."""
    genres = view.library.knowledge.genres
    if not len(genres.families):
        return []
    amount = np.bincount(
        genres.family[genres.genre], weights=plays[genres.artist] * genres.weight, minlength=len(genres.families)
    )
    order = np.argsort(-amount, kind="stable")[:2]
    return [genres.families[place] for place in order if amount[place] > 0]
