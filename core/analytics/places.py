"""Where somebody listens, and where their artists come from, by country."""

import numpy as np
import polars as pl

from core.analytics.arrays import Ints, counts, sums
from core.analytics.view import View
from core.domain.listen import country_letters


def countries(view: View) -> pl.DataFrame:
    """Return listening by the country it took place in; listens of an unknown country are left out.

    Columns: country (str, two letters of ISO 3166), plays, ms_played (i64), share (f64 of the plays whose country is
    known), artists (i64, different ones played), artist_id (i64), artist (str: the one most played there, 0 and "" for
    nobody), artist_plays (i64), first, last (date of the first and last listen there). Most plays first, then time,
    then the letters.
    Source: ``conn_country`` of Spotify's extended history: where the device was connected.
    """
    listened, played = view.values("country"), view.played("country")
    frame = _by_country(view, listened, played)
    present = np.flatnonzero(counts(listened, 1))
    present = present[present > 0]
    first, last = _edges(view, listened, int(listened.max(initial=0)) + 1)
    days = {"first": first[present], "last": last[present]}
    return frame.with_columns(pl.Series(name, value).cast(pl.Int32).cast(pl.Date) for name, value in days.items()).sort(
        "plays", "ms_played", "country", descending=[True, True, False]
    )


def _edges(view: View, countries: Ints, size: int) -> tuple[Ints, Ints]:
    """Return the first and the last day of a listen per country."""
    days = view.values("day")
    first, last = np.full(size, np.iinfo(np.int32).max, np.int32), np.full(size, np.iinfo(np.int32).min, np.int32)
    np.minimum.at(first, countries, days)
    np.maximum.at(last, countries, days)
    return first, last


def origins(view: View) -> pl.DataFrame:
    """Return plays by the country their artist comes from; artists of an unknown country are left out.

    Columns: country (str, two letters of ISO 3166), plays, ms_played (i64), share (f64 of the plays whose artist's
    country is known), artists (i64, different ones played), artist_id (i64), artist (str: the most played),
    artist_plays (i64). Most plays first, then time, then the letters.
    Source: country of the artist in MusicBrainz, else in Playprint's own map.
    """
    known = view.library.knowledge.countries
    size = len(view.items("artist"))
    country = np.zeros(size, dtype=np.int64)
    country[: len(known)] = known[:size]
    frame = _by_country(view, country[view.values("artist")], country[view.played("artist")])
    return frame.sort("plays", "ms_played", "country", descending=[True, True, False])


def _by_country(view: View, listened: Ints, played: Ints) -> pl.DataFrame:
    """Return the columns both tables share, by rising code of the country; 0 is left out."""
    items, artists = view.items("artist"), view.played("artist")
    present = np.flatnonzero(counts(listened, 1))
    present = present[present > 0]
    place = np.zeros(int(present.max(initial=0)) + 1, dtype=np.int64)
    place[present] = np.arange(1, len(present) + 1)
    lines = len(present) + 1
    ms = sums(place[listened], view.ms, lines)[1:]
    plays = counts(place[played], lines)[1:]
    heard = counts(place[played] * len(items) + artists, lines * len(items)).reshape(lines, len(items))[1:]
    heard[:, 0] = 0
    by_name = np.argsort(items.order)
    best = by_name[heard[:, by_name].argmax(axis=1)] if len(present) else np.empty(0, np.int64)
    most = heard[np.arange(len(present)), best]
    best[most == 0] = 0
    return pl.DataFrame(
        {
            "country": [country_letters(int(code)) for code in present],
            "plays": plays,
            "ms_played": ms,
            "share": plays / max(1, int(plays.sum())),
            "artists": np.count_nonzero(heard, axis=1),
            "artist_id": items.ids[best],
            "artist": items.names.gather(best),
            "artist_plays": most,
        },
        schema_overrides={"country": pl.String},
    )
