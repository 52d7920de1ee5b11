"""How listening happens: skips, shuffle and devices; beside them repeats, obsessions, places and podcasts."""

from datetime import date

import polars as pl

from core.analytics import habits, skipping
from core.analytics.library import By
from core.analytics.skipping import Rate
from core.domain.lens import Lens
from core.domain.selection import Selection
from core.services.listening import Listening
from ui import formats
from ui.figures import habits as figures
from ui.figures import panels_devices, panels_places, panels_repeats, panels_spoken
from ui.figures.panel import ONLY_EXTENDED, Listing, Make, Number, Picture, Shown, Strip, asked

FEW = "Too few to say"
TELLS = "Only listens whose source tells about skips are counted; the account data and Spotify's API do not."
# What Spotify calls the ways a listen begins and ends; words nobody knows stay as they are.
BEGINNINGS = {
    "trackdone": "The one before ended",
    "fwdbtn": "Forward button",
    "backbtn": "Back button",
    "clickrow": "You chose it",
    "click-row": "You chose it from a list",
    "clickside": "You chose it at the side",
    "playbtn": "Play button",
    "nextbtn": "Next button",
    "appload": "The app started",
    "remote": "Another device took over",
    "trackerror": "The one before failed",
    "endplay": "The one before was stopped",
    "uriopen": "A link was opened",
    "popup": "A pop-up window",
    "switched-to-audio": "Switched from video",
    "switched-to-video": "Switched to video",
    "persisted": "Went on where it stopped",
    "autoplay": "Autoplay",
    "unknown": "Spotify does not say",
    "": "Not told",
}
ENDINGS = {
    "trackdone": "Track ended",
    "fwdbtn": "Forward button",
    "backbtn": "Back button",
    "endplay": "Stopped, or another chosen",
    "clickrow": "You chose another",
    "click-row": "You chose another from a list",
    "clickside": "You chose another at the side",
    "nextbtn": "Next button",
    "playbtn": "Play button",
    "popup": "A pop-up window",
    "remote": "Another device took over",
    "logout": "Signed out or closed",
    "unexpected-exit": "App broke off",
    "unexpected-exit-while-paused": "App broke off while paused",
    "trackerror": "Playing failed",
    "appload": "The app started anew",
    "reload": "The page was loaded anew",
    "switched-to-audio": "Switched to audio",
    "switched-to-video": "Switched to video",
    "unknown": "Spotify does not say",
    "": "Not told",
}
TOLD_WELL = date(2022, 10, 1)  # from this month on exports say of each listen whether it was skipped


def skips(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Strip:
    """Return how often listens are skipped, and how sure that is."""
    rate = listening.ask(user_id, skipping.skip_rate, **asked(lens, selection))
    frame = pl.DataFrame({"skips": [rate.part], "starts": [rate.whole], "share": [rate.share]}, strict=False)
    title = (
        f"{formats.share(rate.share)} of listens skipped"
        if rate.share is not None
        else "Too few to say what is skipped"
    )
    numbers = (
        Number("Skipped", share_words(rate), _sure(rate), hint="A listen counts as skipped when its source says so"),
        Number("Skips", formats.number(rate.part), f"of {formats.plural(rate.whole, 'listen')}"),
    )
    explained = f"A skip is a listen marked as skipped, or ended by the forward button within 30 seconds. {TELLS}"
    n = formats.plural(rate.whole, "listen")
    return Strip(title, "Share of listens", numbers, frame, explained, "skipping.skip_rate", n)


def share_words(rate: Rate) -> str:
    """Return a share in per cent, or that there is too little to tell."""
    return formats.share(rate.share) if rate.share is not None else "–"


def _sure(rate: Rate) -> str:
    """Return between which values a share lies most likely."""
    if rate.interval is None:
        return f"{FEW}: under 20 listens tell"
    low, high = rate.interval
    return f"most likely {formats.share(low)} to {formats.share(high)}"


def skips_over_time(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return the share of skipped listens per month."""
    frame = listening.ask(user_id, skipping.skips_over_time, **asked(lens, selection))
    known = frame.drop_nulls("share")
    title = "Too few listens tell whether they were skipped"
    if known.height:
        best, worst = (
            known.sort("share", "start", descending=[turn, False]).row(0, named=True) for turn in (True, False)
        )
        title = f"Skipped most in {best['start']:%B %Y}: {formats.share(best['share'])}"
        if not best["share"]:
            title = "No listen was skipped"
        elif known.height > 2 and worst["share"] < best["share"]:
            title += f", least in {worst['start']:%B %Y}: {formats.share(worst['share'])}"
    rows = frame.with_columns(note=noted("starts", "listen"))
    explained = "The band shows where the true share most likely lies; months with under 20 listens are left out."
    if known.height and known["start"].min() < TOLD_WELL:  # type: ignore[operator]
        explained += " Before October 2022 Spotify hardly noted skips, so older months look lower than they were."
    return Picture(
        title, "Share of listens that were skipped, by month", frame, frame, rows.to_arrow(),
        figures.rate_over_time("Skipped"), f"Share of skipped listens by month. {title}.", explained,
        "skipping.skips_over_time", formats.plural(int(frame["starts"].sum()), "listen"),
        empty="" if known.height else ONLY_EXTENDED,
    )  # fmt: skip


def noted(column: str, word: str) -> pl.Expr:
    """Return a count as words: ``120 plays``."""
    return pl.col(column).map_elements(lambda n: formats.plural(n, word), return_dtype=pl.String).fill_null("")


def skip_reasons(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return how often listens are skipped by how they began."""
    found = listening.ask(user_id, skipping.skip_reasons, **asked(lens, selection))
    named = pl.col("reason").replace(BEGINNINGS)
    frame = (
        found.with_columns(words=named).drop_nulls("share").sort("share", "reason", descending=[True, False]).head(10)
    )
    title = "Too few listens tell how they began"
    if frame.height:
        most, least = frame.row(0, named=True), frame.row(-1, named=True)
        title = f"Skipped most, {formats.share(most['share'])}: {_low(most['words'])}"
        if not most["share"]:
            title = "No listen was skipped"
        elif least["share"] < most["share"]:
            title += f"; least, {formats.share(least['share'])}: {_low(least['words'])}"
    rows = frame.select(
        name="words",
        value="share",
        low="low",
        high="high",
        note=noted("starts", "listen"),
    )
    explained = "The thin line shows where the true share most likely lies; ways with under 20 listens are left out."
    return Picture(
        title, "Share of listens skipped, by how the listen began", found, frame.drop("reason"), rows.to_arrow(),
        figures.bars("Skipped", figures.PERCENT, rows=8, interval=True), f"Skips by how a listen began. {title}.",
        explained, "skipping.skip_reasons", formats.plural(int(found["starts"].sum()), "listen"),
        empty="" if frame.height else ONLY_EXTENDED,
    )  # fmt: skip


def _low(words: str) -> str:
    """Return words as they stand within a sentence: small, but for the name of Spotify."""
    return words if words.startswith("Spotify") else words[:1].lower() + words[1:]


def endings(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return how listens end."""
    found = listening.ask(user_id, skipping.skip_reasons, moment="end", **asked(lens, selection))
    frame = found.with_columns(words=pl.col("reason").replace(ENDINGS)).head(8)
    title = "No listen tells how it ended"
    if frame.height:
        first = frame.row(0, named=True)
        title = f"{formats.share(first['of_all'])} of listens: {_low(first['words'])}"
    rows = frame.select(name="words", value="of_all", note=noted("listens", "listen"))
    explained = "How listens end, as Spotify records it; short ones count as well."
    return Picture(
        title, "Share of listens by how they ended", found, frame.select("words", "listens", "of_all"), rows.to_arrow(),
        figures.bars("Share of listens", figures.PERCENT, rows=8), f"How listens end. {title}.", explained,
        "skipping.skip_reasons", formats.plural(int(found["listens"].sum()), "listen"),
        empty="" if frame.height else ONLY_EXTENDED,
    )  # fmt: skip


def _most_skipped(by: By) -> Make:
    """Return the panel of the artists or tracks skipped most surely."""

    def made(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
        frame = listening.skips(user_id, by=by, **asked(lens, selection))
        what = "artist" if by == "artist" else "track"
        title = f"No {what} was started 20 times"
        if frame.height:
            title = f"Skipped most: {frame['name'][0]}, {formats.share(frame['share'][0])} of the time"
            if not frame["skips"].sum():
                title = f"No {what} with 20 listens was ever skipped"
        columns = (
            Shown(what.title(), "name", "name", of=what, under="" if by == "artist" else "artist"),
            Shown("Skipped", "share", "share"),
            Shown("At least", "low", "share", phone=False, hint="The true share is most likely higher than this"),
            Shown("At most", "high", "share", phone=False, hint="The true share is most likely lower than this"),
            Shown("Skips", "skips", "number", phone=False),
            Shown("Listens", "starts", "number"),
        )
        empty = f"No {what} here has 20 listens that tell whether they were skipped; choose a longer range."
        explained = f"Sorted by what is skipped most surely, so that few listens do not lead the list. {TELLS}"
        n = f"{formats.plural(frame.height, what)} with 20 listens or more"
        return Listing(
            title, "Share of listens that were skipped", frame, columns, empty, explained, "skipping.skip_shares", n
        )

    return made


def modes(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Strip:
    """Return shuffle, offline, private sessions and how much is heard to the end."""
    found = listening.ask(user_id, habits.modes, **asked(lens, selection))
    rates = {"shuffle": found.shuffle, "offline": found.offline, "private": found.private, "finished": found.finished}
    frame = pl.DataFrame(
        {f"{name}_share": [rate.share] for name, rate in rates.items()} | {"completion": [found.completion]},
        schema_overrides=dict.fromkeys([*(f"{name}_share" for name in rates), "completion"], pl.Float64),
    )
    middle = "–" if found.completion is None else formats.share(found.completion)
    numbers = (
        Number("Shuffle", share_words(found.shuffle), _of(found.shuffle), "Plays with shuffle switched on"),
        Number("Offline", share_words(found.offline), _of(found.offline), "Plays without a connection"),
        Number("Private sessions", share_words(found.private), _of(found.private)),
        Number(
            "Heard to the end", share_words(found.finished), _of(found.finished), "At least 95 % of the usual length"
        ),
        Number(
            "A typical play", middle, "of the track's usual length", "Half of all plays are heard further than this"
        ),
    )
    share = found.shuffle.share
    title = f"{formats.share(share)} of plays on shuffle" if share is not None else "Too few plays tell about shuffle"
    explained = "Each share is of those plays alone whose source tells; the full streaming history does."
    n = formats.plural(found.finished.whole, "play")
    return Strip(title, "Share of plays", numbers, frame, explained, "habits.modes", n)


def _of(rate: Rate) -> str:
    """Return what a share is of."""
    return f"of {formats.plural(rate.whole, 'play')}" if rate.share is not None else f"{FEW}: under 20 plays tell"


PANELS: dict[str, Make] = {
    "skips": skips,
    "skips-over-time": skips_over_time,
    "skip-reasons": skip_reasons,
    "endings": endings,
    "skipped-artists": _most_skipped("artist"),
    "skipped-tracks": _most_skipped("track"),
    "modes": modes,
    **panels_devices.PANELS,
    **panels_repeats.PANELS,
    **panels_places.PANELS,
    **panels_spoken.PANELS,
}
