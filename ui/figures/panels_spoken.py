"""Podcasts and audiobooks, apart from music."""

from dataclasses import replace

import polars as pl

from core.analytics import spoken as analytics
from core.domain.lens import Lens
from core.domain.listen import Kind
from core.domain.selection import Selection
from core.services.listening import Listening
from ui import formats
from ui.figures import habits as figures
from ui.figures.panel import Listing, Make, Number, Picture, Shown, Strip, asked
from ui.figures.panels_devices import piled, step_for
from ui.figures.rows import MS_PER_HOUR

WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
NOTHING = "No podcast or audiobook was played in this range."
FINISHED = "An episode counts as heard to the end when one of its listens ended by itself."
EXPLAINED = f"Counted apart from music, with the same rules otherwise. {FINISHED}"


def spoken_lens(lens: Lens) -> Lens:
    """Return the lens that shows podcasts and audiobooks alone."""
    return replace(lens, kinds=(Kind.PODCAST, Kind.AUDIOBOOK))


def spoken(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Strip:
    """Return the sums of podcasts and audiobooks."""
    found = listening.ask(user_id, analytics.summary, **asked(spoken_lens(lens), selection))
    frame = pl.DataFrame(
        {"plays": [found.plays], "ms_played": [found.ms_played], "shows": [found.shows], "episodes": [found.episodes]}
        | {
            "ms_audiobooks": [found.book_ms],
            "finished": [found.finished.part],
            "episodes_that_tell": [found.finished.whole],
        }
    )
    if not found.ms_played:
        return Strip("No podcasts or audiobooks here", NOTHING, (), frame, EXPLAINED, "spoken.summary")
    share = found.finished.share
    when = f"{WEEKDAYS[found.peak[0]]} around {found.peak[1]}:00" if found.peak else "–"
    numbers = (
        Number("Time", formats.hours(found.ms_played), _books(found)),
        Number("Shows and books", formats.number(found.shows), formats.plural(found.episodes, "episode")),
        Number("Heard to the end", "–" if share is None else formats.share(share), _told(found), FINISHED),
        Number("Most on", when, "by time, your own clock"),
    )
    title = f"{formats.hours(found.ms_played)} of podcasts and audiobooks"
    n = formats.plural(found.plays, "play")
    return Strip(title, "Podcasts and audiobooks", numbers, frame, EXPLAINED, "spoken.summary", n)


def _books(found: analytics.Spoken) -> str:
    """Return how much of the time was audiobooks."""
    return f"{formats.hours(found.book_ms)} of it audiobooks" if found.book_ms else "all of it podcasts"


def _told(found: analytics.Spoken) -> str:
    """Return of how many episodes the share is."""
    whole = found.finished.whole
    return f"of {formats.plural(whole, 'episode')}" if whole >= 20 else "Too few to say: under 20 episodes tell"


def timeline(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return hours of podcasts and audiobooks by month or year."""
    unit = step_for(selection.shown)
    frame = listening.ask(user_id, analytics.spoken_over_time, unit=unit, **asked(spoken_lens(lens), selection))
    hours = frame.select(
        "start", Podcasts=pl.col("ms_podcasts") / MS_PER_HOUR, Audiobooks=pl.col("ms_audiobooks") / MS_PER_HOUR
    )
    rows = piled(hours.unpivot(index="start", variable_name="name", value_name="value"), unit)
    rows = rows.filter(pl.col("value").sum().over("name") > 0)
    title = "No podcasts or audiobooks here"
    if rows.height:
        whole = hours.select("start", value=pl.col("Podcasts") + pl.col("Audiobooks"))
        most = whole.sort("value", "start", descending=[True, False]).row(0, named=True)
        name = f"{most['start']:%B %Y}" if unit == "month" else f"{most['start']:%Y}"
        title = f"Most in {name}: {formats.hours(most['value'] * MS_PER_HOUR)}"
    about = f"Hours of podcasts and audiobooks by {unit}"
    spec = figures.stacked("Hours", ",.0f", step=unit)
    explained = "The time of all listens, also those too short to count as a play."
    n = formats.hours(int(frame["ms_podcasts"].sum()) + int(frame["ms_audiobooks"].sum()))
    return Picture(
        title, about, frame, hours, rows.to_arrow(), spec, f"{about}. {title}.", explained, "spoken.spoken_over_time", n
    )


def shows(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return the shows and books listened to longest."""
    found = listening.ask(user_id, analytics.shows, **asked(spoken_lens(lens), selection))
    named = pl.when(pl.col("name") == "").then(pl.lit("No name given")).otherwise("name")
    frame = found.with_columns(name=named)
    title = "No podcasts or audiobooks here"
    if frame.height:
        title = f"Longest with: {frame['name'][0]}, {formats.hours(frame['ms_played'][0])}"
    columns = (
        Shown("Show or book", "name", "text"),
        Shown("Kind", "kind", "text", phone=False),
        Shown("Time", "ms_played", "hours"),
        Shown("Episodes", "episodes", "number"),
        Shown("To the end", "finished", "number", phone=False, hint=FINISHED),
        Shown("First", "first", "day", phone=False),
        Shown("Last", "last", "day"),
    )
    n = formats.plural(frame.height, "show")
    return Listing(title, "By time", frame, columns, NOTHING, FINISHED, "spoken.shows", n, limit=20)


def episodes(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return the episodes heard last."""
    found = listening.ask(user_id, analytics.episodes, **asked(spoken_lens(lens), selection))
    local = pl.col("last").dt.convert_time_zone(lens.timezone).dt.replace_time_zone(None)
    ended = (
        pl.col("finished")
        .replace_strict({True: "to the end", False: "in part"}, return_dtype=pl.String)
        .fill_null("not told")
    )
    frame = found.with_columns(last=local, heard=ended)
    title = f"Heard last: {frame['name'][0]}" if frame.height else "No episodes here"
    columns = (
        Shown("Episode", "name", "text", under="show"),
        Shown("Show or book", "show", "text"),
        Shown("Last heard", "last", "moment"),
        Shown("Time", "ms_played", "duration"),
        Shown("Heard", "heard", "text", phone=False),
    )
    n = formats.plural(frame.height, "episode")
    return Listing(title, "The latest first", frame, columns, NOTHING, FINISHED, "spoken.episodes", n, limit=20)


PANELS: dict[str, Make] = {"spoken": spoken, "spoken-timeline": timeline, "shows": shows, "episodes": episodes}
