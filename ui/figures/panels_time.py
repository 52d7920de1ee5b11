"""When listening happens: calendar, clock, sessions, streaks, trips, milestones, the year's round."""

from datetime import date, timedelta
from typing import Any

import polars as pl

from core.analytics import calendar as calendar_metrics
from core.analytics import clock as clock_metrics
from core.domain.lens import Lens
from core.domain.period import Period
from core.domain.selection import Selection
from core.services.listening import Listening
from ui import formats
from ui.figures import panels_moments, panels_seasons, panels_sessions, panels_streaks
from ui.figures.calendar import calendar as calendar_figure
from ui.figures.clock import WEEKDAYS
from ui.figures.hours import SEASONS, season_hours
from ui.figures.hours import hours as hours_figure
from ui.figures.panel import Listing, Make, Number, Picture, Shown, Strip, asked
from ui.figures.rows import value
from ui.figures.times import NO_PLAYS, amount, o_clock, plays

FLAT = 1.25 / 24  # a busiest hour below this is hardly busier than any other
MOST_DAYS = 400  # thirteen months; of a longer range the last twelve are shown


def calendar(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return the days of the range, or of its last twelve months, as a calendar. Itself the source of a brush."""
    whole: dict[str, Any] = {"lens": lens, "period": selection.period, "filters": selection.filters}
    every = listening.ask(user_id, calendar_metrics.days, **whole)
    frame, metric = _last_months(every), selection.metric
    cut = "; the last twelve months of the range" if frame.height < every.height else ""
    found = frame.with_columns(value(metric).alias("value")).sort("value", "day", descending=[True, False])
    title, words, heard = NO_PLAYS, NO_PLAYS, frame.filter(pl.col("plays") > 0).height
    if heard:
        busiest = found.row(0, named=True)
        title = f"Most on {formats.day(busiest['day'])}: {amount(busiest['value'], metric)}"
        words = (
            f"{metric.title()} by day, {_span(frame)}. {title}. {formats.plural(frame.height - heard, 'day')} without."
        )
    rows = frame.select(
        pl.col("week").dt.to_string("%Y-%m-%d"),
        pl.col("weekday").replace_strict(dict(enumerate(WEEKDAYS)), return_dtype=pl.String),
        pl.col("day").dt.to_string("%-d %b %Y"),
        value(metric).alias("value"),
        pl.col("day").dt.to_string("%Y-%m-%d..%Y-%m-%d").alias("pick_brush"),
    )
    count = f"{plays(int(frame['plays'].sum()))} on {formats.plural(heard, 'day')}"
    explained = "Each square is a day, each column a week from Monday on; click a day to see only that one."
    table = frame.select("day", value(metric).alias(metric))
    about = f"{metric.title()} by day{cut}"
    spec = calendar_figure(metric)
    return Picture(title, about, frame, table, rows.to_arrow(), spec, words, explained, "calendar.days", count)


def _last_months(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the days as they are, or the last twelve months of them where there are more than thirteen."""
    if frame.height <= MOST_DAYS:
        return frame
    last: date = frame["day"][-1]
    return frame.filter(pl.col("day") > calendar_metrics.same_day(last, last.year - 1))


def _span(frame: pl.DataFrame) -> str:
    return formats.days(Period(frame["day"][0], frame["day"][-1] + timedelta(days=1)))


def hours(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return plays or hours by hour of the day. Itself the source of the filter by hour."""
    metric = selection.metric
    frame = listening.hours(user_id, **asked(lens, selection.without("hour")))
    shown = frame.with_columns(value(metric).alias("value"))
    whole = float(shown["value"].sum())
    title, words = NO_PLAYS, NO_PLAYS
    if frame["plays"].sum():
        peak = shown.sort("value", descending=True, maintain_order=True).row(0, named=True)
        title = (
            f"Most between {peak['hour']}:00 and {(peak['hour'] + 1) % 24}:00: {formats.share(peak['value'] / whole)}"
        )
        words = f"{metric.title()} by hour of the day. {title}."
    hour = pl.col("hour").cast(pl.Int64)
    rows = shown.select(hour, "value", (pl.col("value") / (whole or 1)).alias("part"), hour.alias("pick_hour"))
    explained = "A listen lies in the hour it ended, by your own clock; click an hour to see only that one."
    return Picture(
        title=title,
        about="Plays by hour of the day" if metric == "plays" else "Hours of listening by hour of the day",
        frame=frame,
        table=shown.select("hour", pl.col("value").alias(metric)),
        rows=rows.to_arrow(),
        spec=hours_figure(metric),
        alternative=words,
        explained=explained,
        definition="clock.hours",
        n=plays(int(frame["plays"].sum())),
    )


def clock_seasons(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return the hours of the day in each quarter of the year."""
    frame = listening.ask(user_id, clock_metrics.season_hours, **asked(lens, selection.without("hour")))
    named = frame.with_columns(
        pl.col("season").replace_strict(dict(enumerate(SEASONS)), return_dtype=pl.String), pl.col("hour").cast(pl.Int64)
    )
    title = _peaks(frame)
    rows = named.filter(pl.col("share").is_not_null()).select(
        "season", "hour", "plays", "share", pl.col("hour").alias("pick_hour")
    )
    return Picture(
        title=title,
        about="Share of each season's plays by hour of the day",
        frame=frame,
        table=named.pivot("hour", index="season", values="plays"),
        rows=rows.to_arrow(),
        spec=season_hours(),
        alternative=f"Plays by hour of the day in four parts of the year. {title}.",
        explained="Each row is a part of the year and adds up to all of its plays; a row under 20 plays stays empty.",
        definition="clock.season_hours",
        n=plays(int(frame["plays"].sum())),
    )


def _peaks(frame: pl.DataFrame) -> str:
    """Return in words where the busiest hour lies in the seasons that have enough plays."""
    known = frame.filter(pl.col("share").is_not_null()).sort("season", "share", "hour", descending=[False, True, False])
    peaks = known.group_by("season", maintain_order=True).agg(pl.col("hour").first()).rows()
    if not peaks:
        return "Too few plays to tell the seasons apart" if frame["plays"].sum() else NO_PLAYS
    if known["share"].max() < FLAT:  # type: ignore[operator]
        return "No hour stands out in any season"
    early, late = min(peaks, key=lambda peak: peak[1]), max(peaks, key=lambda peak: peak[1])
    if early[1] == late[1]:
        where = "in every season" if len(peaks) == 4 else f"in {_seasons(peaks)}"
        return f"Busiest around {early[1]}:00 {where}"
    names = clock_metrics.SEASONS
    return f"Busiest around {early[1]}:00 from {names[early[0]]}, around {late[1]}:00 from {names[late[0]]}"


def _seasons(peaks: list[tuple[int, int]]) -> str:
    return " and ".join(clock_metrics.SEASONS[season] for season, _ in peaks)


def best_of_hours(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return the most played artist of each hour of the day."""
    found = listening.ask(user_id, clock_metrics.best_of_hours, **asked(lens, selection.without("hour")))
    count = int(found["plays"].sum())
    leading = found.filter(pl.col("name").is_not_null())["name"].value_counts(sort=True)
    leading = leading.sort("count", "name", descending=[True, False])
    title = "No artist is known of these plays" if count else NO_PLAYS
    if leading.height:
        led = leading["count"][0]
        hours = "every hour" if led == 24 else formats.plural(led, "hour")
        title = f"{leading['name'][0]} leads {hours} of the day"
    of = pl.concat_str("hour", pl.lit(":00"))
    return Listing(
        title=title,
        about="The most played artist of each hour",
        frame=found.with_columns(of.alias("time")) if count else found.clear().with_columns(of.alias("time")),
        columns=(
            Shown("Hour", "time", "filter", of="hour", id="hour"),
            Shown("Artist", "name", "name"),
            Shown("Plays", "best", "bar", hint="Plays of that artist in that hour"),
            Shown("Share", "share", "share", hint="Of all plays of that hour; from 20 plays on", phone=False),
            Shown("All plays", "plays", "number", phone=False),
        ),
        empty="Nothing was played in this range; choose a longer one.",
        explained="A dash stands for an hour in which nothing was played.",
        definition="clock.best_of_hours",
        n=plays(count),
        limit=24,
    )


def day_shares(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Strip:
    """Return the middle of the day, its spread, nights and weekends."""
    found = listening.ask(user_id, clock_metrics.day_shape, **asked(lens, selection))
    frame = pl.DataFrame([{name: getattr(found, name) for name in clock_metrics.DayShape.__slots__}])
    common: dict[str, Any] = {"frame": frame, "definition": "clock.day_shape", "n": plays(found.plays)}
    about = "Shares of plays by your own clock"
    if found.night is None or found.weekend is None or found.hours is None or found.together is None:
        few = "Too few plays for shares: 20 are needed" if found.plays else NO_PLAYS
        return Strip(few, about, (), **common)
    middle = o_clock(found.middle) if found.middle is not None else ""
    title = f"Your listening day lies around {middle}" if middle else "You listen all around the clock"
    numbers = (
        Number("Middle of your day", middle or "none", _gathered(found.together), "The hour around which plays lie"),
        Number("Spread", f"{round(found.hours)} of 24 hours", _spread(found.hours), "Plays spread over so many hours"),
        Number("At night", formats.share(found.night), _against(found.night, found.even_night), "From 0:00 to 4:59"),
        Number(
            "At weekends",
            formats.share(found.weekend),
            _against(found.weekend, found.even_weekend),
            "On Saturdays and Sundays",
        ),
    )
    explained = "Compared with what it would be if every hour of the range were alike."
    return Strip(title, about, numbers, explained=explained, **common)


def _spread(hours: float) -> str:
    """Return in words over how much of the day plays spread."""
    if hours >= 19:
        return "any time of the day"
    return "most of the day" if hours >= 13 else "a part of the day" if hours >= 7 else "a few hours alone"


def _gathered(together: float) -> str:
    """Return in words how closely plays lie around the middle of the day."""
    if together >= 0.6:
        return "most plays lie close to it"
    return "plays lie loosely around it" if together >= 0.3 else "plays lie almost all around the clock"


def _against(share: float, even: float) -> str:
    """Return a share against an even spread."""
    if not even:
        return "none in this range"
    times = share / even
    if 0.9 <= times <= 1.1:
        return f"as evenly spread: {formats.share(even)}"
    return f"{'more' if times > 1 else 'less'} than evenly spread: {formats.share(even)}"


PANELS: dict[str, Make] = {
    "calendar": calendar,
    "clock-seasons": clock_seasons,
    "hours": hours,
    "best-of-hours": best_of_hours,
    "day-shares": day_shares,
    **panels_sessions.PANELS,
    **panels_streaks.PANELS,
    **panels_moments.PANELS,
    **panels_seasons.PANELS,
}
