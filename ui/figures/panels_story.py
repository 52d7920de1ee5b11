"""The story of one artist, album or track in a few figures: found, skipped, in company."""

from zoneinfo import ZoneInfo

import polars as pl

from core.analytics import habits, skipping, story
from core.analytics.skipping import MINIMUM_STARTS, Rate
from core.analytics.story import Beginning
from core.domain.lens import Lens
from core.domain.listen import Platform
from core.domain.selection import Selection
from core.services.listening import Listening
from ui import formats
from ui.figures.panel import Make, Number, Strip, asked
from ui.figures.things import among_all, thing

HOW = {"chosen": "Picked", "next": "By itself", "shuffle": "On shuffle", "": "Not told"}
HOW_TITLE = {"chosen": ", picked on purpose", "next": ", when it came by itself", "shuffle": " on shuffle", "": ""}
HOW_NOTE = {
    "chosen": "on purpose, by a click",
    "next": "it came after another track",
    "shuffle": "in random order",
    "": "the source does not say",
}
DEVICES = {
    Platform.MOBILE: "on a phone or tablet",
    Platform.DESKTOP: "on a computer",
    Platform.WEB: "in a browser",
    Platform.TV: "on a television",
    Platform.SPEAKER: "on a speaker",
    Platform.CAR: "in a car",
}


def found(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Strip:
    """Return the first play ever: when, which track, on purpose or not, after what, and how fast it grew."""
    by, id = thing(selection)
    begun = listening.ask(user_id, story.found, lens=lens, by=by, id=id, gap_minutes=selection.gap)
    about = "The first play ever, in all of the history"
    explained = "Picked means you clicked on this very track or pressed play; all else came by itself."
    if begun is None:
        empty = pl.DataFrame(schema={"first": pl.Datetime("us", "UTC")})
        return Strip("Never played", about, (), empty, explained, "story.found")
    at = begun.first.astimezone(ZoneInfo(lens.timezone))
    first = Number("First play", formats.day(at.date()), f"{at:%H:%M} {DEVICES.get(begun.platform, '')}".strip())
    growth = Number(
        "In the first week", formats.plural(begun.week, "play"), f"{formats.number(begun.month)} in the first 30 days"
    )
    track = [] if by == "track" else [Number("With", begun.track, "the first track you played")]
    numbers = (first, *track, Number("How", HOW[begun.how], HOW_NOTE[begun.how]), _before(begun), growth)
    title = f"Found on {formats.day(at.date())}{HOW_TITLE[begun.how]}"
    n = f"{formats.plural(begun.plays, 'play')} since"
    return Strip(title, about, numbers, _row(begun), explained, "story.found", n)


def _before(begun: Beginning) -> Number:
    if not begun.before:
        return Number("Before it", "Nothing", "the session began with it")
    return Number("Before it", begun.before, begun.before_artist)


def _row(begun: Beginning) -> pl.DataFrame:
    """Return the first play as one row to take away."""
    names = ("first", "track", "how", "before", "before_artist", "week", "month", "plays")
    row = {name: [getattr(begun, name)] for name in names}
    return pl.DataFrame(row | {"device": [begun.platform.name.lower()]})


def item_skips(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Strip:
    """Return how often it is skipped against one's own average, how it ends, and how much of it is heard."""
    own = listening.ask(user_id, skipping.skip_rate, **asked(lens, selection))
    usual = listening.ask(user_id, skipping.skip_rate, **asked(lens, among_all(selection)))
    ends = listening.ask(user_id, skipping.skip_reasons, moment="end", **asked(lens, selection))
    modes = listening.ask(user_id, habits.modes, **asked(lens, selection))
    numbers = (
        Number("Skipped", _per_cent(own.share), _between(own), "The range holds the true rate in 95 of 100 cases"),
        Number("Your average", _per_cent(usual.share), f"of {formats.plural(usual.whole, 'listen')}"),
        Number("Ran to its end", *_ended(ends, "trackdone")),
        Number("“Next” pressed", *_ended(ends, "fwdbtn", "nextbtn")),
        Number("Usually heard", _per_cent(modes.completion), "of the track", "Half of the plays went at least so far"),
        Number("On shuffle", _per_cent(modes.shuffle.share), f"of {formats.plural(modes.shuffle.whole, 'play')}"),
    )
    rates = {"skipped": own.share, "low": _side(own, 0), "high": _side(own, 1), "average": usual.share}
    rates |= {"completion": modes.completion, "shuffle": modes.shuffle.share}
    frame = pl.DataFrame({name: pl.Series([value], dtype=pl.Float64) for name, value in rates.items()})
    about = "How often it was skipped, and how its listens end"
    explained = "Skipped: the source says so, or “next” was pressed within 30 seconds. Under 20 listens none is shown."
    n = formats.plural(own.whole, "listen")
    return Strip(_skip_title(own, usual), about, numbers, frame, explained, "skipping.skip_rate", n)


def _per_cent(share: float | None) -> str:
    return "–" if share is None else formats.share(share)


def _between(own: Rate) -> str:
    """Return between what a rate lies."""
    if own.interval is None:
        return "too few listens to say"
    low, high = own.interval
    return f"likely {formats.number(low * 100)} to {formats.number(high * 100)}{formats.THIN}%"


def _side(own: Rate, side: int) -> float | None:
    return None if own.interval is None else own.interval[side]


def _ended(ends: pl.DataFrame, *reasons: str) -> tuple[str, str]:
    """Return the share of listens that ended so, and of how many."""
    whole = int(ends["listens"].sum())
    if whole < MINIMUM_STARTS:
        return "–", "too few listens to say"
    part = int(ends.filter(pl.col("reason").is_in(reasons))["listens"].sum())
    return formats.share(part / whole), f"of {formats.plural(whole, 'listen')}"


def _skip_title(own: Rate, usual: Rate) -> str:
    if own.interval is None or usual.share is None:
        return "Too few listens to say how often it is skipped"
    low, high = own.interval
    if low > usual.share:
        return "Skipped more often than your average"
    return "Skipped less often than your average" if high < usual.share else "Skipped about as often as your average"


PANELS: dict[str, Make] = {"found": found, "item-skips": item_skips}
