"""What could go from a playlist: the same song again, songs never played, songs mostly skipped, files of one's own."""

from datetime import date, timedelta

import polars as pl

from core.analytics.listed import Listed
from core.analytics.playlist_songs import songs
from core.analytics.view import View

WAITED = timedelta(days=90)  # that a song must be on the list before never playing it says anything
REASONS = {
    "again": "the same song again",
    "edition": "the same recording from another release",
    "never": "never played",
    "skipped": "mostly skipped",
}


def duplicates(view: View, listed: Listed) -> pl.DataFrame:
    """Return entries that stood on a playlist before: columns of ``songs``, first (i64, its position), why (str).

    ``why``: ``again`` for the same address (or the same names where it has none), ``edition`` for the same recording.
    Source: comparison of addresses and of names without the words of an edition.
    """
    frame = listed.frame.filter(pl.col("kind").is_in(["track", "local"]))
    names = pl.concat_str("artist", "name", separator="\x1f").str.to_lowercase()
    place, address = pl.col("position") + 1, pl.col("uri") != ""
    exact = pl.when(address).then("uri").otherwise(names)  # addresses tell capitals apart
    marked = frame.with_columns(exact=exact).with_columns(twin=place.min().over("exact"), like=place.min().over("same"))
    marked = marked.with_columns(first=pl.when(address).then(pl.min_horizontal("twin", "like")).otherwise("like"))
    later = marked.filter(pl.col("position") + 1 > pl.col("first")).select(
        (pl.col("position") + 1).alias("position"),
        "first",
        why=pl.when(pl.col("twin") < pl.col("position") + 1).then(pl.lit("again")).otherwise(pl.lit("edition")),
    )
    return songs(view, listed).join(later, on="position", how="inner").sort("position")


def never(view: View, listed: Listed, *, as_of: date) -> pl.DataFrame:
    """Return songs that were never played and are on the list for 90 days or longer, or nobody knows since when.

    ``view`` holds the whole history up to ``as_of``. Columns as ``songs``, the oldest entries first.
    Source: counts.
    """
    waited = pl.col("added").is_null() | (pl.col("added") <= as_of - WAITED)
    return songs(view, listed).filter((pl.col("state") == "never") & waited).sort("added", "position", nulls_last=True)


def skipped(view: View, listed: Listed) -> pl.DataFrame:
    """Return songs that are mostly skipped: columns of ``songs`` and share (f64 of starts), most skipped first.

    Source: as in ``songs``.
    """
    found = songs(view, listed).filter(pl.col("state") == "skipped")
    return found.with_columns(share=pl.col("skips") / pl.col("starts")).sort(
        ["share", "starts", "position"], descending=[True, True, False]
    )


def local(view: View, listed: Listed) -> pl.DataFrame:
    """Return what on a playlist is a file of somebody's own or no music; columns as ``songs``.

    Source: the kind an export or Spotify gives each entry.
    """
    kinds = listed.frame.select((pl.col("position") + 1).alias("position"), "kind")
    return songs(view, listed).join(kinds, on="position").filter(pl.col("kind") != "track").sort("position")


def suggestions(view: View, listed: Listed, *, as_of: date) -> pl.DataFrame:
    """Return every entry that could go, once, with why: position, name, artist, why (see ``REASONS``), by position.

    Of the same song the first entry stays, unless it could go for another reason.
    Source: ``duplicates``, ``never`` and ``skipped``; an entry of several has the first of them.
    """
    parts = [
        duplicates(view, listed).select("position", "name", "artist", "why"),
        *(
            frame.select("position", "name", "artist", pl.lit(why).alias("why"))
            for why, frame in (("never", never(view, listed, as_of=as_of)), ("skipped", skipped(view, listed)))
        ),
    ]
    return pl.concat(parts).unique("position", keep="first", maintain_order=True).sort("position")


def cleaned(view: View, listed: Listed, *, as_of: date) -> pl.DataFrame:
    """Return the entries a playlist would have without what could go; columns as ``songs``, spoken entries stay."""
    gone = suggestions(view, listed, as_of=as_of)["position"]
    return songs(view, listed).filter(~pl.col("position").is_in(gone.implode()))
