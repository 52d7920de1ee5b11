"""How somebody listens: shuffled, offline, in private, to the end, and on which kind of device."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Floats, Ints, counts, sums
from core.analytics.buckets import Step, closed, cut
from core.analytics.skipping import MINIMUM_STARTS, Rate, rate
from core.analytics.view import View
from core.domain.listen import Flag, Platform

TO_THE_END = 0.95  # of the usual length: fade-outs and rounding take a little
MODES = {
    "shuffle": (Flag.SHUFFLE, Flag.SHUFFLE_KNOWN),
    "offline": (Flag.OFFLINE, Flag.OFFLINE_KNOWN),
    "private": (Flag.INCOGNITO, Flag.INCOGNITO_KNOWN),
}


@dataclass(frozen=True, slots=True)
class Modes:
    """Plays that were shuffled, offline, in a private session or heard to the end, of those where this is known.

    ``completion``: the median of the heard part of a track (0..1); ``None`` under 20 plays of tracks of known length.
    """

    shuffle: Rate
    offline: Rate
    private: Rate
    finished: Rate
    completion: float | None


def modes(view: View) -> Modes:
    """Return how many plays were shuffled, offline, in a private session and heard to the end.

    Each is counted only over plays whose source tells. Heard to the end: at least 95 % of the track's usual length;
    the heard part of a play is its time by the usual length, at most 1.
    Source: ``shuffle``, ``offline`` and ``incognito_mode`` of Spotify's extended history; ``usual lengths`` are the
    median of the listens that ended by themselves, of a track without one its longest listen.
    """
    flags = view.played("flags")
    shuffle, offline, private = (rate(*_told(flags, name)) for name in MODES)
    heard = completion(view)
    known = heard[~np.isnan(heard)]
    middle = float(np.median(known)) if len(known) >= MINIMUM_STARTS else None
    finished = Rate(int(np.count_nonzero(known >= TO_THE_END)), len(known))
    return Modes(shuffle, offline, private, finished, middle)


def _told(flags: Ints, mode: str) -> tuple[Bools, Bools]:
    """Return where a flag is set, and where the source tells whether it is."""
    flag, known = MODES[mode]
    on = (flags & flag.value) != 0
    return on, on | ((flags & known.value) != 0)


def completion(view: View) -> Floats:
    """Return the heard part (0..1) of each play; NaN where the track's usual length is unknown."""
    lengths = 2 * view.library.half_lengths.take(view.played("track"))
    heard: Floats = np.minimum(view.played("ms_played") / lengths, 1.0)
    return heard


def modes_over_time(view: View, unit: Step = "month") -> pl.DataFrame:
    """Return the shares of ``modes`` in each month (or other unit) of the view's period.

    Columns: start (date); shuffle, offline, private, finished (f64, 0..1; null where fewer than 20 plays tell);
    shuffle_plays, offline_plays, private_plays, finished_plays (i64, plays that tell).
    Source: counts of plays per bucket, as in ``modes``.
    """
    buckets, days, flags = cut(closed(view), unit), view.played("day"), view.played("flags")
    heard = completion(view)
    told = {name: _told(flags, name) for name in MODES} | {"finished": (heard >= TO_THE_END, ~np.isnan(heard))}
    columns: dict[str, pl.Series] = {"start": buckets.starts}
    for name, (on, known) in told.items():
        part, whole = (pl.Series(buckets.count(days, which)) for which in (on & known, known))
        columns[name] = (part / whole).set(whole < MINIMUM_STARTS, None)
        columns[f"{name}_plays"] = whole
    return pl.DataFrame(columns)


def devices(view: View) -> pl.DataFrame:
    """Return listening by kind of device, most played first.

    Columns: device (str: ``mobile``, ``desktop``, ``web``, ``tv``, ``speaker``, ``car``, ``other``, ``unknown``),
    plays, ms_played (i64), share (f64 of the plays), shuffle, offline, skipped (f64, 0..1; null where fewer than 20
    of the device's plays (for skipped: listens) tell).
    Source: counts by the family of ``platform``; finer names are not kept.
    """
    size = max(Platform) + 1
    platforms, flags = view.played("platform"), view.played("flags")
    plays, ms = counts(platforms, size), sums(view.values("platform"), view.ms, size)
    columns = {"plays": plays, "ms_played": ms, "share": plays / max(1, view.plays)}
    for name in ("shuffle", "offline"):
        columns[name] = _share(platforms, *_told(flags, name))
    skipped, known = view.skipped
    columns["skipped"] = _share(view.values("platform"), skipped, known | skipped)
    frame = pl.DataFrame({"device": [platform.name.lower() for platform in Platform], **columns})
    told = [pl.col(name).fill_nan(None) for name in ("shuffle", "offline", "skipped")]
    return (
        frame.with_columns(told)
        .filter(pl.col("ms_played") + pl.col("plays") > 0)
        .sort("plays", "ms_played", "device", descending=[True, True, False])
    )


def _share(platforms: Ints, part: Bools, whole: Bools) -> Floats:
    """Return per platform the share of ``part`` in ``whole``; NaN under 20."""
    size = max(Platform) + 1
    of, all_ = counts(platforms, size, part & whole), counts(platforms, size, whole)
    return np.where(all_ >= MINIMUM_STARTS, of / np.maximum(all_, 1), np.nan)


def devices_over_time(view: View, unit: Step = "month") -> pl.DataFrame:
    """Return how plays spread over kinds of devices in each month (or other unit) of the view's period.

    Columns: start (date), device (str, as in ``devices``, those with a play in the period), plays, ms_played (i64),
    share (f64 of the bucket's plays; null under 20). By start, then the device most played in the whole period.
    Source: counts of plays per bucket and family of ``platform``.
    """
    buckets, size = cut(closed(view), unit), max(Platform) + 1
    place = buckets.place(view.values("day")) * size + view.values("platform")
    shape, cells = (len(buckets), size), len(buckets) * size
    plays = np.bincount(place[view.play], minlength=cells).reshape(shape)
    ms = np.bincount(place, weights=view.ms, minlength=cells).astype(np.int64).reshape(shape)
    total = plays.sum(axis=0)
    order = [int(code) for code in np.lexsort((np.arange(size), -total)) if total[code]]
    whole = plays.sum(axis=1, keepdims=True)
    share = np.where(whole >= MINIMUM_STARTS, plays / np.maximum(whole, 1), np.nan)
    return pl.DataFrame(
        {
            "start": buckets.starts.to_numpy().repeat(len(order)),
            "device": [Platform(code).name.lower() for code in order] * len(buckets),
            "plays": plays[:, order].ravel(),
            "ms_played": ms[:, order].ravel(),
            "share": share[:, order].ravel(),
        },
        schema_overrides={"start": pl.Date, "device": pl.String},
    ).with_columns(pl.col("share").fill_nan(None))
