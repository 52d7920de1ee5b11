"""One thing among all: places, shares, the time between plays; and how the first ten of a list changed places."""

from datetime import timedelta
from functools import partial

import polars as pl

from core.analytics import pauses, story
from core.analytics.counting import Metric
from core.analytics.library import By
from core.domain.lens import Lens
from core.domain.selection import Selection
from core.services.listening import Listening
from ui import formats
from ui.figures import bump as bumps
from ui.figures import panels_company, panels_story, ranks
from ui.figures.panel import Make, Picture, asked
from ui.figures.rows import MS_PER_HOUR
from ui.figures.things import BY_STEP, PLURALS, among_all, bucket_words, span_words, step_for, thing
from ui.figures.times import NO_PLAYS, ordinal

LABEL = 22  # letters of a name at the end of a line


def bump(listening: Listening, user_id: int, lens: Lens, selection: Selection, *, by: By) -> Picture:
    """Return how the first ten changed places along the range."""
    unit, metric = step_for(selection.shown, few=True), selection.metric
    order: Metric = "plays" if metric == "plays" else "time"
    frame = listening.rank_history(user_id, by=by, n=10, unit=unit, metric=order, **asked(lens, selection))
    picked = f"pick_{by}"
    rows = _lines(frame, picked)
    names = frame["name"].unique(maintain_order=True).to_list()
    title, about = NO_PLAYS, f"Place among all {PLURALS[by]} by {metric}, {BY_STEP[unit]}; the first three in colour"
    if names:
        title = _leader(frame)
    table = frame.select("start", "name", "rank", "plays", hours=pl.col("ms_played") / MS_PER_HOUR)
    words = f"{about}. {title}. From the first place: {', '.join(names)}." if names else "No plays."
    explained = f"Each line is one of the range's first ten; it breaks where it fell below place {bumps.LOWEST}."
    plays = int(frame["plays"].sum())
    return Picture(
        title,
        about,
        frame,
        table,
        rows.to_arrow(),
        bumps.bump(unit, picked),
        words,
        explained,
        "timeline.rank_history",
        f"{formats.plural(plays, 'play')} of these ten" if plays else "",
    )


def _lines(frame: pl.DataFrame, picked: str) -> pl.DataFrame:
    """Return the rows of the lines: ranks far down left out, names at the ends, the first three marked."""
    order = frame["id"].unique(maintain_order=True).to_list()
    kept = frame.with_columns(
        rank=pl.when(pl.col("rank") <= bumps.LOWEST).then(pl.col("rank").cast(pl.Int64)),
        hours=pl.col("ms_played") / MS_PER_HOUR,
        lead=pl.col("id").is_in(order[:3]),
        id=pl.col("id").cast(pl.Int64),
        **{picked: pl.col("id").cast(pl.Int64)},
    )
    last = pl.when(pl.col("rank").is_not_null()).then("start").max().over("id")
    short = pl.when(pl.col("name").str.len_chars() > LABEL).then(
        pl.col("name").str.slice(0, LABEL - 1) + "…"
    ).otherwise("name")  # fmt: skip
    label = pl.when((pl.col("start") == last) & pl.col("rank").is_not_null()).then(short).otherwise(pl.lit(""))
    named = kept.with_columns(label=label, ends=(pl.col("start") == last) & pl.col("rank").is_not_null())
    here = ("start", "rank", "ends")
    more = pl.len().over(here) - 1  # lines that end at the same point share one label
    alone = pl.when(~pl.col("ends") | (more == 0)).then("label").when(pl.int_range(pl.len()).over(here) == 0).then(
        pl.format("{} +{}", "label", more)
    ).otherwise(pl.lit(""))  # fmt: skip
    return named.with_columns(label=alone).select(
        "start", "id", "name", "label", "lead", "rank", "plays", "hours", picked
    )


def _leader(frame: pl.DataFrame) -> str:
    """Return who was on the first place most often, of those who end up among the first ten."""
    firsts = frame.filter(pl.col("rank") == 1).group_by("name").len().sort("len", "name", descending=[True, False])
    buckets = frame["start"].n_unique()
    if firsts.is_empty():
        return f"{frame['name'][0]} leads, without one time on the first place"
    name, times = firsts.row(0)
    return f"{name} was first {times} of {formats.plural(buckets, 'time')}"


def _course(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> pl.DataFrame:
    """Return the course of the selection's thing among all."""
    by, id = thing(selection)
    order: Metric = "plays" if selection.metric == "plays" else "time"
    every = among_all(selection)
    unit = step_for(selection.shown)
    return listening.ask(user_id, story.course, **asked(lens, every), by=by, id=id, unit=unit, metric=order)


def rank_history(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return which place it had in each month or quarter among all of its kind."""
    (by, _), unit = thing(selection), step_for(selection.shown)
    frame = _course(listening, user_id, lens, selection)
    played = frame.filter(pl.col("rank").is_not_null())
    title = NO_PLAYS
    if played.height:
        best = played.sort("rank", "start").row(0, named=True)
        among = formats.plural(best["of"], by)
        title = f"Highest in {bucket_words(best['start'], unit)}: {ordinal(best['rank'])} of {among}"
    about = f"Place among all {PLURALS[by]} by {selection.metric}, {BY_STEP[unit]}"
    rows = frame.select("start", "rank", "of", "plays").to_arrow()
    table = frame.select("start", "rank", "of", "plays")
    explained = "The first place is on top; a gap means it was not played. Further down the places lie closer together."
    n = formats.plural(int(frame["plays"].sum()), "play")
    words = f"{about}. {title}."
    spec = ranks.rank_history(unit)
    return Picture(title, about, frame, table, rows, spec, words, explained, "story.course", n)


def share_over_time(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return how much of all listening it was in each month or quarter."""
    unit, metric = step_for(selection.shown), selection.metric
    frame = _course(listening, user_id, lens, selection)
    title = NO_PLAYS
    if frame["plays"].sum():
        most = frame.sort("share", "start", descending=[True, False], nulls_last=True).row(0, named=True)
        title = f"Most in {bucket_words(most['start'], unit)}: {formats.share(most['share'])} of all {metric}"
    about = f"Share of all {metric}, {BY_STEP[unit]}"
    rows = frame.select("start", "share", "plays").to_arrow()
    table = frame.select("start", pl.col("share") * 100, "plays").rename({"share": "per_cent"})
    explained = "Its part of everything you played in the same time, so a quiet month does not make it look smaller."
    n = formats.plural(int(frame["plays"].sum()), "play")
    words = f"{about}. {title}."
    spec = ranks.share_over_time(unit, metric)
    return Picture(title, about, frame, table, rows, spec, words, explained, "story.course", n)


def time_between(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return how long it took from each play to the next one."""
    by, _ = thing(selection)
    frame = listening.ask(user_id, pauses.pauses, **asked(lens, selection))
    beat = listening.ask(user_id, pauses.rhythm, **asked(lens, selection))
    title = "Played too seldom to say how often it comes back"
    if beat.median is not None:
        title = f"Half of the time it is played again within {_hours(beat.median)}"
    about = f"Plays by the time since the play of the same {by} before"
    explained = "Counted from the end of one play to the end of the next, within the range."
    table = frame.select("pause", "plays", per_cent=pl.col("share") * 100)
    words = f"{about}. {title}."
    n = f"{formats.plural(beat.pauses, 'pause')} between plays"
    return Picture(
        title, about, frame, table, frame.to_arrow(), ranks.time_between(), words, explained, "pauses.pauses", n
    )


def _hours(hours: float) -> str:
    return span_words(timedelta(hours=hours))


PANELS: dict[str, Make] = {
    "bump": partial(bump, by="artist"),
    "bump-albums": partial(bump, by="album"),
    "bump-tracks": partial(bump, by="track"),
    "rank-history": rank_history,
    "share-over-time": share_over_time,
    "time-between": time_between,
    **panels_story.PANELS,
    **panels_company.PANELS,
}
