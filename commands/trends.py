"""The commands about public charts: chart files put in, what is stored, one chart, asking sources right now."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import typer

from commands.house import house, say_json
from core.domain.errors import NotFound
from core.domain.trends import SOURCES, Kind, Series, TrendAsk, Window
from core.domain.wording import counted
from core.trends.chart_names import read_region

OF_SONGS = ("spotify", "files")  # sources whose charts of artists are derived from those of songs
SHORT_TABLE = 20
# How a round ended, in words that say what comes next.
ENDS = {
    "done": "Every source was asked for what is due; the rest comes once a day.",
    "stopped": "The round's time was over; the next one goes on.",
    "busy": "Another process is asking already.",
    "off": "Nobody is to be asked: PLAYPRINT_TREND_SOURCES is empty and there is no key for Last.fm.",
}


def list_charts(*, as_json: bool) -> None:
    """Print every chart that is stored: since when, how many snapshots, how old its newest is."""
    with house() as playing:
        found = sorted(playing.chart_files.series(), key=lambda series: series.key)
    now = datetime.now(UTC)
    if as_json:
        say_json([_series(each, now) for each in found])
        return
    if not found:
        typer.echo("No chart is stored yet; put files in with `playprint trends import`, or run `playprint run`.")
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("Source", "Kind", "Window", "Country", "First", "Last", "Snapshots", "Age", box=None)
    for column in table.columns[6:]:
        column.justify = "right"
    for each in found:
        key, age = each.key, max(0, (now - each.computed_at).days)
        days = (str(each.first), str(each.last), f"{each.snapshots:,}", counted(age, "day", "days"))
        table.add_row(key.source, key.kind, key.window, key.region, *days)
    Console().print(table)


def _series(series: Series, now: datetime) -> dict[str, Any]:
    key = series.key
    return {
        "source": key.source,
        "kind": key.kind,
        "window": key.window,
        "country": key.region,
        "first": series.first.isoformat(),
        "last": series.last.isoformat(),
        "snapshots": series.snapshots,
        "computed_at": series.computed_at.astimezone(UTC).isoformat(),
        "age": max(0, int((now - series.computed_at).total_seconds())),
    }


def show_chart(
    *,
    source: str | None,
    kind: Kind | None,
    window: Window | None,
    country: str | None,
    day: date | None,
    top: int | None,
    as_json: bool,
) -> None:
    """Print one chart, of the source, window, country and day named, else of what fits best."""
    region = read_region(country) if country else ""
    ask = TrendAsk(source=source or "", kind=kind or "artist", window=window or "", region=region, at=day)
    with house() as playing:
        if kind is None and (found := playing.trends.settle(ask)) and found.info.id in OF_SONGS:
            ask = ask.other(kind="track" if "track" in found.kinds else found.key.kind)
        chart = playing.trends.chart(ask)
    settled = chart.settled if chart else None
    if chart is None or settled is None or not _meant(ask, settled):
        raise NotFound("No such chart is stored; `playprint trends list` prints those that are.")
    rows = chart.frame.head(top if top is not None else chart.frame.height if as_json else SHORT_TABLE).to_dicts()
    if as_json:
        say_json({**_head(settled), "entries": [_entry(row) for row in rows]})
        return
    _print_chart(settled, rows)


def _meant(ask: TrendAsk, settled: Any) -> bool:
    """Return whether a chart is the one that was asked for, and not the nearest there is."""
    key = settled.key
    pairs = ((ask.source, settled.info.id), (ask.kind, key.kind), (ask.window, key.window), (ask.region, key.region))
    return all(not asked or asked == found for asked, found in pairs)


def _head(settled: Any) -> dict[str, Any]:
    return {
        "source": settled.info.id,
        "kind": settled.key.kind,
        "window": settled.key.window,
        "country": settled.key.region,
        "first": settled.at.isoformat(),
        "until": settled.until.isoformat(),
        "computed_at": settled.computed_at.astimezone(UTC).isoformat(),
        "complete": settled.complete,
    }


def _entry(row: dict[str, Any]) -> dict[str, Any]:
    names = ("rank", "name", "artist", "value", "previous_rank", "peak_rank", "weeks_on_chart", "momentum", "entry")
    return {name: row[name] for name in names}


def _print_chart(settled: Any, rows: Sequence[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    columns = ("#", "Name", "Artist", "Value", "Before", "Peak", "Times on it")
    table = Table(*columns, box=None)
    for place in (0, 3, 4, 5, 6):
        table.columns[place].justify = "right"
    for row in rows:
        numbers = (row["value"], row["previous_rank"], row["peak_rank"], row["weeks_on_chart"])
        said = ["" if number is None else f"{number:,}" for number in numbers]
        said[1] = said[1] or row["entry"]
        table.add_row(str(row["rank"]), escape(row["name"]), escape(row["artist"] or ""), *said)
    console = Console()
    head = _head(settled)
    console.print(
        f"{settled.info.title}, {head['kind']}s, {head['window']}, {head['country']}: from {head['first']} to before "
        f"{head['until']}. {settled.info.credit}.",
        markup=False,
        highlight=False,
    )
    console.print(table)


def refresh(*, as_json: bool) -> None:
    """Ask every source that is on for what is due, in this process, and print how it went."""
    with house() as playing:
        done = playing.trend_refreshing.run()
    if as_json:
        say_json(_plain(asdict(done)))
        return
    typer.echo(ENDS[done.outcome])
    for each in done.sources:
        said = f" {each.message}" if each.message else ""
        waits = f", {each.waiting:,} due and not asked" if each.waiting else ""
        counts = f"{each.stored:,} new, {each.kept:,} as they were, {each.not_ready:,} not worked out yet"
        typer.echo(f"{SOURCES[each.source].title}: {counts}, {each.failed:,} failed{waits}.{said}")


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it, moments as ISO text in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
