"""Rows of Spotify's account data as columns: a minute, two names, a duration."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

import msgspec
import numpy as np
from numpy.typing import NDArray

from core.domain.listen import Kind, Source
from core.domain.names import clean
from core.importing.checks import check_durations, check_times
from core.importing.columns import TYPES, Batch, settle
from core.importing.fates import Fate
from core.importing.moments import NOTHING, parse_minutes
from core.importing.tracks import NO_TRACK, Track, Tracks


class Row(msgspec.Struct, gc=False):
    """One row of any generation: music, podcast or audiobook."""

    endTime: str | None = None  # noqa: N815 - the export's own word
    msPlayed: int | None = None  # noqa: N815
    artistName: str | None = None  # noqa: N815
    trackName: str | None = None  # noqa: N815
    podcastName: str | None = None  # noqa: N815
    episodeName: str | None = None  # noqa: N815
    audiobookName: str | None = None  # noqa: N815
    chapterName: str | None = None  # noqa: N815
    authorName: str | None = None  # noqa: N815


decode = msgspec.json.Decoder(list[Row]).decode
_NAMES = attrgetter(
    "artistName", "trackName", "podcastName", "episodeName", "audiobookName", "chapterName", "authorName"
)
# What Spotify writes for a play whose track it no longer knows.
_NOBODY = ("Unknown Artist", "Unknown Track")

Names = tuple[str | None, str | None, str | None, str | None, str | None, str | None, str | None]


@dataclass(slots=True)
class Reader:
    """Turns rows into columns."""

    tracks: Tracks

    def batch(self, rows: Sequence[Row], *, fates: NDArray[np.uint8] | None = None) -> Batch:
        """Return rows as columns; ``fates`` holds what the slow road already knows of them."""
        count = len(rows)
        fate = np.zeros(count, np.uint8) if fates is None else fates
        texts = [row.endTime or "" for row in rows]
        logged = check_times(fate, texts, parse_minutes(texts))
        ms = check_durations(fate, np.array([row.msPlayed for row in rows], np.float64))
        track = self._tracks(rows, count)
        unidentified = (track == NO_TRACK) & (fate == Fate.PLAY)
        settle(fate, unidentified, Fate.UNIDENTIFIED)
        columns = {name: np.zeros(count, type_) for name, type_ in TYPES.items()}
        columns |= {"fate": fate, "track": track, "ms_played": ms, "logged": logged}
        columns["start"] = np.full(count, NOTHING, np.int64)
        columns["kind"] = self.tracks.kinds()[track]
        columns["source"] = np.full(count, Source.SPOTIFY_ACCOUNT, np.int8)
        return Batch(columns, int(ms[unidentified].sum()))

    def _tracks(self, rows: Sequence[Row], count: int) -> NDArray[np.int32]:
        """Return the track number of each row."""
        before = self.tracks.given
        keys = list(map(_NAMES, rows))
        numbers = self.tracks.number(keys, count)
        new = np.flatnonzero(numbers > before)
        for at in new[np.unique(numbers[new], return_index=True)[1]].tolist():
            if self.tracks.describe(keys[at], _track(keys[at])) == NO_TRACK:
                numbers[numbers == numbers[at]] = NO_TRACK
        return numbers


def _track(names: Names) -> Track | None:
    """Return what a row names; ``None`` for a row without a title and for Spotify's stand-in pair."""
    artist, title, podcast, episode, audiobook, chapter, author = map(clean, names)
    if (artist, title) == _NOBODY:
        return None
    if title:
        return Track(Kind.MUSIC, None, title, artist, None)
    if episode:
        return Track(Kind.PODCAST, None, episode, podcast, None)
    if chapter or audiobook:
        return Track(Kind.AUDIOBOOK, None, chapter or audiobook, author or audiobook, audiobook if author else None)
    return None
