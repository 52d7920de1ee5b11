"""What is new, how much of it stays, and what was let go."""

from dataclasses import replace

import polars as pl

from core.analytics import discovery, exploring, forgotten
from core.analytics.naming import lasting
from core.domain.lens import Lens
from core.domain.period import Period
from core.domain.selection import Selection
from core.services.listening import Listening
from ui import formats
from ui.figures.course import bars, course
from ui.figures.panel import Listing, Make, Picture, Shown, asked
from ui.figures.retention import AFTER
from ui.figures.retention import retention as kept_of
from ui.figures.spans import end_of, label, marked, step_for


def novelty(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return how many artists were new in each month or quarter."""
    chosen = replace(selection, brush=None)
    step = step_for(chosen.shown)
    frame = listening.ask_ever(user_id, discovery.novelty, by="artist", unit=step, **asked(lens, chosen))
    known = frame.filter(pl.col("share").is_not_null() | (pl.col("plays") == 0))
    until = pl.Series([end_of(start, step) for start in known["start"]], dtype=pl.Date)
    rows = marked(known, step, chosen.shown).select(
        "start", until.alias("until"), "label", pl.col("discoveries").alias("value"), "plays", "share", "pick_brush"
    )
    new, plays = int(known["discoveries"].sum()), int(known["plays"].sum())
    title = formats.plural(new, "new artist") if plays else "Too early to tell what is new"
    if new and known.height > 1:
        best = known.sort("discoveries", descending=True).row(0, named=True)
        title += f", most in {label(best['start'], step)}: {formats.number(best['discoveries'])}"
    about = f"Artists played for the first time ever, by {step}"
    explained = "The first two months of a history are left out: everything is new to a record that begins."
    spec = bars("New artists", ",d", tips=(("plays", "Plays", ",d"), ("share", "First plays among them", ".1%")))
    table = rows.select(pl.col("label").alias("time"), pl.col("value").alias("new_artists"), "plays", "share")
    return Picture(
        title, about, frame, table, rows.to_arrow(), spec, f"{about}. {title}.", explained, "discovery.novelty",
        formats.plural(plays, "play"),
    )  # fmt: skip


def exploration(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return which share of plays went to artists met within the 30 days before."""
    chosen = replace(selection, brush=None)
    step = step_for(chosen.shown)
    frame = listening.ask_ever(user_id, exploring.exploration, unit=step, **asked(lens, chosen))
    rows = marked(frame, step, chosen.shown).select(
        "start", "label", pl.col("share").alias("value"), "plays", "new_plays", "pick_brush"
    )
    known = frame.drop_nulls("share")
    plays = int(known["plays"].sum())
    title = "Too few plays to tell how much is new"
    if plays:
        title = f"{formats.share(int(known['new_plays'].sum()) / plays)} of plays go to artists met in the last 30 days"
    about = f"Share of plays of artists first heard at most 30 days before, by {step}"
    explained = "Months with under 20 plays and the first two months of the history are left out."
    spec = course("Share of plays", ".0%", tips=())
    table = rows.select(pl.col("label").alias("time"), "plays", "new_plays", pl.col("value").alias("share"))
    return Picture(
        title, about, frame, table, rows.to_arrow(), spec, f"{about}. {title}.", explained, "exploring.exploration",
        formats.plural(plays, "play"),
    )  # fmt: skip


def retention(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return how many of the new artists stay."""
    chosen = replace(selection, brush=None)
    frame = listening.ask_ever(user_id, exploring.retention, **asked(lens, chosen))
    stay = listening.ask_ever(user_id, exploring.staying, **asked(lens, chosen))
    rows = marked(frame, "quarter", chosen.shown)
    cells = pl.concat(
        [
            rows.select("start", "label", after=pl.lit(word), value=name, found=name.replace("month", "of"),
                        pick_brush="pick_brush")
            for name, word in AFTER.items()
        ]
    ).drop_nulls("value")  # fmt: skip
    about = "Share of new artists with a play in the 90 days that begin so long after their first"
    explained = "Artists whose 90 days are not over yet are not counted, nor those of the history's first two months. "
    table = rows.select(pl.col("label").alias("first_played"), "found", *AFTER)
    return Picture(
        _stayed(stay), about, frame, table, cells.with_columns(pl.col("start").cast(pl.String)).to_arrow(),
        kept_of("artists"), f"{about}. {_stayed(stay)}.", explained + _gone(stay), "exploring.retention",
        formats.plural(stay.found, "new artist"),
    )  # fmt: skip


def _stayed(stay: exploring.Staying) -> str:
    """Return how many of the new artists stay, as a title."""
    if stay.kept is not None:
        return f"{formats.share(stay.kept)} of new artists are still played a year later"
    if stay.once is not None:
        return f"{formats.share(stay.once)} of new artists were heard on one day only"
    return "Too few new artists to tell how many stay"


def _gone(stay: exploring.Staying) -> str:
    """Return how long new artists stay, in a sentence."""
    if stay.once is None:
        return ""
    once = f"{formats.share(stay.once)} were heard on one day only"
    if stay.half_days is None:
        return f"{once}."
    return f"{once}; half of the others are gone after {lasting(stay.half_days)}."


def new_artists(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return the artists met in the range with what came of them."""
    frame = listening.ask_ever(user_id, exploring.arrivals, **asked(lens, selection))
    title = f"{formats.plural(frame.height, 'artist')} met in this time" if frame.height else "Nobody new in this time"
    if frame.height:
        title += f", {frame['name'][0]} played most since"
    columns = (
        Shown("Artist", "name", "name"),
        Shown("First", "first", "day"),
        Shown("Plays since", "plays", "bar"),
        Shown("Days", "days", "number", hint="Days with a play", phone=False),
        Shown("Last", "last", "day", phone=False),
    )
    about = "Artists whose first play ever lies in this time, with all plays since"
    explained = "A first play is the first one in all of your history, whatever is filtered."
    empty = "No artist was played for the first time in this range; choose a longer one."
    count = formats.plural(frame.height, "artist")
    return Listing(title, about, frame, columns, empty, explained, "exploring.arrivals", count)


def forgotten_tracks(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return tracks that were played often and not lately."""
    end = selection.shown.end
    so_far = asked(lens, selection) | {"period": Period(None, end)}
    frame = (
        listening.ask(user_id, forgotten.forgotten, as_of=end, **so_far)
        if end
        else listening.ask(user_id, forgotten.forgotten, as_of=selection.today, **so_far)
    )
    title = "Nothing forgotten: no track with 5 plays has been silent for 45 days"
    if frame.height:
        first = frame.row(0, named=True)
        more = ", first of all" if frame.height > 1 else ":"
        title = f"{formats.plural(frame.height, 'favourite')} not played lately{more} {first['name']}"
    columns = (
        Shown("Track", "name", "name", of="track", under="artist", under_id="artist_id"),
        Shown("Plays", "plays", "bar"),
        Shown("Last", "last", "day"),
        Shown("Days ago", "silent_days", "number", phone=False),
    )
    about = "Tracks with at least 5 plays and none for 45 days at the end of this time"
    explained = "First those you played much, by artists you play these days: an invitation, not a forecast."
    empty = "No track with at least 5 plays has been silent for 45 days."
    count = formats.plural(frame.height, "track")
    return Listing(title, about, frame, columns, empty, explained, "forgotten.forgotten", count)


PANELS: dict[str, Make] = {
    "novelty": novelty,
    "exploration": exploration,
    "retention": retention,
    "new-artists": new_artists,
    "forgotten": forgotten_tracks,
}
