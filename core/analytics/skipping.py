"""What gets skipped, with how sure one can be."""

import numpy as np
import polars as pl

from core.analytics.arrays import counts
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
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


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
    n, k = pl.col("starts"), pl.col("skips")
    centre, scale = k / n + Z * Z / (2 * n), 1 + Z * Z / n
    spread = Z * ((k / n) * (1 - k / n) / n + Z * Z / (4 * n * n)).sqrt()
    frame = pl.DataFrame(
        {
            "id": items.ids[chosen],
            "name": items.names.gather(chosen),
            "artist": items.artists.gather(chosen),
            "starts": starts[chosen],
            "skips": skips[chosen],
        }
    )
    shares = frame.with_columns(
        share=k / n, low=((centre - spread) / scale).clip(0, 1), high=((centre + spread) / scale).clip(0, 1)
    )
    return shares.sort("low", "starts", "id", descending=[True, True, False])
