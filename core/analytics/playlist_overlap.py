"""Playlists beside each other: how much of each is played, what they share, what is in none."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import combinations

import numpy as np
import polars as pl

from core.analytics.arrays import Ints, array, table
from core.analytics.counting import top
from core.analytics.listed import Listed
from core.analytics.playlist_songs import inside
from core.analytics.view import View

PART = 0.9  # a list with nine tenths of its songs on another one lies inside it
LEAST = 3  # songs a list must have to lie inside another

PAIRS = {"key": pl.String, "name": pl.String, "other": pl.String, "other_name": pl.String,
         "shared": pl.Int64, "likeness": pl.Float64}  # fmt: skip
INSIDE = {"key": pl.String, "name": pl.String, "songs": pl.Int64, "other": pl.String, "other_name": pl.String,
          "other_songs": pl.Int64, "shared": pl.Int64, "share": pl.Float64}  # fmt: skip


def compared(view: View, lists: Sequence[Listed]) -> pl.DataFrame:
    """Return every playlist in figures, the most played first.

    Columns: key, name (str), songs (i64, different ones), heard (f64, share of them ever started, null without songs),
    plays (i64, of its songs in the view), each (f64, plays a song), last (date, of the last play, null), newest (date,
    when the last song was added, null unknown).
    Source: counts.
    """
    rows = []
    for listed in lists:
        music = _music(listed)
        mine = inside(view, listed)[view.play]
        plays = int(np.count_nonzero(mine))
        last = view.played("day")[mine].max() if plays else None
        rows.append(
            (
                listed.key,
                listed.name,
                music.height,
                float((music["track"] >= 0).mean() or 0) if music.height else None,  # type: ignore[arg-type]  # a number
                plays,
                plays / music.height if music.height else 0.0,
                None if last is None else date(1970, 1, 1) + timedelta(days=int(last)),
                listed.frame["added"].max(),
            )
        )
    schema = {"key": pl.String, "name": pl.String, "songs": pl.Int64, "heard": pl.Float64, "plays": pl.Int64,
              "each": pl.Float64, "last": pl.Date, "newest": pl.Date}  # fmt: skip
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.sort(["plays", "songs", "name"], descending=[True, True, False])


def _music(listed: Listed) -> pl.DataFrame:
    """Return the different songs of a playlist."""
    return listed.frame.filter(pl.col("kind").is_in(["track", "local"])).unique("same", maintain_order=True)


def overlap(view: View, lists: Sequence[Listed]) -> pl.DataFrame:
    """Return the pairs of playlists that share songs: key, name, other, other_name (str), shared (i64), likeness (f64).

    Most alike first. Source: likeness is Jaccard's, songs of both / songs of either.
    """
    sets = [(listed, set(_music(listed)["same"].to_list())) for listed in lists]
    rows = []
    for (one, here), (other, there) in combinations(sets, 2):
        shared = len(here & there)
        if shared:
            rows.append((one.key, one.name, other.key, other.name, shared, shared / len(here | there)))
    frame = pl.DataFrame(rows, schema=PAIRS, orient="row")
    return frame.sort(["likeness", "shared", "name", "other_name"], descending=[True, True, False, False])


def subsets(view: View, lists: Sequence[Listed]) -> pl.DataFrame:
    """Return playlists of three songs and more that lie inside another: nine tenths of their songs are on it.

    Columns: key, name, songs, other, other_name, other_songs, shared, share (f64 of the first one's songs). Of two
    equal lists each lies inside the other. The fullest first.
    Source: songs on both / songs of the smaller one, at least .9.
    """
    sets = [(listed, set(_music(listed)["same"].to_list())) for listed in lists]
    rows = []
    for one, here in sets:
        for other, there in sets:
            shared = len(here & there)
            if one is not other and len(here) >= LEAST and len(here) <= len(there) and shared >= PART * len(here):
                share = shared / len(here)
                rows.append((one.key, one.name, len(here), other.key, other.name, len(there), shared, share))
    frame = pl.DataFrame(rows, schema=INSIDE, orient="row")
    return frame.sort(["share", "shared", "name", "other_name"], descending=[True, True, False, False])


def in_none(view: View, lists: Sequence[Listed]) -> pl.DataFrame:
    """Return the songs of the view that are on no playlist, the most played first; columns as ``counting.top``.

    Source: counts.
    """
    frame = top(view, "track", "plays")
    column = view.code_column("track")
    which = "recording" if column == "recording" else "track"
    codes = [array(listed.frame[which]) for listed in lists]
    every = np.concatenate([np.empty(0, dtype=np.int64), *codes])
    listed_codes = table(len(view.items("track")), every[every >= 0].tolist())
    return frame.filter(~pl.Series(listed_codes[_places(view, array(frame["id"]))]))


def _places(view: View, ids: Ints) -> Ints:
    """Return the code of each track (or recording) by its database id."""
    items = view.items("track")
    order = np.argsort(items.ids, kind="stable")
    found: Ints = order[np.searchsorted(items.ids, ids, sorter=order)]
    return found
