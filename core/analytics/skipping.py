"""What gets skipped, with how sure one can be."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Ints, counts
from core.analytics.buckets import Step, closed, cut
from core.analytics.library import By
from core.analytics.view import View

MINIMUM_STARTS = 20
Z = 1.959963984540054  # the 97.5 % point of the normal distribution


def wilson(part: float, whole: float) -> tuple[float, float]:
    """Return the 95 % interval of a share ``part / whole`` (``whole`` > 0).

    Source: Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference, JASA 22.
    """
    share = part / whole
    centre = share + Z * Z / (2 * whole)
    spread = Z * float(np.sqrt(share * (1 - share) / whole + Z * Z / (4 * whole * whole)))
    scale = 1 + Z * Z / whole
    # None and all have their ends exactly there: rounding must not set them beside a share of 0 or 1.
    low = max(0.0, (centre - spread) / scale) if part else 0.0
    return low, min(1.0, (centre + spread) / scale) if part < whole else 1.0


@dataclass(frozen=True, slots=True)
class Rate:
    """``part`` of ``whole``, counted; ``share``, ``low`` and ``high`` are ``None`` where ``whole`` is under 20."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        """Return part / whole."""
        return self.part / self.whole if self.whole >= MINIMUM_STARTS else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Return the 95 % Wilson interval of the share."""
        return wilson(self.part, self.whole) if self.whole >= MINIMUM_STARTS else None


def rate(part: Bools, whole: Bools) -> Rate:
    """Return how many of ``whole`` are ``part`` as well."""
    return Rate(int(np.count_nonzero(part & whole)), int(np.count_nonzero(whole)))


def skip_rate(view: View) -> Rate:
    """Return how many of the listens whose source tells about skips were skipped.

    Source: ``Library.skipped`` for what a skip is, ``wilson`` for the interval.
    """
    skipped, known = view.skipped
    return rate(skipped, known | skipped)


def skips_over_time(view: View, unit: Step = "month") -> pl.DataFrame:
    """Return how often listens were skipped in each month (or other unit) of the view's period.

    Columns: start (date), starts (i64: listens whose source tells about skips), skips (i64), share, low, high (f64,
    with the 95 % Wilson interval; null under 20 starts).
    Source: ``Library.skipped`` for what a skip is, ``wilson`` for the interval.
    """
    buckets, days = cut(closed(view), unit), view.values("day")
    skipped, known = view.skipped
    starts, skips = (buckets.count(days, which) for which in (known | skipped, skipped))
    frame = pl.DataFrame({"start": buckets.starts, "starts": starts, "skips": skips})
    return with_interval(frame, minimum=MINIMUM_STARTS)


def skip_reasons(view: View, moment: Literal["start", "end"] = "start") -> pl.DataFrame:
    """Return how often listens were skipped by how they began (or how they ended).

    Columns: reason (str, as the source words it), listens (i64), of_all (f64, share of the listens with such a
    reason), starts, skips (i64), share, low, high (f64, with the 95 % Wilson interval; null under 20 starts). Most
    listens first, then by name. Listens without a reason are left out.
    Source: ``reason_start`` and ``reason_end`` of Spotify's extended history; ``Library.skipped``; ``wilson``.
    """
    reasons, names = view.values(f"reason_{moment}"), view.library.reasons
    size = int(names["id"].max() or 0) + 1  # type: ignore[arg-type]
    skipped, known = view.skipped
    listens = counts(reasons, size)
    told, skips = counts(reasons, size, known | skipped), counts(reasons, size, skipped)
    ids: Ints = names["id"].to_numpy()
    columns = {"listens": listens[ids], "starts": told[ids], "skips": skips[ids]}
    frame = pl.DataFrame({"reason": names["name"], **columns}).filter(pl.col("listens") > 0)
    made = with_interval(frame, minimum=MINIMUM_STARTS).with_columns(of_all=pl.col("listens") / pl.col("listens").sum())
    order = ["reason", "listens", "of_all", "starts", "skips", "share", "low", "high"]
    return made.select(order).sort("listens", "reason", descending=[True, False])


def with_interval(frame: pl.DataFrame, *, minimum: int) -> pl.DataFrame:
    """Return the frame with share, low, high of ``skips`` of ``starts``; null under ``minimum`` starts."""
    n, k = pl.col("starts"), pl.col("skips")
    centre, scale = k / n + Z * Z / (2 * n), 1 + Z * Z / n
    spread = Z * ((k / n) * (1 - k / n) / n + Z * Z / (4 * n * n)).sqrt()
    made = {
        "share": k / n,
        "low": ((centre - spread) / scale).clip(0, 1),
        "high": ((centre + spread) / scale).clip(0, 1),
    }
    return frame.with_columns(pl.when(n >= max(1, minimum)).then(value).alias(name) for name, value in made.items())


def skip_shares(view: View, by: By, *, minimum_starts: int = MINIMUM_STARTS) -> pl.DataFrame:
    """Return how often each artist, album or track was skipped, for those started at least 20 times.

    Columns: id (i64), name, artist (str), starts (i64: listens whose source tells about skips), skips (i64), share
    (f64), low, high (f64, 95 % Wilson interval). Most certainly skipped (highest low) first, then more starts, then id.
    Source: ``Library.skipped`` for what a skip is, ``wilson`` for the interval.
    """
    items, codes = view.items(by), view.values(view.code_column(by))
    skipped, known = view.skipped
    starts, skips = counts(codes, len(items), known | skipped), counts(codes, len(items), skipped)
    enough = starts >= max(1, minimum_starts)
    if items.none:
        enough[0] = False
    chosen = np.flatnonzero(enough)
    frame = pl.DataFrame(
        {
            "id": items.ids[chosen],
            "name": items.names.gather(chosen),
            "artist": items.artists.gather(chosen),
            "starts": starts[chosen],
            "skips": skips[chosen],
        }
    )
    shares = with_interval(frame, minimum=minimum_starts)
    return shares.sort("low", "starts", "id", descending=[True, True, False])
