"""A playlist over time: what came and what went from version to version."""

from collections.abc import Sequence

import polars as pl

from core.analytics.listed import Listed

SCHEMA = {"entries": pl.Int64, "came": pl.Int64, "went": pl.Int64}


def changes(versions: Sequence[Listed]) -> pl.DataFrame:
    """Return what changed in each version of a playlist, in the order of ``versions``, the newest first.

    Columns: entries (i64), came and went (i64, different songs beside the version before; null for the oldest).
    Source: counts; a song stays the same on another release of its recording.
    """
    songs = [set(listed.frame["same"].to_list()) for listed in versions]
    older = [*songs[1:], None]
    rows = [
        (len(listed), *((None, None) if before is None else (len(here - before), len(before - here))))
        for listed, here, before in zip(versions, songs, older, strict=False)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")
