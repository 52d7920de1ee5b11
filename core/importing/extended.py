"""Rows of Spotify's extended streaming history as columns: typed structs on the fast road, one pass a column."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter

import msgspec
import numpy as np
from numpy.typing import NDArray

from core.domain.listen import Flag, Kind, Source, country_code
from core.domain.names import clean
from core.importing.checks import check_durations, check_times
from core.importing.columns import Batch, Column, settle
from core.importing.fates import Fate
from core.importing.moments import NOTHING, parse_stamps
from core.importing.placing import starts
from core.importing.platforms import family
from core.importing.tracks import NO_TRACK, Track, Tracks


class Row(msgspec.Struct, gc=False):
    """The facts of one row that are kept; addresses, agents and account names are not even decoded."""

    ts: str | None = None
    ms_played: int | None = None
    platform: str | None = None
    conn_country: str | None = None
    master_metadata_track_name: str | None = None
    master_metadata_album_artist_name: str | None = None
    master_metadata_album_album_name: str | None = None
    spotify_track_uri: str | None = None
    episode_name: str | None = None
    episode_show_name: str | None = None
    spotify_episode_uri: str | None = None
    audiobook_title: str | None = None
    audiobook_uri: str | None = None
    audiobook_chapter_uri: str | None = None
    audiobook_chapter_title: str | None = None
    reason_start: str | None = None
    reason_end: str | None = None
    shuffle: bool | None = None
    skipped: bool | None = None
    offline: bool | None = None
    offline_timestamp: int | None = None
    incognito_mode: bool | None = None


decode = msgspec.json.Decoder(list[Row]).decode
_URI = attrgetter("spotify_track_uri")
# What repeats from row to row: looked up together, then spread over the columns.
_CIRCUMSTANCES = attrgetter(
    "reason_start", "reason_end", "platform", "conn_country", "shuffle", "skipped", "offline", "incognito_mode"
)
_FLAGS = (
    (Flag.SHUFFLE, Flag.SHUFFLE_KNOWN),
    (Flag.SKIPPED, Flag.SKIPPED_KNOWN),
    (Flag.OFFLINE, Flag.OFFLINE_KNOWN),
    (Flag.INCOGNITO, Flag.INCOGNITO_KNOWN),
)
LONGEST_REASON = 64
MOST_REASONS = 500

Circumstances = tuple[
    str | None, str | None, str | None, str | None, bool | None, bool | None, bool | None, bool | None
]


class _Seen(dict[Circumstances, int]):
    """Numbers given in order of appearance, from 0."""

    def __missing__(self, key: Circumstances) -> int:
        self[key] = len(self)
        return self[key]


class Reasons(dict[str, int]):
    """Numbers of the words for why a play began or ended; an open set, bounded so that no file can flood it."""

    def number(self, word: str | None) -> int:
        """Return a word's number; 0 for a blank one, the number of ``other`` for an absurd one."""
        word = clean(word)
        if word is None:
            return 0
        if word not in self and (len(word) > LONGEST_REASON or len(self) >= MOST_REASONS):
            word = "other"
        return self.setdefault(word, len(self) + 1)


@dataclass(slots=True)
class Reader:
    """Turns rows into columns; tracks and reasons keep their numbers from file to file."""

    tracks: Tracks = field(default_factory=Tracks)
    reasons: Reasons = field(default_factory=Reasons)

    def batch(self, rows: Sequence[Row], *, fates: NDArray[np.uint8] | None = None, video: bool = False) -> Batch:
        """Return rows as columns; ``fates`` holds what the slow road already knows of them."""
        count = len(rows)
        fate = np.zeros(count, np.uint8) if fates is None else fates
        texts = [row.ts or "" for row in rows]
        logged = check_times(fate, texts, parse_stamps(texts))
        ms = check_durations(fate, np.array([row.ms_played for row in rows], np.float64))
        track = self._tracks(rows, count)
        unidentified = (track == NO_TRACK) & (fate == Fate.PLAY)
        settle(fate, unidentified, Fate.UNIDENTIFIED)
        start = starts(np.array([row.offline_timestamp for row in rows], np.float64), logged, ms)
        kind = self.tracks.kinds()[track]
        if video:
            kind = np.where(kind == Kind.MUSIC, Kind.VIDEO, kind)
        columns: dict[str, Column] = {
            "fate": fate,
            "track": track,
            "ms_played": ms,
            "logged": logged,
            "start": start,
            "kind": kind,
        }
        columns |= self._circumstances(rows, count)
        columns["flags"] = columns["flags"] | np.where(start != NOTHING, Flag.START_KNOWN, 0)
        columns["source"] = np.full(count, Source.SPOTIFY_EXPORT, np.int8)
        return Batch(columns, int(ms[unidentified].sum()))

    def _tracks(self, rows: Sequence[Row], count: int) -> NDArray[np.int32]:
        """Return the track number of each row."""
        before = self.tracks.given
        numbers = self.tracks.number(map(_URI, rows), count)
        for at in _firsts(numbers, before):
            self._describe(numbers, rows, at)
        for at in np.flatnonzero(numbers == NO_TRACK).tolist():
            numbers[at] = self._without_track_uri(rows[at])
        if self.tracks.nameless:
            self._fill_names(numbers, rows)
        return numbers

    def _describe(self, numbers: NDArray[np.int32], rows: Sequence[Row], at: int) -> None:
        """Keep what the first row of a new track address says; a blank address is none."""
        row = rows[at]
        uri = clean(row.spotify_track_uri)
        if self.tracks.describe(row.spotify_track_uri, _music(row, uri) if uri else None) == NO_TRACK:
            numbers[numbers == numbers[at]] = NO_TRACK

    def _without_track_uri(self, row: Row) -> int:
        """Return the number of an episode, a chapter or a track known by its names alone."""
        track = _other(row)
        if track is None:
            return NO_TRACK
        key = (track.kind, track.uri) if track.uri else (track.kind, track.artist, track.name)
        return self.tracks.numbers[key] if key in self.tracks.numbers else self.tracks.describe(key, track)

    def _fill_names(self, numbers: NDArray[np.int32], rows: Sequence[Row]) -> None:
        """Give names to tracks that had none, where a row holds them."""
        for at in np.flatnonzero(np.isin(numbers, list(self.tracks.nameless))).tolist():
            row = rows[at]
            uri = clean(row.spotify_track_uri)
            track = _music(row, uri) if uri else _other(row)
            if track and track.name and int(numbers[at]) in self.tracks.nameless:
                self.tracks.name(int(numbers[at]), track)

    def _circumstances(self, rows: Sequence[Row], count: int) -> dict[str, NDArray[np.int16]]:
        """Return the columns of reasons, platform, country and flags."""
        seen = _Seen()
        which = np.fromiter(map(seen.__getitem__, map(_CIRCUMSTANCES, rows)), np.int32, count)
        table = np.array([self._facts(c) for c in seen] or [(0, 0, 0, 0, 0)], np.int16)
        names = ("reason_start", "reason_end", "platform", "country", "flags")
        return {name: table[which, at] for at, name in enumerate(names)}

    def _facts(self, circumstances: Circumstances) -> tuple[int, int, int, int, int]:
        """Return (start reason, end reason, platform, country, flags) as stored."""
        start, end, platform, country, *bits = circumstances
        flags = 0
        for bit, (flag, known) in zip(bits, _FLAGS, strict=True):
            flags |= 0 if bit is None else int(known) | (int(flag) if bit else 0)
        number = self.reasons.number
        return number(start), number(end), int(family(platform)), country_code(country), flags


def _firsts(numbers: NDArray[np.int32], before: int) -> list[int]:
    """Return where each number above ``before`` stands first."""
    new = np.flatnonzero(numbers > before)
    return list(map(int, new[np.unique(numbers[new], return_index=True)[1]]))


def _music(row: Row, uri: str | None) -> Track:
    """Return the music of a row."""
    return Track(
        Kind.MUSIC,
        uri,
        clean(row.master_metadata_track_name),
        clean(row.master_metadata_album_artist_name),
        clean(row.master_metadata_album_album_name),
    )


def _other(row: Row) -> Track | None:
    """Return the episode, chapter or nameable track of a row without a track address; ``None``: unidentified."""
    episode, chapter = clean(row.spotify_episode_uri), clean(row.audiobook_chapter_uri) or clean(row.audiobook_uri)
    if episode and not chapter:
        return Track(Kind.PODCAST, episode, clean(row.episode_name), clean(row.episode_show_name), None)
    if chapter:
        title = clean(row.audiobook_title)
        return Track(Kind.AUDIOBOOK, chapter, clean(row.audiobook_chapter_title) or title, title, None)
    track = _music(row, None)
    if track.name:
        return track
    name, show = clean(row.episode_name), clean(row.episode_show_name)
    return Track(Kind.PODCAST, None, name, show, None) if name else None
