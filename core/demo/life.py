"""The whole invented life as columns: every row the export will hold, in the order of its time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from core.demo import SEED
from core.demo.catalogue import Catalogue
from core.demo.devices import device_of
from core.demo.genres import GROUPS
from core.demo.habits import Occasion
from core.demo.items import Item, music
from core.demo.playing import REASONS, Plays, play
from core.demo.queues import Chooser
from core.demo.sessions import Session, all_sessions
from core.demo.spoken import Spoken
from core.demo.taste import Taste
from core.demo.tiring import skip, tiring
from core.demo.truth import Truth, truth_of

Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]

# Since then exports know starts and skips of online plays.
NEW_ERA = int(datetime(2022, 10, 14, tzinfo=UTC).timestamp())
UNKNOWN = -1
_SHORT = 95  # seconds a track lasts at least on average, skips counted: how many tracks a session may need
_VIDEOS, _UNIDENTIFIED, _TWICE = 120, 24, 37
_DRIVING = "metal", "hiphop", "electronic"
_ALONE = Occasion.WEEKEND, Occasion.EVENING


@dataclass(frozen=True)
class Life:
    """The rows of the export as columns of one length, sorted by ``ts`` (UTC seconds).

    ``item`` and ``sitting`` index ``items`` and ``sittings`` (platform, country, address); ``start`` and ``end``
    index ``REASONS``; ``began`` is the true start in UTC seconds, ``offline_timestamp`` what the export says of it
    (``UNKNOWN`` for null); ``video`` rows go into the video file. ``tiring``: the tracks that are skipped every time.
    """

    items: list[Item]
    sittings: list[tuple[str, str, str]]
    tiring: Integers
    ts: Integers
    item: Integers
    sitting: Integers
    ms: Integers
    start: Integers
    end: Integers
    began: Integers
    offline_timestamp: Integers
    shuffle: Bools
    skipped: Bools
    offline: Bools
    incognito: Bools
    video: Bools


def live(catalogue: Catalogue, seed: int = SEED) -> Life:
    """Return the life a seed leads to: the same catalogue and seed always give the same rows."""
    return live_with_truth(catalogue, seed)[0]


def live_with_truth(catalogue: Catalogue, seed: int = SEED) -> tuple[Life, Truth]:
    """Return the life a seed leads to and what was put into it."""
    rng = np.random.default_rng(seed)
    taste = Taste(catalogue, rng)
    chooser, spoken = Chooser(catalogue, taste, rng), Spoken(len(catalogue.tracks), rng)
    sessions = all_sessions(rng)
    held: list[Plays] = []
    for session in sessions:
        plays = spoken.plays(session)
        if plays is None:
            queue, mode = chooser.queue(session, session.seconds // _SHORT + 4)
            plays = play(session, queue, catalogue.track_ms[queue], mode, rng)
        held.append(plays)
    places = [device_of(session, rng) for session in sessions]
    sittings = [
        (platform, "ZZ" if rng.random() < 0.004 and not session.sure else session.country, address)
        for session, (platform, address) in zip(sessions, places, strict=True)
    ]
    items = [*music(catalogue), *spoken.items, Item("nothing")]
    driving = np.isin(taste.group, [GROUPS.index(group) for group in _DRIVING])[catalogue.track_artist]
    life = _columns(items, sittings, sessions, held, driving & taste.ordinary, rng)
    return life, truth_of(catalogue, taste, chooser, held)


def _columns(
    items: list[Item],
    sittings: list[tuple[str, str, str]],
    sessions: Sequence[Session],
    held: Sequence[Plays],
    driving: Bools,
    rng: np.random.Generator,
) -> Life:
    """Return the columns of all plays, with the oddities of real exports; ``driving``: which tracks one runs to."""
    tracks = len(driving)
    counts = [len(plays.item) for plays in held]
    sitting = np.repeat(np.arange(len(held)), counts)
    item, began, ended, ms, start, end = (
        np.concatenate([getattr(plays, name) for plays in held])
        for name in ("item", "began", "ended", "ms", "start", "end")
    )
    shuffle, incognito = (
        np.repeat([getattr(plays, name) for plays in held], counts) for name in ("shuffle", "incognito")
    )
    tired = tiring(item, driving)
    skip(np.flatnonzero(np.isin(item, tired)), ms, start, end, sitting)
    batch = np.array([session.batch for session in sessions])[sitting]
    offline = batch >= 0
    ts = np.where(offline, _synced(ended, batch, rng), ended)
    musical = np.flatnonzero((item < tracks) & ~offline)
    video = np.zeros(len(ts), dtype=bool)
    video[_videos(sessions, sitting, musical, ts, rng)] = True
    glanced = video & (rng.random(len(ms)) < 0.8)
    ms = np.where(glanced, np.minimum(ms, rng.integers(800, 29_000, len(ms))), ms)
    end = np.where(glanced, REASONS.index("endplay"), end)
    item[rng.choice(musical[~video[musical]], _UNIDENTIFIED, replace=False)] = len(items) - 1
    seen = np.where(rng.random(len(ts)) < 0.02, UNKNOWN, np.where(rng.random(len(ts)) < 0.01, 0, began))
    stamp = np.where(offline, began, np.where(ts >= NEW_ERA, seen, UNKNOWN))
    stamp = np.where(offline & (ts < NEW_ERA), began * 1000 + rng.integers(0, 1000, len(ts)), stamp)
    skipped = (ts >= NEW_ERA) & np.isin(end, [REASONS.index("fwdbtn"), REASONS.index("backbtn")])
    twice = rng.choice(musical[item[musical] < tracks], _TWICE, replace=False)
    order = np.concatenate([np.arange(len(ts)), twice])
    order = order[np.lexsort((began[order], ts[order]))]
    columns = (ts, item, sitting, ms, start, end, began, stamp, shuffle, skipped, offline, incognito, video)
    return Life(items, sittings, tired, *(column[order] for column in columns))


def _synced(ended: Integers, batch: Integers, rng: np.random.Generator) -> Integers:
    """Return the moment each offline play was reported: the same for a whole batch, some time after its last end."""
    names, which = np.unique(batch, return_inverse=True)
    last = np.zeros(len(names), dtype=np.int64)
    np.maximum.at(last, which, ended)
    return np.asarray((last + rng.integers(120, 5_400, len(names)))[which])


def _videos(
    sessions: Sequence[Session], sitting: Integers, musical: Integers, ts: Integers, rng: np.random.Generator
) -> Integers:
    """Return the rows that are music videos: some of a few sessions at home since 2021."""
    home = np.array([session.occasion in _ALONE and session.country == "DE" for session in sessions])
    likely = musical[home[sitting[musical]] & (ts[musical] >= NEW_ERA - 500 * 86_400)]
    return rng.choice(likely, _VIDEOS, replace=False)
