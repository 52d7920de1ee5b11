"""On what listening happens, and how that changes: devices, shuffle, offline and private sessions over time."""

from datetime import date

import polars as pl

from core.analytics import habits
from core.analytics.buckets import Step
from core.domain.lens import Lens
from core.domain.period import Period
from core.domain.selection import Selection
from core.services.listening import Listening
from ui import formats
from ui.figures import habits as figures
from ui.figures.panel import ONLY_EXTENDED, Make, Picture, asked
from ui.figures.rows import MS_PER_HOUR, STEPS

MOST = 6  # kinds of device shown apart; the rest are one
NAMES = {
    "mobile": "Phone or tablet",
    "desktop": "Computer",
    "web": "Browser",
    "tv": "Television",
    "speaker": "Speaker",
    "car": "Car",
    "other": "Something else",
    "unknown": "Not told",
}
MODES = {"shuffle": "Shuffle", "offline": "Offline", "private": "Private session", "finished": "Heard to the end"}


def step_for(period: Period) -> Step:
    """Return the columns a range is read best in: months, or years from eight on."""
    return "month" if (period.days or 0) <= 366 * 8 else "year"


def devices(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return listening by kind of device."""
    frame = listening.ask(user_id, habits.devices, **asked(lens, selection.without("device")))
    plays = selection.metric == "plays"
    amount = pl.col("plays").cast(pl.Float64) if plays else pl.col("ms_played") / MS_PER_HOUR
    named = frame.with_columns(name=pl.col("device").replace_strict(NAMES), value=amount)
    named = named.sort("value", "device", descending=[True, False])
    title = "No plays in this range"
    told = named.filter(pl.col("device") != "unknown")
    if not told.height and frame["plays"].sum():
        title = "No play tells its device"
    elif frame["plays"].sum():
        first = named.row(0, named=True)
        share = first["value"] / (named["value"].sum() or 1)
        title = f"Most on: {first['name'].lower()}, {formats.share(share)} of {'plays' if plays else 'the time'}"
    note = pl.struct("shuffle", "offline").map_elements(_habits, return_dtype=pl.String)
    rows = named.select("name", "value", note=note, pick_device="device")
    about = f"{'Plays' if plays else 'Hours'} by kind of device"
    label, form = ("Plays", ",.0f") if plays else ("Hours", ",.1f")
    spec = figures.bars(label, form, rows=6, filters="pick_device")
    table = named.select(
        "name", "plays", (pl.col("ms_played") / MS_PER_HOUR).alias("hours"), "share", "shuffle", "offline", "skipped"
    )
    explained = "The kind of device a listen was played on; click one to see only that."
    n = formats.plural(int(frame["plays"].sum()), "play")
    return Picture(
        title, about, frame, table, rows.to_arrow(), spec, f"{about}. {title}.", explained, "habits.devices", n,
        empty="" if told.height else ONLY_EXTENDED,
    )  # fmt: skip


def _habits(row: dict[str, float | None]) -> str:
    """Return how a device is used."""
    words = [f"{formats.share(value)} {what}" for what, value in row.items() if value is not None]
    return ", ".join(words)


def devices_over_time(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return the share of plays of each kind of device by month or year."""
    chosen = selection.without("device")
    unit = step_for(chosen.shown)
    frame = listening.ask(user_id, habits.devices_over_time, unit=unit, **asked(lens, chosen))
    order = frame["device"].unique(maintain_order=True).to_list()
    names = {device: NAMES[device] if i < MOST else NAMES["other"] for i, device in enumerate(order)}
    known = frame.drop_nulls("share")
    named = known.with_columns(name=pl.col("device").replace_strict(names, return_dtype=pl.String))
    parts = named.group_by("start", "name", maintain_order=True)
    rows = piled(parts.agg(value=pl.col("share").sum(), pick_device=pl.col("device").str.join(",")), unit)
    told = named.filter(pl.col("device") != "unknown")
    title = _turn(named) if told.height else "Too few plays tell their device to show it over time"
    about = f"Share of plays by kind of device, by {unit}"
    spec = figures.stacked("Share of plays", figures.PERCENT, step=unit, filters="pick_device")
    explained = f"Each column is all plays of a {unit}; those with under 20 plays are left out."
    n = formats.plural(int(frame["plays"].sum()), "play")
    return Picture(
        title, about, frame, named.select("start", "name", "plays", "share"), rows.to_arrow(), spec,
        f"{about}. {title}.", explained, "habits.devices_over_time", n,
        empty="" if told.height else ONLY_EXTENDED,
    )  # fmt: skip


def piled(parts: pl.DataFrame, unit: Step) -> pl.DataFrame:
    """Return ``start``, ``name``, ``value`` with where each part of a column begins and ends, first parts lowest."""
    high = pl.col("value").cum_sum().over("start")
    return parts.with_columns(low=high - pl.col("value"), high=high, end=pl.col("start").dt.offset_by(STEPS[unit]))


def _turn(named: pl.DataFrame) -> str:
    """Return which device led at the beginning and which at the end."""
    leading = named.sort("start", "share", descending=[False, True]).group_by("start", maintain_order=True).first()
    first, last = leading.row(0, named=True), leading.row(-1, named=True)
    if first["name"] == last["name"]:
        return f"Mostly the same at both ends: {first['name'].lower()}"
    return (
        f"From {first['name'].lower()} in {_month(first['start'])} to {last['name'].lower()} in {_month(last['start'])}"
    )


def _month(day: date) -> str:
    return f"{day:%B %Y}"


def modes_over_time(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return the shares of shuffle, offline, private sessions and plays heard to the end by month."""
    frame = listening.ask(user_id, habits.modes_over_time, **asked(lens, selection))
    long = pl.concat(
        [
            frame.select("start", share=name, plays=f"{name}_plays", name=pl.lit(words))
            for name, words in MODES.items()
            if frame[name].drop_nulls().len()
        ]
        or [pl.DataFrame(schema={"start": pl.Date, "share": pl.Float64, "plays": pl.Int64, "name": pl.String})]
    )
    note = pl.col("plays").map_elements(lambda n: formats.plural(n, "play"), return_dtype=pl.String)
    title = _shuffled(frame)
    about = "Share of plays by month"
    explained = "Each share is of the plays whose source tells; months where fewer than 20 do are left out."
    n = formats.plural(int(frame["finished_plays"].sum()), "play")
    return Picture(
        title, about, frame, frame, long.with_columns(note=note).to_arrow(), figures.shares_over_time("Share of plays"),
        f"{about}. {title}.", explained, "habits.modes_over_time", n,
    )  # fmt: skip


def _shuffled(frame: pl.DataFrame) -> str:
    """Return how shuffle changed from the first to the last month that tells."""
    known = frame.drop_nulls("shuffle")
    if not known.height:
        return "Too few plays tell about shuffle"
    first, last = known["shuffle"][0], known["shuffle"][-1]
    if abs(last - first) < 0.05:
        return f"Shuffle stays where it was: {formats.share(last)} of plays"
    return (
        f"{'More' if last > first else 'Less'} shuffle: from {formats.share(first)} to {formats.share(last)} of plays"
    )


PANELS: dict[str, Make] = {
    "devices": devices,
    "devices-over-time": devices_over_time,
    "modes-over-time": modes_over_time,
}
