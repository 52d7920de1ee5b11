"""How much the world listens, to whom through the year, and what has just come out."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from core.domain.trends import Extra, TrendAsk
from ui import formats
from ui.figures.base import ROWS, Drawing, figure
from ui.figures.panel import Listing, Picture, Shown
from ui.figures.trend_telling import UNITS, empty_listing, empty_picture
from ui.figures.trend_words import plain

if TYPE_CHECKING:
    from core.services.trends import Trends

MOST = 6  # artists along time
COUNTS = "datum.value === 0 ? '0' : replace(datum.label, 'G', 'bn')"
NONE = "This source does not tell it; ListenBrainz does."


@figure
def two_lines(unit: str, *, height: int = 250) -> Drawing:
    """Return ``count`` by ``place``, this time as a strong line and the one before as a quiet one.

    Rows: ``place`` (0, 1 …), ``label`` (what the axis says), ``when`` (this or the one before), ``count``, ``now``
    (bool), ``day`` (in words).
    """
    base = alt.Chart(ROWS).encode(
        x=alt.X(
            "label:N",
            sort=alt.EncodingSortField("place", order="ascending"),
            title=None,
            axis=alt.Axis(labelAngle=0, labelOverlap=True, grid=False),
        ),
        y=alt.Y(
            "count:Q",
            scale=alt.Scale(domainMin=0),
            axis=alt.Axis(title=unit, format="~s", labelExpr=COUNTS, tickCount=4),
        ),
        detail="when:N",
        tooltip=[
            alt.Tooltip("day:N", title=" "),
            alt.Tooltip("count:Q", title=unit, format=",d"),
        ],
    )
    now, before = base.transform_filter("datum.now"), base.transform_filter("!datum.now")
    quiet: dict[str, Any] = {"color": "#8A857B", "opacity": 0.7}
    return alt.layer(
        before.mark_line(strokeWidth=1.3, strokeDash=[4, 3], **quiet),
        before.mark_circle(size=18, **quiet),
        now.mark_line(strokeWidth=2.2),
        now.mark_circle(size=34, opacity=1),
    ).properties(height=height)


def activity(trends: "Trends", ask: TrendAsk) -> Picture:
    """Return listening of the last period beside the same stretch of the one before."""
    settled = trends.settle(ask)
    told = trends.extra(ask, "activity") if settled else None  # noqa: S610 - no database behind it
    if settled is None or told is None or not told.rows:
        return empty_picture(ask, "", why=NONE, title="How much the world listens is not told here")
    unit = UNITS[settled.info.value_kind]
    frame = pl.DataFrame([_stretch(row) for row in told.rows]).sort("start")
    before, now = _periods(frame, told)
    frame = pl.concat([before, now])
    rows = pl.concat([_placed(now, told, now=True), _placed(before, told, now=False)])
    total, earlier = int(now["count"].sum()), int(before.head(now.height)["count"].sum())
    change = formats.change(total, earlier)
    title = f"{formats.amount(total)} {unit.lower()}" + (f", {change} against the same time before" if change else "")
    dashed = f"; dashed: the {told.window} before" if before.height else ""
    what = f"{unit}, {formats.day(now['start'][0])} – {formats.day(now['end'][-1])}{dashed}"
    return Picture(
        title, what, frame, frame, rows.to_arrow(), two_lines(unit), f"{what}. {title}.",
        "All the source counted, whoever it is by; what still runs is left out.", "",
        f"{formats.number(total)} {unit.lower()}", settled.info.credit,
    )  # fmt: skip


def _stretch(row: dict[str, Any]) -> dict[str, Any]:
    start, until = (datetime.fromisoformat(str(row[name])) for name in ("at", "until"))
    end = max(start, until - timedelta(seconds=1))  # some say the last second, some the first after
    return {"start": start.date(), "end": end.date(), "until": until, "count": int(row["count"])}


def _periods(frame: pl.DataFrame, extra: Extra) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the stretches of the period before and of the last one, those that still run left out.

    Where the last has none yet, the one before is the last; all of time has none before it.
    """
    over = frame.filter(pl.col("until") <= extra.computed_at + timedelta(seconds=1))
    found = (over if over.height else frame).drop("until")
    last = extra.until - timedelta(days=1)
    begins = {
        "week": last - timedelta(days=last.weekday()),
        "month": last.replace(day=1),
        "year": last.replace(month=1, day=1),
    }.get(extra.window, found["start"][0])
    before, now = found.filter(pl.col("start") < begins), found.filter(pl.col("start") >= begins)
    return (before, now) if now.height else (now, before)


def _placed(frame: pl.DataFrame, extra: Extra, *, now: bool) -> pl.DataFrame:
    """Return rows of the picture: each stretch at its place in its period."""
    label = {"week": "%a", "month": "%-d", "year": "%b"}.get(extra.window, "%Y")
    starts: list[date] = frame["start"].to_list()
    return pl.DataFrame(
        {
            "place": list(range(len(starts))),
            "label": [f"{start:{label}}" for start in starts],
            "when": ["now" if now else "before"] * len(starts),
            "count": frame["count"].to_list(),
            "now": [now] * len(starts),
            "day": [formats.day(start) for start in starts],
        }
    )


@figure
def evolution_lines(unit: str, order: tuple[str, ...], *, height: int = 300) -> Drawing:
    """Return ``count`` of each ``name`` by ``at`` (in the order given); ``end``: the name in its last row."""
    base = alt.Chart(ROWS).encode(
        x=alt.X("at:N", sort=list(order), title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True, grid=False)),
        y=alt.Y(
            "count:Q",
            scale=alt.Scale(domainMin=0),
            axis=alt.Axis(title=unit, format="~s", labelExpr=COUNTS, tickCount=4),
        ),
        color=alt.Color("name:N", legend=alt.Legend(title=None, orient="top", columns=2, labelLimit=160)),
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("at:N", title="When"),
            alt.Tooltip("count:Q", title=unit, format=",d"),
        ],
    )
    return alt.layer(base.mark_line(strokeWidth=1.8), base.mark_circle(size=26, opacity=1)).properties(height=height)


def evolution(trends: "Trends", ask: TrendAsk) -> Picture:
    """Return the leading artists along time."""
    settled = trends.settle(ask)
    told = trends.extra(ask, "evolution") if settled else None  # noqa: S610 - no database behind it
    if settled is None or told is None or not told.rows:
        return empty_picture(ask, "", why=NONE, title="Leading artists along time are not told here")
    unit = UNITS[settled.info.value_kind]
    frame = pl.DataFrame(
        [
            {
                "at": str(row["at"]),
                "place": int(row["place"]),
                "name": plain(str(row["artist"])),
                "count": int(row["count"]),
            }
            for row in told.rows
        ]
    ).sort("place")
    leaders = frame.group_by("name").agg(pl.col("count").sum()).sort(["count", "name"], descending=[True, False])
    names = leaders["name"].head(MOST).to_list()
    order = tuple(frame["at"].unique(maintain_order=True).to_list())
    rows = (
        frame.filter(pl.col("name").is_in(names)).group_by("at", "name", maintain_order=True).agg(pl.col("count").sum())
    )
    title = f"{names[0]} has the most {unit.lower()} from {order[0]} to {order[-1]}"
    when = f"{order[0]} – {order[-1]}" + (f" {told.first:%Y}" if told.window == "year" else "")
    what = f"{unit} of the {formats.number(len(names))} leading artists, {when}"
    return Picture(
        title, what, frame, frame, rows.to_arrow(), evolution_lines(unit, order), f"{what}. {title}.",
        "The source names a few artists for each stretch of time; gaps are where one was not among them.", "",
        "", settled.info.credit,
    )  # fmt: skip


def fresh(trends: "Trends", ask: TrendAsk) -> Listing:
    """Return new releases, the newest first."""
    settled = trends.settle(ask)
    told = trends.extra(ask, "fresh") if settled else None  # noqa: S610 - no database behind it
    if settled is None or told is None or not told.rows:
        return empty_listing(ask, "", why=NONE, title="New releases are not told here")
    frame = pl.DataFrame(
        [
            {"day": date.fromisoformat(str(row["day"])), "title": str(row["title"]), "artist": str(row["artist"]),
             "type": str(row.get("type") or "Release")}
            for row in told.rows
        ]
    ).sort("day", descending=True)  # fmt: skip
    columns = (
        Shown("Day", "day", "day", phone=False),
        Shown("Release", "title", "prose"),
        Shown("Artist", "artist", "prose"),
        Shown("Sort", "type", "text", phone=False),
    )
    days = f"{formats.day(frame['day'].min())} – {formats.day(frame['day'].max())}"  # type: ignore[arg-type]
    return Listing(
        f"{formats.plural(frame.height, 'release')} just came out",
        f"Releases, {days}",
        frame,
        columns,
        "Nothing new in these days.",
        "As the source lists them; nobody chose.",
        "",
        "",
        settled.info.credit,
        12,
    )
