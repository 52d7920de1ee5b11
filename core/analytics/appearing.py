"""Which listens a thing appears in: an artist also in those of tracks they are a guest on."""

import numpy as np

from core.analytics.arrays import Bools, Ints, table
from core.analytics.library import By
from core.analytics.view import View


def appearances(view: View, by: By, codes: Ints | None = None) -> tuple[Ints, Ints]:
    """Return (place among the visible listens, code of ``by``), one for each thing a listen is of, in no order.

    ``codes``: of these alone; else of all, "none" included. A listen of a track with guests is there once for each of
    its artists, where the lens credits guests.
    """
    column = view.values(view.code_column(by))
    wanted = None if codes is None else table(len(view.items(by)), codes)
    rows = np.arange(len(view)) if wanted is None else np.flatnonzero(wanted.take(column))
    own = column if wanted is None else column.take(rows)
    if by != "artist" or not len(view.credits[0]):
        return rows, own
    more, guests = _as_guests(view, wanted)
    return np.concatenate([rows, more]), np.concatenate([own, guests])


def _as_guests(view: View, wanted: Bools | None) -> tuple[Ints, Ints]:
    """Return (place among the visible listens, artist code) of listens of tracks with guests."""
    track, artist = view.credits  # by track
    if wanted is not None:
        track, artist = track[wanted.take(artist)], artist[wanted.take(artist)]
    many = np.bincount(track, minlength=len(view.library.tracks))
    heard = view.values("track")
    rows = np.flatnonzero(many.take(heard))
    times = many.take(heard.take(rows))
    first = (np.cumsum(many) - many).take(heard.take(rows))
    within = np.arange(int(times.sum())) - np.repeat(np.cumsum(times) - times, times)
    return np.repeat(rows, times), artist[np.repeat(first, times) + within]
