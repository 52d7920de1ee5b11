"""Plays a queue: which tracks are heard out, which skipped, where the person pauses, how the session ends."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.demo.habits import Occasion
from core.demo.queues import SHUFFLED, Mode, Tracks
from core.demo.sessions import Session

REASONS = (
    "trackdone", "fwdbtn", "endplay", "backbtn", "clickrow", "playbtn", "appload", "logout",
    "unexpected-exit-while-paused", "unexpected-exit", "remote", "unknown", "trackerror", "popup",
)  # fmt: skip
_CODE = {name: n for n, name in enumerate(REASONS)}
_DONE, _FORWARD, _ENDPLAY, _BACK = (_CODE[name] for name in ("trackdone", "fwdbtn", "endplay", "backbtn"))
_START_AFTER = np.array([_CODE["clickrow"] if name == "endplay" else n for n, name in enumerate(REASONS)])
_SKIPS = {
    Mode.ALBUM: 0.06,
    Mode.ARTIST: 0.13,
    Mode.PLAYLIST: 0.23,
    Mode.MIX: 0.21,
    Mode.RADIO: 0.33,
    Mode.LOOP: 0.02,
    Mode.CHILD: 0.14,
}
# Hands busy or asleep skip less, a hand on the phone more.
_PATIENCE = {Occasion.NIGHT: 0.4, Occasion.PARTY: 0.7, Occasion.ROAD: 0.6, Occasion.COMMUTE: 1.2, Occasion.SPORT: 1.15}

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Plays:
    """Consecutive plays; moments are UTC seconds, ``ended`` - ``began`` exceeds ``ms`` where a pause lies inside."""

    item: Integers
    began: Integers
    ended: Integers
    ms: Integers
    start: Integers
    end: Integers
    shuffle: bool
    incognito: bool


def play(session: Session, queue: Tracks, lengths: Integers, mode: Mode, rng: np.random.Generator) -> Plays:
    """Return the plays of one session. ``lengths``: milliseconds of each track of the queue."""
    ends, heard = _hearing(lengths, _SKIPS[mode] * _PATIENCE.get(session.occasion, 1.0), rng)
    pauses = np.where(rng.random(len(queue)) < 0.025, rng.exponential(240, len(queue)), 0.0)
    spans = np.ceil(heard / 1000 + pauses).astype(np.int64) + (rng.random(len(queue)) < 0.3)
    count = max(1, int(np.searchsorted(np.cumsum(spans), session.seconds)))
    ends, heard, spans, pauses = ends[:count], heard[:count], spans[:count], pauses[:count]
    _close(session, ends, heard, rng)
    ended = session.begin + np.cumsum(spans)
    began = ended - np.ceil(heard / 1000 + pauses).astype(np.int64)
    starts = np.concatenate([[_opening(session, rng)], _START_AFTER[ends[:-1]]])
    shuffle = bool(rng.random() < SHUFFLED.get(mode, 0.0))
    incognito = bool(rng.random() < 0.008)
    return Plays(queue[:count], began, ended, heard, starts, ends, shuffle, incognito)


def _hearing(lengths: Integers, skips: float, rng: np.random.Generator) -> tuple[Integers, Integers]:
    """Return how each track ends (a code of ``REASONS``) and how many milliseconds of it sound."""
    size = len(lengths)
    dice = rng.random(size)
    ends = np.select([dice < skips, dice < skips + 0.035, dice < skips + 0.042], [_FORWARD, _ENDPLAY, _BACK], _DONE)
    # Most skips come within seconds, some after half a song.
    soon = np.exp(rng.normal(8.5, 1.1, size))
    part = np.where(rng.random(size) < 0.68, soon, rng.uniform(0.1, 0.85, size) * lengths)
    part = np.where(ends == _ENDPLAY, rng.uniform(0.05, 0.95, size) * lengths, part)
    part = np.where(rng.random(size) < 0.02, 0.0, np.minimum(part, 0.95 * lengths))
    # A second of slack at the end of some tracks, a seek back in a few.
    full = lengths + np.where(rng.random(size) < 0.004, rng.integers(5_000, 60_000, size), 0)
    return ends.astype(np.int64), np.where(ends == _DONE, full, part).astype(np.int64)


def _close(session: Session, ends: Integers, heard: Integers, rng: np.random.Generator) -> None:
    """End a session: after its last track, or in the midst of it."""
    if rng.random() < 0.35 or ends[-1] != _DONE:
        return
    words = ("endplay", "logout", "unexpected-exit-while-paused", "unexpected-exit", "remote", "unknown")
    chances = (0.50, 0.24, 0.12, 0.05, 0.05, 0.04)
    ends[-1] = _CODE[str(rng.choice(words, p=chances))]
    heard[-1] = int(heard[-1] * rng.uniform(0.08, 0.97))


def _opening(session: Session, rng: np.random.Generator) -> int:
    """Return the reason the first track of a session starts for."""
    if session.occasion is Occasion.PARTY and rng.random() < 0.4:
        return _CODE["remote"]
    return _CODE[str(rng.choice(("clickrow", "playbtn", "appload"), p=(0.62, 0.24, 0.14)))]
