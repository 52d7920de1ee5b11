"""Who else is on a track, and on which tracks of others an artist is."""

import numpy as np
import polars as pl

from core.analytics.arrays import array, table
from core.analytics.counting import Metric, top
from core.analytics.library import By
from core.analytics.view import View


def guests(view: View, *, id: int) -> pl.DataFrame:
    """Return who else is on a track or an edition of its recording: id (i64), name (str), in the order of titles.

    Source: titles ("feat. …") and the artists Spotify's metadata names besides the album's.
    """
    tracks, column, code = view.library.tracks, view.code_column("track"), view.code("track", id)
    track, artist = view.credits
    own = track == code if column == "track" else array(tracks[column])[track] == code
    codes = np.array(list(dict.fromkeys(artist[own].tolist())), dtype=np.int64)
    items = view.items("artist")
    return pl.DataFrame({"id": items.ids[codes], "name": items.names.gather(codes)})


def featured_on(view: View, *, id: int, metric: Metric = "plays", limit: int = 10) -> pl.DataFrame:
    """Return the tracks of others an artist is on, as ``counting.top`` does; places and shares are among these.

    Source: plain counts of plays of the tracks on which the artist is credited as a guest.
    """
    track, artist = view.credits
    wanted = table(len(view.library.tracks), track[artist == view.code("artist", id)])
    return top(view.where(wanted.take(view.values("track"))), "track", metric, limit=limit)


def own(view: View, *, id: int, by: By, limit: int) -> pl.DataFrame:
    """Return the albums or tracks of an artist alone, not those they are a guest on (see ``counting.top``)."""
    return top(view.where(view.values("artist") == view.code("artist", id)), by, limit=limit)
