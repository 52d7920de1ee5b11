"""The library: everything one person has heard, as columns small enough to compute on at once."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.analytics.arrays import Bools, Floats, Ints, array, counts
from core.analytics.knowledge import NOTHING, Knowledge
from core.analytics.localtime import LocalTime, local_time

By = Literal["artist", "album", "track"]
ZONES_KEPT = 4
VARIOUS = "Various Artists"  # said under an album's name; nobody is called so

ROWS: dict[str, pl.DataType | type[pl.DataType]] = {
    "ended": pl.Datetime("us", "UTC"),
    "began": pl.Datetime("us", "UTC"),
    "track": pl.UInt32,
    "ms_played": pl.Int32,
    "reason_start": pl.Int16,
    "reason_end": pl.Int16,
    "platform": pl.UInt8,
    "country": pl.Int16,
    "kind": pl.UInt8,
    "source": pl.UInt8,
    "flags": pl.Int16,
}


@dataclass(frozen=True, eq=False)
class Items:
    """What can be ranked: one entry a code. ``order`` is each code's place when sorted by name, then id.

    An artist's artist is itself; an id of 0 is nobody.
    """

    ids: NDArray[np.int64]
    names: pl.Series
    artists: pl.Series
    artist_ids: NDArray[np.int64]
    order: NDArray[np.int64]
    none: bool

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, eq=False)
class Library:
    """All listens of one person at one data version.

    ``listens``: sorted by ended, track id, ms_played, began; ``ended``, ``began`` datetime[us, UTC]; ``track``,
    ``artist``, ``album``, ``recording`` u32 codes: row numbers of the frames below; ``ms_played`` i32; ``platform``,
    ``kind``, ``source`` u8 and ``country``, ``flags``, ``reason_start``, ``reason_end`` i16 as stored.
    ``tracks``: id, name, uri, artist, album, recording (codes), kind, length_ms (usual length, null when unknown).
    ``recordings``: id, track (code of its most heard track), name, artist (code). ``artists``: id, name.
    ``albums``: id, name, artist (code), various (bool: of various artists). Code 0 of artists and albums is "none"
    (id 0). ``reasons``: id, name. ``credits``: track, artist (codes), place, by track: who else is on a track; artists
    who are only ever that have rows too. ``moved``: kind, from_id, to_id: where merged artists and albums went.
    ``knowledge``: what is known about the music itself; its arrays go by the same codes.
    """

    version: int
    listens: pl.DataFrame
    tracks: pl.DataFrame
    recordings: pl.DataFrame
    artists: pl.DataFrame
    albums: pl.DataFrame
    reasons: pl.DataFrame
    credits: pl.DataFrame
    moved: pl.DataFrame
    knowledge: Knowledge = NOTHING
    _zones: dict[str, LocalTime] = field(default_factory=dict, repr=False)
    _columns: dict[str, Any] = field(default_factory=dict, repr=False)

    def knowing(self, knowledge: Knowledge) -> "Library":
        """Return this library with what is known about its music; what was computed of its columns is shared."""
        return replace(self, knowledge=knowledge)

    def at_the_same_times(self, other: "Library") -> "Library":
        """Return this library with the local times of one that has the same listens; nothing is computed again."""
        return replace(self, _zones=dict(other._zones))

    @property
    def stamp(self) -> tuple[int, str]:
        """Return what changes whenever any figure of this library may: data version and what is known of music."""
        return self.version, self.knowledge.stamp

    def column(self, name: str) -> Ints:
        """Return a column of ``listens`` as an array; nothing is copied."""
        if name not in self._columns:
            self._columns[name] = array(self.listens[name])
        column: Ints = self._columns[name]
        return column

    @cached_property
    def ms(self) -> Floats:
        """Return ms_played as floats, the form sums per code are fastest in."""
        return self.column("ms_played").astype(np.float64)

    def local(self, timezone: str) -> LocalTime:
        """Return the local days, hours and weekdays of the listens; computed once per timezone, the last few kept."""
        known = self._zones.get(timezone)
        if known is None:
            known = local_time(self.listens["ended"], timezone)
            for oldest in list(self._zones)[: max(0, len(self._zones) - ZONES_KEPT + 1)]:
                self._zones.pop(oldest, None)
            self._zones[timezone] = known
        return known

    def reason(self, name: str) -> int:
        """Return the stored number of a reason; -1 when this person has no listen with it."""
        found = self.reasons.filter(pl.col("name") == name)["id"]
        return int(found[0]) if len(found) else -1

    def present(self, name: str) -> frozenset[int]:
        """Return the different values of a small column (kind, source, platform, country) of the listens."""
        key = f"present.{name}"
        if key not in self._columns:
            column = self.column(name)
            self._columns[key] = np.flatnonzero(counts(column, 1))
        return frozenset(int(value) for value in self._columns[key])

    @cached_property
    def any_incognito(self) -> bool:
        """Return whether a listen was played in a private session."""
        return bool(np.any(self.column("flags") & 128))

    def items(self, by: By, *, merged: bool) -> Items:
        """Return what ``by`` ranks: artists, albums, or tracks (recordings when ``merged``)."""
        return {"artist": lambda: self._artists, "album": lambda: self._albums}.get(
            by, lambda: self._recordings if merged else self._tracks
        )()

    @cached_property
    def _artists(self) -> Items:
        everyone = pl.Series(range(len(self.artists)), dtype=pl.UInt32)
        return self._items(self.artists["id"], self.artists["name"], everyone, none=True)

    @cached_property
    def _albums(self) -> Items:
        found = self._items(self.albums["id"], self.albums["name"], self.albums["artist"], none=True)
        return replace(found, artists=found.artists.set(self.albums["various"], VARIOUS))

    @cached_property
    def _tracks(self) -> Items:
        return self._items(self.tracks["id"], self.tracks["name"], self.tracks["artist"], none=False)

    @cached_property
    def _recordings(self) -> Items:
        ids = self.tracks["id"].gather(self.recordings["track"])
        return self._items(ids, self.recordings["name"], self.recordings["artist"], none=False)

    def _items(self, ids: pl.Series, names: pl.Series, artist: pl.Series, *, none: bool) -> Items:
        """Return what can be ranked, its artists looked up by their codes."""
        named, numbered = self.artists["name"].gather(artist), self.artists["id"].gather(artist)
        return _items(ids, names, named, numbered, none=none)

    def code(self, by: By, id: int) -> int:
        """Return the row number of an artist, album or track, or of what it was merged into; -1: never heard."""
        id = self._went.get((by, id), id)
        ids = array({"artist": self.artists, "album": self.albums, "track": self.tracks}[by]["id"])
        place = int(np.searchsorted(ids, id))
        return place if id > 0 and place < len(ids) and ids[place] == id else -1

    def codes(self, by: By, ids: Collection[int], *, merged: bool) -> tuple[str, list[int]]:
        """Return a column of ``listens`` and the codes in it of database ids; ids never heard are left out."""
        codes = [code for code in (self.code(by, id) for id in ids) if code >= 0]
        if by != "track" or not merged:
            return by, codes
        return "recording", [int(self.tracks["recording"][code]) for code in codes]

    @cached_property
    def _went(self) -> dict[tuple[str, int], int]:
        """Return (kind, id) → id of what was merged into something else."""
        return {(kind, gone): to for kind, gone, to in self.moved.select("kind", "from_id", "to_id").iter_rows()}

    def credited(self, artists: Collection[int]) -> Bools:
        """Return, per track, whether one of these artists (codes) is on it besides its own artist."""
        found = np.zeros(len(self.tracks), dtype=np.bool_)
        found[array(self.credits["track"])[np.isin(array(self.credits["artist"]), list(artists))]] = True
        return found

    @cached_property
    def lowered(self) -> dict[By, pl.Series]:
        """Return the names of artists, albums and tracks in lower case, for searching."""
        frames: dict[By, pl.DataFrame] = {"artist": self.artists, "album": self.albums, "track": self.tracks}
        return {by: frame["name"].str.to_lowercase() for by, frame in frames.items()}

    @cached_property
    def half_lengths(self) -> Floats:
        """Return half the usual length per track in ms; NaN where no length is known."""
        lengths: Floats = array(self.tracks["length_ms"].cast(pl.Float64).fill_null(float("nan")))
        return lengths / 2

    @cached_property
    def skipped(self) -> tuple[Bools, Bools]:
        """Return (skipped, known) per listen.

        A listen was skipped when its flag says so, or when it ended by the forward button within 30 s; it is
        unknown where the source has neither a flag nor a reason.
        Source: ``skipped`` and ``reason_end`` of Spotify's extended history; before 2022-10 its flag says little.
        """
        flags, reason = self.column("flags"), self.column("reason_end")
        forward = (reason == self.reason("fwdbtn")) & (self.column("ms_played") < 30_000)
        return ((flags & 8) != 0) | forward, ((flags & 16) != 0) | (reason != 0)

    @cached_property
    def nbytes(self) -> int:
        """Return the memory this library takes with what it computes on demand, roughly, in bytes."""
        frames = (self.listens, self.tracks, self.recordings, self.artists, self.albums, self.reasons)
        small = self.credits.estimated_size() + self.moved.estimated_size()
        derived = 8 + 2 + 6 * 2  # floats of ms_played, the skip arrays, local time of two zones
        return int(sum(frame.estimated_size() for frame in frames) + small + self.listens.height * derived)


def _items(ids: pl.Series, names: pl.Series, artists: pl.Series, artist_ids: pl.Series, *, none: bool) -> Items:
    """Return the items with their order by name and id computed."""
    by_name = array(pl.DataFrame({"name": names, "id": ids}).select(pl.arg_sort_by("name", "id"))["name"])
    order = np.empty(len(ids), dtype=np.int64)
    order[by_name] = np.arange(len(ids))
    return Items(array(ids.cast(pl.Int64)), names, artists, array(artist_ids.cast(pl.Int64)), order, none)
