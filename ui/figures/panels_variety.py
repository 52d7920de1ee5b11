"""How varied listening is, how concentrated, and who ranks higher by time than by plays."""

from dataclasses import replace

import numpy as np
import polars as pl

from core.analytics import longform, variety
from core.analytics.variety import MOST_COMPARED, Variety
from core.domain.lens import Lens
from core.domain.selection import Selection
from core.services.listening import Listening
from ui import formats
from ui.figures.course import course
from ui.figures.panel import Listing, Make, Number, Picture, Shown, Strip, asked
from ui.figures.spans import label, marked, step_for
from ui.figures.variety import concentration as curve

POINTS = 160


def varied(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Strip:
    """Return over how many artists plays are spread, against the time before."""
    found = listening.ask(user_id, variety.variety, **asked(lens, selection))
    count = formats.plural(found.plays, "play")
    title = _spread(found)
    numbers = (
        Number("Artists", formats.number(found.different), "with at least one play"),
        Number("As varied as", _or_dash(found.effective), _than_before(listening, user_id, lens, selection, found),
               "So many artists, all played equally often, would be as varied"),
        Number("Half of all plays", _or_dash(found.half), "the fewest artists that make it up"),
        Number("The ten most played", formats.share(found.top_ten) if found.top_ten is not None else "–",
               "of all plays"),
        Number("Unevenness", f"{found.gini:.2f}" if found.gini is not None else "–", "0: all alike, 1: one has it all",
               "The Gini index of plays per artist"),
    )  # fmt: skip
    frame = pl.DataFrame([{name: getattr(found, name) for name in found.__slots__}])
    about = "Artists, and the share of plays the most played ones have"
    explained = "“As varied as” weighs artists by their plays: one play of a hundred others adds little to it."
    return Strip(title, about, numbers, frame, explained, "variety.variety", count)


def _spread(found: Variety) -> str:
    if found.half is None:
        return (
            f"{formats.plural(found.plays, 'play')}: too few to tell how varied"
            if found.plays
            else "No plays of known artists"
        )
    return f"Half of it comes from {formats.plural(found.half, 'artist')} out of {formats.number(found.different)}"


def _or_dash(value: float | None) -> str:
    return "–" if value is None else formats.number(value)


def _than_before(listening: Listening, user_id: int, lens: Lens, selection: Selection, now: Variety) -> str:
    """Return how the variety compares with the time before, both thinned to the same number of plays."""
    before = selection.versus or selection.shown.before()
    if before is None or now.effective is None:
        return "artists played equally often"
    chosen = asked(lens, selection) | {"period": before}
    size = min(MOST_COMPARED, now.plays, listening.ask(user_id, variety.variety, **chosen).plays)
    then = listening.ask(user_id, variety.rarefied, size=size, **chosen)
    same = listening.ask(user_id, variety.rarefied, size=size, **asked(lens, selection))
    if then is None or same is None:
        return "artists played equally often"
    change = formats.change(same[1], then[1])
    other = formats.days(selection.versus) if selection.versus else "the time before"
    return f"{change} against {other}" if not change.startswith("±") else f"as much as {other}"


def over_time(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return variety by month or quarter."""
    chosen = replace(selection, brush=None)
    step = step_for(chosen.shown)
    frame = listening.ask(user_id, variety.variety_over_time, unit=step, **asked(lens, chosen))
    size = int(frame["of"].max() or 0) if frame.height else 0  # type: ignore[arg-type]
    rows = marked(frame, step, chosen.shown).select(
        "start", "label", "plays", "different", pl.col("thinned_effective").alias("value"), "pick_brush"
    )
    known = frame.drop_nulls("thinned_effective").sort("thinned_effective")
    title = "Too few plays to tell how varied each month was"
    if known.height > 1:
        title = f"Most varied in {label(known['start'][-1], step)}, least in {label(known['start'][0], step)}"
        if known["thinned_effective"][-1] - known["thinned_effective"][0] < 0.5:  # the same number in the picture
            title = "Equally varied all the time"
    elif known.height:
        title = f"As varied as {formats.plural(round(known['thinned_effective'][0]), 'artist')} played equally often"
    about = f"Artists played equally often that would be as varied, among {formats.number(size)} random plays"
    explained = "Each one is thinned to the same number of plays: who plays more hears more artists, varied or not."
    tips = (("different", "Artists in all", ",d"), ("plays", "Plays", ",d"))
    spec = course("Artists of equal weight", ",.0f", tips=tips)
    count = formats.plural(int(frame["plays"].sum()), "play")
    table = rows.select(pl.col("label").alias("time"), "plays", "different", pl.col("value").alias("as_varied_as"))
    return Picture(
        title, about, frame, table, rows.to_arrow(), spec, f"{about}. {title}.", explained,
        "variety.variety_over_time", count,
    )  # fmt: skip


def concentrated(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return how much the most played artists make up together."""
    chosen = selection.without("artist")
    frame = listening.ask(user_id, variety.concentration, **asked(lens, chosen))
    plays = int(frame["plays"].sum())
    title = "No plays of known artists in this range"
    if plays:
        few = min(10, frame.height)
        title = f"{formats.share(frame['together'][few - 1])} of plays go to {formats.plural(few, 'artist')}"
    places = np.unique(np.geomspace(1, max(1, frame.height), POINTS).round().astype(int)) - 1
    rows = frame[places[places < frame.height]] if frame.height else frame
    told = pl.col("rank").is_in([1, 10, 100, 1_000, 10_000])
    words = pl.format("{} %", (pl.col("together") * 100).round(0).cast(pl.Int64))
    rows = rows.with_columns(
        pl.col("rank").cast(pl.Int64),
        told=pl.when(told).then(words).otherwise(pl.lit("")),
        pick_artist=pl.col("id").cast(pl.String),
    ).select("rank", "name", "plays", "together", "told", "pick_artist")
    about = "Share of plays of the most played artists, added up"
    explained = "A line that rises early means a few favourites; one that rises late means many artists in turn."
    table = frame.select("rank", "name", "plays", "share", "together")
    return Picture(
        title, about, frame, table, rows.to_arrow(), curve("artists"), f"{about}. {title}.", explained,
        "variety.concentration", formats.plural(plays, "play"),
    )  # fmt: skip


def long_form(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return the artists that rank higher by time than by plays, and lower."""
    frame = listening.ask(user_id, longform.long_form, **asked(lens, selection))
    alike = listening.ask(user_id, longform.agreement, **asked(lens, selection))
    best = frame.filter(pl.col("gained") > 0)
    title = "By plays or by time, the same order"
    if best.height:
        gained = best["gained"][0]
        title = f"{best['name'][0]} ranks {formats.plural(gained, 'place')} higher by time than by plays"
    elif not frame.height:
        title = "No artist with 20 plays in this range"
    explained = "Long tracks weigh more by time; only artists with 20 plays and more are compared."
    if alike is not None:
        explained += f" Over all artists the two orders agree {_agreement(alike)}."
    columns = (
        Shown("Artist", "name", "name"),
        Shown("By plays", "rank_plays", "number"),
        Shown("By time", "rank_time", "number"),
        Shown("Places", "gained", "number", hint="Higher by time than by plays; below 0: lower"),
        Shown("A play lasts", "ms_each", "duration", phone=False),
        Shown("Plays", "plays", "number", phone=False),
    )
    empty = "No artist has 20 plays in this range; choose a longer one."
    count = formats.plural(frame.height, "artist")
    about = "Places by plays and by time"
    return Listing(title, about, frame, columns, empty, explained, "longform.long_form", count)


def _agreement(alike: float) -> str:
    """Return a correlation of ranks in words."""
    words = ((0.95, "almost wholly"), (0.8, "largely"), (0.5, "in part"), (-1.0, "hardly"))
    return next(word for least, word in words if alike >= least)


PANELS: dict[str, Make] = {
    "variety": varied,
    "variety-over-time": over_time,
    "concentration": concentrated,
    "long-form": long_form,
}
