"""What a library is built from: the rows as they are stored, keyed by database ids."""

from dataclasses import dataclass, field

import polars as pl

RULES = pl.Schema({"kind": pl.String, "from_id": pl.Int64, "to_id": pl.Int64})
CREDITS = pl.Schema({"track_id": pl.Int64, "artist_id": pl.Int64, "place": pl.Int64})
MOVED = RULES


@dataclass(frozen=True)
class Rows:
    """What a library is built from, keyed by database ids.

    ``listens``: track_id and the columns of ``ROWS`` but ``track``; ``tracks``: id, name, uri, artist_id, album_id,
    recording_id, kind; ``albums``: id, name, artist_id; ``artists``: id, name; ``reasons``: id, name. ``credits``:
    track_id, artist_id, place (0: the metadata names them first); ``rules``: kind, from_id, to_id, where the kind
    "recording" is about recordings; ``moved``: kind, from_id, to_id of artists and albums merged away.
    """

    listens: pl.DataFrame
    tracks: pl.DataFrame
    albums: pl.DataFrame
    artists: pl.DataFrame
    reasons: pl.DataFrame
    credits: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CREDITS))
    rules: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=RULES))
    moved: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=MOVED))
