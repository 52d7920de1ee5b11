"""Streaks: days in a row with music, with one artist, with one track."""

from typing import Any

import polars as pl

from core.analytics import streaks as metrics
from core.analytics.library import By
from core.analytics.selecting import ALL_TIME
from core.analytics.streaks import Streak
from core.domain.lens import Lens
from core.domain.period import Period
from core.domain.selection import Selection
from core.services.listening import Listening
from ui import formats
from ui.figures.panel import Listing, Make, Number, Shown, Strip, asked
from ui.figures.times import NO_PLAYS

LISTED = 50
RULE = "A streak is days in a row, by your own clock, with at least one play each."


def _days(count: int) -> str:
    return formats.plural(count, "day")


def _when(streak: Streak) -> str:
    return formats.days(Period(streak.start, streak.end))


def streaks(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Strip:
    """Return the longest streak, the present one, and how many days have music."""
    found = listening.streaks(user_id, today=selection.today, limit=LISTED, **asked(lens, selection))
    ever: dict[str, Any] = {"lens": lens, "period": ALL_TIME, "filters": selection.filters}
    now = listening.streaks(user_id, today=selection.today, limit=LISTED, **ever)
    days = listening.timeline(user_id, unit="day", compare=False, **asked(lens, selection))
    heard = days.filter(pl.col("plays") > 0).height
    frame = pl.DataFrame(
        {
            "longest_days": [found.longest.days if found.longest else 0],
            "current_days": [now.current.days if now.current else 0],
            "longest_ever_days": [now.longest.days if now.longest else 0],
            "days_with_plays": [heard],
            "days": [days.height],
        }
    )
    common: dict[str, Any] = {"frame": frame, "explained": RULE, "definition": "streaks.streaks"}
    about = "Days in a row with music"
    if found.longest is None:
        return Strip(NO_PLAYS, about, (), **common)
    present = f"since {formats.day(now.current.start)}" if now.current else "nothing today or yesterday"
    numbers = (
        Number("Longest streak", _days(found.longest.days), _when(found.longest)),
        Number("Going on", _days(now.current.days) if now.current else "none", present, "Whatever the range"),
        Number("Longest ever", _days(now.longest.days), _when(now.longest)) if now.longest else Number("Ever", "none"),
        Number("Days with music", formats.number(heard), f"of {_days(days.height)}"),
    )
    title = f"{_days(found.longest.days)} in a row" if found.longest.days > 1 else "Never two days in a row"
    return Strip(title, about, numbers, n=_days(heard), **common)


def streak_list(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return the longest streaks."""
    found = listening.streaks(user_id, today=selection.today, limit=LISTED, **asked(lens, selection))
    longest = found.longest
    return Listing(
        title=f"Longest: {_days(longest.days)}, {_when(longest)}" if longest else NO_PLAYS,
        about="The longest streaks",
        frame=found.ranked,
        columns=(Shown("When", "start", "days", until="end"), Shown("Days", "days", "bar")),
        empty="Nothing was played in this range; choose a longer one.",
        explained=RULE,
        definition="streaks.streaks",
        n=formats.plural(found.ranked.height, "streak"),
    )


def _of_things(by: By, few: str) -> Make:
    """Return the maker of the list of streaks of artists or tracks."""

    def made(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
        found = listening.ask(user_id, metrics.streaks_by, by=by, **asked(lens, selection))
        title = f"{found['name'][0]}: {_days(found['days'][0])} in a row" if found.height else few
        return Listing(
            title=title,
            about=f"The longest streak of each {by}",
            frame=found,
            columns=(
                Shown(by.title(), "name", "name", of=by)
                if by == "artist"
                else Shown(by.title(), "name", "name", of=by, under="artist", under_id="artist_id"),
                Shown("Days", "days", "bar"),
                Shown("When", "start", "days", until="end", phone=False),
                Shown("Plays", "plays", "number", phone=False, hint="In those days"),
            ),
            empty=f"No {by} was played on two days in a row in this range.",
            explained=f"Days in a row with at least one play of the same {by}.",
            definition="streaks.streaks_by",
            n=f"{formats.plural(found.height, 'streak')} listed",
        )

    return made


PANELS: dict[str, Make] = {
    "streaks": streaks,
    "streak-list": streak_list,
    "streaks-artists": _of_things("artist", "No artist two days in a row"),
    "streaks-tracks": _of_things("track", "No track two days in a row"),
}
