"""Ranked lists, latest listens and other tables of a listening history."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from core.domain.listen import Platform
from ui import formats, html
from ui.scene import Scene

NAMES = {"artist": "Artist", "album": "Album", "track": "Track", "genre": "Genre"}
PLURAL = {"artist": "Artists", "album": "Albums", "track": "Tracks", "genre": "Genres"}


def amount(row: Mapping[str, Any], metric: str, locale: str) -> str:
    """Return plays or listening time of a row in words."""
    return (
        formats.number(row["plays"], locale=locale)
        if metric == "plays"
        else formats.hours(row["ms_played"], locale=locale)
    )


def short_ranking(scene: Scene, kind: str, frame: pl.DataFrame, *, ranked: bool = True, caption: str = "") -> str:
    """Return the first places of a ranked list: rank, movement, linked name, bar."""
    metric = scene.selection.metric
    field = "plays" if metric == "plays" else "ms_played"
    most = max(frame[field].to_list(), default=0)
    ranked = ranked and moved(frame)
    columns = [
        html.Column("#", "rank"),
        *([html.Column("Moved", "change", phone=False, hint="Places gained or lost", spoken=True)] if ranked else []),
        html.Column(NAMES[kind], "name"),
        html.Column(metric.title(), "bar"),
    ]
    rows = []
    for place, row in enumerate(frame.iter_rows(named=True), start=1):
        step = [html.rank_change(row["change"])] if ranked else []
        label = amount(row, metric, scene.viewer.locale)
        own = scene.href(kind, id=row["id"])
        cells = [
            html.plain(place),
            *step,
            item_cell(scene, kind, row, own),
            html.bar(row[field], most, label, href=own),
        ]
        rows.append(cells)
    return html.Table(caption or f"Top {PLURAL[kind].lower()}", columns, rows).html()


def moved(frame: pl.DataFrame) -> bool:
    """Return whether there was a range before to move against; without one, everything would be new."""
    return bool(frame["rank_before"].is_not_null().any())


def item_cell(scene: Scene, kind: str, row: Mapping[str, Any], own: str) -> html.Cell:
    """Return the name of an artist, or of an album or track with its artist under it, linked to its ``own`` page."""
    under = "" if kind == "artist" else row["artist"] or ""
    whose = scene.href("artist", id=row["artist_id"]) if under and row["artist_id"] else ""
    return html.name(own, row["name"] or "Unknown", under=under, under_href=whose)


def listens(scene: Scene, frame: pl.DataFrame, *, full: bool = False) -> str:
    """Return listens, newest first; ``full`` adds device, country and how each ended."""
    extra = [html.Column("Device", "text", phone=False), html.Column("Skipped", "text", phone=False, spoken=True)]
    columns = [
        html.Column("Track", "name"),
        *([html.Column("Album", "name", phone=False)] if full else []),
        html.Column("Played", "number"),
        *(extra if full else []),
        html.Column("When", "when"),
    ]
    rows = []
    for row in frame.iter_rows(named=True):
        track = html.name(
            scene.href("track", id=row["track_id"]),
            row["name"] or "Unknown track",
            under=row["artist"] or "",
            under_href=scene.href("artist", id=row["artist_id"]) if row["artist_id"] else "",
        )
        cells = [track]
        if full:
            album = (
                html.name(scene.href("album", id=row["album_id"]), row["album"]) if row["album_id"] else html.plain("")
            )
            cells.append(album)
        cells.append(_played(row))
        if full:
            device = "" if row["platform"] == Platform.UNKNOWN.name.lower() else row["platform"]
            device = "Spotify API" if row["estimated"] else device
            cells.append(html.plain(" · ".join(filter(None, [device, row["country"]]))))
            cells.append(html.plain("skipped" if row["skipped"] else ""))
        cells.append(html.plain(formats.moment(row["ended"])))
        rows.append(cells)
    return html.Table("Listens, newest first", columns, rows).html()


def _played(row: Mapping[str, Any]) -> html.Cell:
    """Return how long a listen lasted; where the source does not say, the longest it can have been."""
    words = html.text(formats.duration(row["ms_played"]))
    if row["estimated"]:
        words = (
            f'<span title="At most; Spotify\'s API does not say how long it was played">≤{formats.THIN}{words}</span>'
        )
    return html.Cell(words, "" if row["play"] else "pp-same")


def plain_table(caption: str, frame: pl.DataFrame) -> str:
    """Return any small frame as a table: what a chart shows, for those who rather read."""
    numeric = {name: dtype.is_numeric() for name, dtype in frame.schema.items()}
    columns = [html.Column(name.replace("_", " "), "number" if numeric[name] else "text") for name in frame.columns]
    rows = [[html.plain(_cell(value)) for value in row] for row in frame.iter_rows()]
    return html.Table(caption, columns, rows, low=True).html()


def _cell(value: object) -> str:
    if isinstance(value, float):
        return formats.number(value, decimals=0 if value == int(value) else 1)
    if isinstance(value, int):
        return formats.number(value)
    if isinstance(value, date):
        return formats.day(value)
    return "" if value is None else str(value)
