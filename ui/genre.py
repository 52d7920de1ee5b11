"""The page of one genre or family: how much of everything it is, along time, by hour, whose, and what is beside it."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import streamlit as st

from core.analytics.genres import UNKNOWN, genre_top
from core.analytics.library import By
from core.domain.filters import Filters
from core.domain.selection import Selection
from ui import formats, html, lists, panels
from ui.arranging import Rows, arrange
from ui.chips import chips
from ui.context import app
from ui.controls import draw_head, open_scene
from ui.scene import Scene
from ui.states import nothing_here, panel

PAGE = "genre"
ROWS: Rows = [[("timeline", 0.64), ("when", 0.36)]]
INSIDE: tuple[By, ...] = ("artist", "album", "track")
SHARED = "Each artist's plays are shared among their genres"
COUNTED = "A quarter or more of an artist's genres make them count here"


def show() -> None:
    """Draw the page of the genre or family whose name is in the address."""
    scene, genres = open_scene("Genre"), app().genres
    name = st.query_params.get("name", "")
    if name not in (*genres.names(), *genres.families(), UNKNOWN):
        st.title("Genre", anchor=False)
        nothing_here("There is no genre of this name.", action="To the genres", href=scene.href("charts", of="genre"))
        return
    _crumb(scene, name)
    draw_head(scene, name if name != UNKNOWN else "Unknown genre")
    chips(scene, PAGE)
    own = replace(scene, selection=only(scene.selection, name))
    with panel("genre-figures"):
        st.html(scene.kept("genre-figures", partial(_figures, scene, own, name), name))
    arrange(scene, PAGE, ROWS, selection=own.selection)
    for column, kind in zip(st.columns(len(INSIDE), gap="large"), INSIDE, strict=True):
        with column, panel(f"genre-{kind}"):
            st.html(own.kept(f"genre-{kind}", partial(_part, own, kind, name)))
    with panel("genre-beside"):
        st.html(scene.kept("genre-beside", partial(_beside, scene, name), name))


def only(selection: Selection, name: str) -> Selection:
    """Return the selection of this genre alone: what else narrows the page stays, other genres do not."""
    others = selection.without("genre")
    return replace(others, filters=replace(others.filters, genres=(name,)))


def _crumb(scene: Scene, name: str) -> None:
    """Draw where this belongs: the chart of genres, the family."""
    family = app().genres.family_of(name)
    steps = [html.link(scene.href("charts", of="genre"), "Genres")]
    steps += [html.link(scene.href(PAGE, name=family), family)] if family else []
    st.html(f'<p class="pp-crumb">{" › ".join(steps)}</p>')


def _figures(scene: Scene, own: Scene, name: str) -> str:
    """Return plays, time, place and share in the range, and the first and last listen ever."""
    listening, who, locale = app().listening, scene.viewer, scene.viewer.locale
    sums = listening.totals(who.user_id, **own.asked()).now
    ever = listening.totals(who.user_id, lens=who.lens, filters=Filters(genres=(name,))).now
    level = "family" if name in app().genres.families() or name == UNKNOWN else "genre"
    found = _ranking(scene, level).filter(pl.col("name") == name)
    row: dict[str, Any] = found.row(0, named=True) if found.height else {"rank": None, "share": 0.0}
    rank = f"{formats.number(row['rank'], locale=locale)}." if row["rank"] else "–"
    many = "families" if level == "family" else "genres"
    of = "plays" if scene.order == "plays" else "listening time"
    time = formats.hours(sums.ms_played, locale=locale)
    return html.facts(
        [
            html.Fact("Plays", formats.number(sums.plays, locale=locale), time, hint=COUNTED),
            html.Fact("Share", formats.share(row["share"], locale=locale), f"of {of} in the range", hint=SHARED),
            html.Fact("Place", rank, f"of all {many}", hint=SHARED),
            html.Fact("Artists", formats.number(sums.artists, locale=locale), "in the range", hint=COUNTED),
            _moment("First listen", ever.first, scene),
            _moment("Last listen", ever.last, scene),
        ]
    )


def _ranking(scene: Scene, level: str) -> pl.DataFrame:
    """Return the ranked genres or families of everything but genres that narrows the page."""
    whole = replace(scene, selection=scene.selection.without("genre"))
    return app().listening.ask(scene.viewer.user_id, genre_top, level=level, metric=scene.order, **whole.asked())


def _moment(label: str, moment: datetime | None, scene: Scene) -> html.Fact:
    if moment is None:
        return html.Fact(label, "–")
    local = moment.astimezone(ZoneInfo(scene.viewer.lens.timezone))
    return html.Fact(label, f"{local:%b %Y}", formats.moment(local))


def _part(own: Scene, kind: By, name: str) -> str:
    """Return its most played artists, albums or tracks."""
    frame = app().listening.top(own.viewer.user_id, by=kind, metric=own.order, limit=10, **own.asked())
    shown = html.note("No plays in this range.") if frame.is_empty() else lists.short_ranking(own, kind, frame)
    every = html.link(own.href("charts", of=kind, genre=name), "All")
    return panels.head(lists.PLURAL[kind], "", every) + shown


def _beside(scene: Scene, name: str) -> str:
    """Return the genres of the same family that were heard, or those of a family, with their shares."""
    family = app().genres.family_of(name) or name
    if name == UNKNOWN:
        return html.note("You can give an artist genres yourself, on the artist's page.")
    inside = app().genres.within(family)
    frame = _ranking(scene, "genre").filter(pl.col("name").is_in(inside) & (pl.col("name") != name)).head(12)
    title = f"Genres of {family}" if family == name else f"Other genres of {family}"
    if frame.is_empty():
        return panels.head(title) + html.note("None of them was heard in this range.")
    rows = [
        [
            html.name(scene.href(PAGE, name=row["name"]), row["name"]),
            html.plain(formats.share(row["share"], locale=scene.viewer.locale)),
            html.plain(formats.number(row["artists"], locale=scene.viewer.locale)),
        ]
        for row in frame.iter_rows(named=True)
    ]
    columns = [html.Column("Genre", "name"), html.Column("Share", "number"), html.Column("Artists", "number")]
    return panels.head(title, SHARED) + html.Table(title, columns, rows).html()
