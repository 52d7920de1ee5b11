"""Affinity: how attached somebody is to an artist, and what the attachment is made of."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from core.analytics.acquaintance import Days, days_of
from core.analytics.arrays import Floats, Ints, array, counts
from core.analytics.attaching import sentence
from core.analytics.localtime import day_number
from core.analytics.view import View
from core.domain.selection import DEFAULT_HALF_LIFE

MINIMUM_PLAYS = 20
# Started by a hand, or by going back to it; a link opened counts too. What follows by itself or by skipping does not.
ON_PURPOSE = ("clickrow", "click-row", "clickside", "playbtn", "backbtn", "remote", "uriopen", "popup")


def affinity(view: View, *, as_of: date, half_life: int = DEFAULT_HALF_LIFE) -> pl.DataFrame:
    """Return how attached somebody was to each artist on a day, with the four parts that explain it.

    ``as_of``: the local day it is looked at, on which or before all plays of the view lie; ``half_life``: days after
    which a play counts half (0: always whole).
    Columns: id (i64), name (str), plays (i64), score (f64, 0..100 of the most attached), amount, recency, regularity,
    intent (f64, 0..1), first, last (date), days (i64, days with a play), silent_days (i64, since the last),
    gap_days (f64, the usual days between two such days, null with one), months_heard, months (i64, calendar months with
    a play, and since the first one), chosen, told (i64: listens started on purpose and not skipped, and those whose
    source tells). regularity is null under 20 plays, intent under 20 told listens. Highest score first, then id.
    Source: score 100 A / max A, A = sum over plays of min(ms_played / length, 1) 2^(-age in days / half_life), a
    missing length counting whole (a length is the median of listens that ended by themselves, else the longest);
    amount ln(1 + A) / ln(1 + max A); recency gap_days / silent_days, at most 1;
    regularity months_heard / months; intent chosen / told.
    """
    items, days = view.items("artist"), days_of(view, "artist")
    today, plays = day_number(as_of), counts(view.played("artist"), len(items))
    plays[:1] = 0  # nobody
    amount = _amounts(view, today, half_life)
    heard = np.flatnonzero(plays)
    codes = heard[np.lexsort((items.ids[heard], -amount[heard]))]
    score = 100 * amount[codes] / (float(amount.max(initial=0)) or 1)
    chosen, told = _started(view)
    frame = pl.DataFrame({"id": items.ids[codes], "name": items.names.gather(codes), "plays": plays[codes]})
    top = float(np.log1p(amount.max(initial=0))) or 1.0
    return frame.with_columns(
        score=pl.Series(score, dtype=pl.Float64),
        amount=pl.Series(np.log1p(amount[codes]) / top, dtype=pl.Float64),
        **_spacing(days, codes, today),
        chosen=pl.Series(chosen[codes]),
        told=pl.Series(told[codes]),
    ).with_columns(
        recency=pl.min_horizontal(1.0, pl.col("gap_days").fill_null(1.0) / pl.col("silent_days").clip(1)),
        regularity=_rate("months_heard", "months", "plays"),
        intent=_rate("chosen", "told", "told"),
    )


def _rate(part: str, whole: str, enough: str) -> pl.Expr:
    """Return a share of two columns, null where a third is under 20."""
    return pl.when(pl.col(enough) >= MINIMUM_PLAYS).then(pl.col(part) / pl.col(whole))


def _amounts(view: View, today: int, half_life: int) -> Floats:
    """Return the sum of completed, decayed plays per artist code."""
    lengths: Floats = array(view.library.tracks["length_ms"].cast(pl.Float64).fill_null(float("nan")))
    part = np.minimum(view.played("ms_played") / lengths.take(view.played("track")), 1)
    part = np.where(np.isfinite(part), part, 1.0)
    age = np.maximum(0, today - view.played("day"))
    decay = np.exp2(-age / half_life) if half_life else 1.0
    found = np.bincount(view.played("artist"), weights=part * decay, minlength=len(view.items("artist")))
    found[:1] = 0
    return found.astype(np.float64)


def _spacing(days: Days, codes: Ints, today: int) -> dict[str, pl.Series]:
    """Return how plays of each artist are spread over days and months up to a day."""
    first, last, heard = days.first[codes], days.last[codes], days.heard[codes]
    gap = pl.Series((last - first) / np.maximum(heard - 1, 1), dtype=pl.Float64).set(pl.Series(heard < 2), None)
    months = _month(np.full(len(first), today)) - _month(first) + 1
    return {
        "first": pl.Series(first, dtype=pl.Int32).cast(pl.Date),
        "last": pl.Series(last, dtype=pl.Int32).cast(pl.Date),
        "days": pl.Series(heard),
        "silent_days": pl.Series(np.maximum(0, today - last)),
        "gap_days": gap,
        "months_heard": pl.Series(days.months[codes]),
        "months": pl.Series(months),
    }


def _month(days: Ints) -> Ints:
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _started(view: View) -> tuple[Ints, Ints]:
    """Return per artist code the listens started on purpose and not skipped, and those whose source tells."""
    reason, size = view.values("reason_start"), len(view.items("artist"))
    known = (reason > 0) & (reason != view.library.reason("unknown"))
    purpose = np.isin(reason, [view.library.reason(name) for name in ON_PURPOSE])
    skipped, _ = view.skipped
    codes = view.values("artist")
    return counts(codes, size, known & purpose & ~skipped), counts(codes, size, known)


@dataclass(frozen=True, slots=True)
class Attachment:
    """One artist's row of ``affinity``, its place among all, and the same in a sentence."""

    row: dict[str, object]
    rank: int
    artists: int
    sentence: str


def affinity_of(view: View, id: int, *, as_of: date, half_life: int = DEFAULT_HALF_LIFE) -> Attachment | None:
    """Return how attached somebody is to one artist by its database id; ``None`` without a play (see ``affinity``)."""
    return attachment(affinity(view, as_of=as_of, half_life=half_life), id)


def attachment(frame: pl.DataFrame, id: int) -> Attachment | None:
    """Return one artist out of a frame of ``affinity``."""
    place = frame["id"].index_of(id)
    if place is None:
        return None
    row = frame.row(place, named=True)
    return Attachment(row, place + 1, frame.height, sentence(row, usual_intent(frame)))


def usual_intent(frame: pl.DataFrame) -> float | None:
    """Return the share of all told listens that were started on purpose and not skipped; ``None`` under 20."""
    told = int(frame["told"].sum())
    return int(frame["chosen"].sum()) / told if told >= MINIMUM_PLAYS else None
