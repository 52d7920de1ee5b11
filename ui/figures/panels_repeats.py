"""What comes back and what took over: repeats, what is on one's mind, obsessions and binges."""

import polars as pl

from core.analytics import bursts
from core.analytics import repeats as analytics
from core.domain.lens import Lens
from core.domain.period import Period
from core.domain.selection import Selection
from core.services.listening import Listening
from ui import formats
from ui.figures import habits as figures
from ui.figures.panel import Listing, Make, Number, Picture, Shown, Strip, asked


def repeats(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Strip:
    """Return how much is repeated, and how soon."""
    found = listening.ask(user_id, analytics.repeats, **asked(lens, selection))
    soon = listening.ask(user_id, analytics.returns, **asked(lens, selection))
    title = "Too few plays to speak of repeats"
    if found.share is not None:
        title = f"{formats.share(found.share)} of plays were repeats"
    numbers = (
        Number(
            "Repeats",
            _share(found.share),
            f"{formats.plural(found.tracks, 'track')} in {formats.plural(found.plays, 'play')}",
        ),
        Number("Again within 7 days", _share(soon.within_7), "of all plays"),
        Number("Again within 30 days", _share(soon.within_30), "of all plays"),
        Number("Half come back within", _wait(soon.half_life, soon.plays), "of one play to the next"),
    )
    frame = pl.DataFrame(
        {
            "plays": [found.plays],
            "tracks": [found.tracks],
            "repeat_share": [found.share],
            "half_life_days": [soon.half_life],
        }
        | {"within_7_days": [soon.within_7], "within_30_days": [soon.within_30]},
        schema_overrides=dict.fromkeys(
            ("repeat_share", "half_life_days", "within_7_days", "within_30_days"), pl.Float64
        ),
    )
    explained = "A repeat is a play of a track that was already played in this range."
    n = formats.plural(found.plays, "play")
    return Strip(title, "Share of plays", numbers, frame, explained, "repeats.repeats", n)


def _share(share: float | None) -> str:
    return "–" if share is None else formats.share(share)


def _wait(days: float | None, plays: int) -> str:
    """Return a time in days or hours, or that it never comes."""
    if days is None:
        return "–" if plays < 20 else "never"
    if days < 2:
        return f"{formats.number(days * 24, decimals=0 if days > 0.4 else 1)} h"
    return formats.plural(round(days), "day")


def repeat_curve(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return how many plays are followed by another of the same track within so many days."""
    found = listening.ask(user_id, analytics.returns, **asked(lens, selection))
    title = "Too few plays to tell how soon music comes back"
    if found.within_7 is not None and found.within_30 is not None:
        week, month = formats.share(found.within_7), formats.share(found.within_30)
        title = f"{week} played again within a week, {month} within a month"
    label = pl.col("share").map_elements(formats.share, return_dtype=pl.String)
    rows = found.curve.with_columns(label=pl.when(pl.col("days").is_in([1, 7, 30, 180])).then(label))
    explained = (
        "After each play: how likely the same track is played again by then. Waits that still last count as open."
    )
    return Picture(
        title, "Share of plays followed by another of the same track", found.curve, found.curve, rows.to_arrow(),
        figures.returning(), f"Share of plays followed by another of the same track, by days. {title}.", explained,
        "repeats.returns", formats.plural(found.plays, "play"),
    )  # fmt: skip


def on_your_mind(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return the tracks played often and lately, as of the end of the range."""
    until = asked(lens, selection) | {"period": Period(None, selection.shown.end)}
    frame = listening.ask(user_id, analytics.on_your_mind, limit=100, **until)
    title = f"On your mind: {frame['name'][0]}" if frame.height else "Nothing on your mind yet"
    columns = (
        Shown("Track", "name", "name", of="track", under="artist", under_id="artist_id"),
        Shown("Plays", "plays", "number"),
        Shown("Last", "last", "day"),
        Shown("Strength", "activation", "decimal", phone=False, hint="Grows with each play and fades with its age"),
    )
    end = selection.shown.end
    about = "Tracks by how strongly they are remembered" + (f", up to {formats.day(end)}" if end else "")
    explained = "Every play leaves a trace that fades, fast at first and slowly later; the traces of a track add up."
    n = f"the first {formats.plural(frame.height, 'track')}"
    empty = "No plays up to the end of this range."
    return Listing(title, about, frame, columns, empty, explained, "repeats.on_your_mind", n)


def obsessions(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return the stretches in which one track took over."""
    frame = listening.ask_ever(user_id, bursts.obsessions, **asked(lens, selection))
    title = "No obsession in this range"
    if frame.height:
        count = formats.plural(frame.height, "obsession")
        title = f"{count}; the strongest: {frame['name'][0]}, {formats.plural(frame['plays'][0], 'play')}"
    columns = (
        Shown("Track", "name", "name", of="track", under="artist", under_id="artist_id"),
        Shown("When", "start", "days", until="end"),
        Shown("Plays", "plays", "bar"),
        Shown("Of the listening then", "share", "share", phone=False),
    )
    explained = (
        "A track played 5 times in one day, or making up 30 % of a week's plays, when chance alone would bring that "
        "less than once in a million times."
    )
    empty = "No track took over here; an obsession needs at least five plays in a day, or 30 % of a week's plays."
    n = formats.plural(int(frame["plays"].sum()), "play")
    return Listing(title, "Tracks that took over for days", frame, columns, empty, explained, "bursts.obsessions", n)


def binges(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return the times one artist was played again and again in a row."""
    found = listening.ask_ever(user_id, bursts.binges, gap_minutes=selection.gap, **asked(lens, selection))
    moment = pl.col("began").dt.convert_time_zone(lens.timezone).dt.replace_time_zone(None)
    frame = found.with_columns(began=moment)
    title = "No artist four times in a row here"
    if frame.height:
        first = frame.row(0, named=True)
        title = f"Longest binge: {first['name']}, {formats.plural(first['plays'], 'play')} in a row"
    columns = (
        Shown("Artist", "name", "name", of="artist"),
        Shown("Began", "began", "moment"),
        Shown("Plays", "plays", "bar"),
        Shown("Tracks", "tracks", "number", phone=False),
        Shown("Time", "ms_played", "duration", phone=False),
    )
    explained = (
        f"Four plays or more of one artist in a row, with no pause over {selection.gap} minutes; an album heard "
        "through is not one."
    )
    empty = "No artist was played four times in a row here, albums heard through aside."
    n = formats.plural(frame.height, "binge")
    return Listing(title, "One artist in a row", frame, columns, empty, explained, "bursts.binges", n)


PANELS: dict[str, Make] = {
    "repeats": repeats,
    "repeat-curve": repeat_curve,
    "on-your-mind": on_your_mind,
    "obsessions": obsessions,
    "binges": binges,
}
