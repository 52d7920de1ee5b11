"""What one artist, album or track is heard with: its sessions, and what is played near it."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from core.analytics import companions, pauses
from core.analytics.companions import Company
from core.analytics.pauses import Rhythm
from core.analytics.skipping import MINIMUM_STARTS
from core.domain.lens import Lens
from core.domain.selection import Selection
from core.services.listening import Listening
from ui import formats
from ui.figures.panel import Listing, Make, Number, Shown, Strip, asked
from ui.figures.things import PLURALS, among_all, span_words, thing
from ui.figures.times import NO_PLAYS


def item_sessions(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Strip:
    """Return how it is played: alone or among others, how often in a row, and how long the pauses are."""
    by, id = thing(selection)
    every = asked(lens, among_all(selection))
    kept = listening.ask(user_id, companions.company, by=by, id=id, gap_minutes=selection.gap, **every)
    beat = listening.ask(user_id, pauses.rhythm, **asked(lens, selection))
    about = f"The sessions it was played in; a silence of {selection.gap} minutes ends one"
    columns = {name: [getattr(kept, name)] for name in ("sessions", "of", "alone", "opened", "plays", "run", "run_at")}
    frame = pl.DataFrame(columns, schema_overrides={"run_at": pl.Datetime("us", "UTC")})
    explained = "Alone: a session with nothing else in it. In a row: no other play between, in one session."
    n = f"{formats.plural(kept.sessions, 'session')} with it"
    return Strip(_company_title(kept), about, _company(kept, beat, lens), frame, explained, "companions.company", n)


def _company(kept: Company, beat: Rhythm, lens: Lens) -> tuple[Number, ...]:
    if not kept.sessions:
        return ()
    share = f"{formats.share(kept.sessions / kept.of)} of all" if kept.of >= MINIMUM_STARTS else "with it"
    run = _day(kept.run_at, lens)
    pause = span_words(beat.back - beat.left) if beat.back and beat.left else "–"
    since = f"until {_day(beat.back, lens)}" if beat.back else "played once"
    return (
        Number("Sessions", formats.number(kept.sessions), share),
        Number("Plays a session", formats.number(kept.plays / kept.sessions, decimals=1), "when it is in one"),
        Number("Alone", formats.number(kept.alone), f"of its {formats.plural(kept.sessions, 'session')}"),
        Number("Opened", formats.number(kept.opened), "sessions began with it"),
        Number("Most in a row", formats.number(kept.run), run),
        Number("Longest pause", pause, since),
    )


def _day(moment: datetime | None, lens: Lens) -> str:
    return formats.day(moment.astimezone(ZoneInfo(lens.timezone)).date()) if moment else ""


def _company_title(kept: Company) -> str:
    if not kept.sessions:
        return NO_PLAYS
    if kept.sessions < MINIMUM_STARTS:
        return f"In {formats.plural(kept.sessions, 'session')}, {formats.number(kept.alone)} of them alone"
    share = kept.alone / kept.sessions
    words = "Mostly played alone" if share > 0.5 else "Mostly played among others"
    return f"{words}: {formats.share(share)} of its sessions hold nothing else"


def played_with(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return what is played near it more often than chance would have it."""
    by, id = thing(selection)
    frame = listening.ask(user_id, companions.played_with, by=by, id=id, **asked(lens, among_all(selection)))
    title = f"Most together with {frame['name'][0]}" if frame.height else "Nothing keeps it company"
    name = Shown(by.title(), "name", "name", of=by)
    columns = (
        Shown("#", "place", "rank"),
        name if by == "artist" else replace(name, under="artist", under_id="artist_id"),
        Shown("Plays near it", "plays", "bar"),
        Shown("Times chance", "lift", "decimal", hint="How many times as often as if plays fell together by chance"),
    )
    empty = (
        f"No {PLURALS[by][:-1]} was played near it at least 5 times on 3 days and clearly more often than by chance."
    )
    return Listing(
        title,
        f"{PLURALS[by].title()} played within 20 minutes of it, against chance",
        frame,
        columns,
        empty,
        "Chance: as many plays drawn from all else you played in the same months. Twice means twice as often as that.",
        "companions.played_with",
        formats.plural(frame.height, by),
    )


PANELS: dict[str, Make] = {"item-sessions": item_sessions, "played-with": played_with}
