"""A panel: a title that says what is seen, its picture, list or figures, and ways to take them away."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.selection import Selection
from ui import html, lists, picking
from ui.context import app
from ui.figures.panel import Listing, Panel, Picture, Strip
from ui.figures.panels import PANELS
from ui.listing import listing
from ui.scene import Scene
from ui.states import panel

HINTS = {"csv": "The data behind this", "png": "This as a picture", "svg": "This as a drawing"}
NOTHING = "There is nothing to draw in this range; choose a longer one."
COMPARING = ("timeline", "bump")  # they show the range to compare with in themselves, or make no sense in halves


def today(scene: Scene) -> date:
    """Return the local day of whoever looks."""
    return datetime.now(UTC).astimezone(ZoneInfo(scene.viewer.lens.timezone)).date()


def show(scene: Scene, name: str, page: str, *, selection: Selection | None = None) -> None:
    """Draw the panel of a name; beside the same of the range to compare with, where one was chosen."""
    chosen = selection or scene.selection
    other = None if name in COMPARING else chosen.other()
    if other is None:
        _one(scene, name, page, chosen)
        return
    for column, side in zip(st.columns(2, gap="large"), (chosen, other), strict=True):
        with column:
            _one(replace(scene, selection=side), name, page, side, mark=side.range)


def _one(scene: Scene, name: str, page: str, chosen: Selection, *, mark: str = "") -> None:
    with panel(name):
        who = scene.viewer
        made = scene.kept(name, lambda: PANELS[name](app().listening, who.user_id, who.lens, chosen), chosen)
        as_table = st.query_params.get("table") == name
        if isinstance(made, Picture):
            _picture(scene, name, page, made, chosen, as_table=as_table, mark=mark)
        else:
            question = ("drawn", name, page, as_table, tuple(_kept().items()))
            st.html(scene.kept(name, lambda: _words(scene, name, page, made, chosen, as_table=as_table), question))


def _words(scene: Scene, name: str, page: str, made: Listing | Strip, chosen: Selection, *, as_table: bool) -> str:
    """Return a list or a strip of figures as HTML, head included."""
    head = _head(scene, name, page, made, chosen, as_table=as_table)
    if isinstance(made, Strip):
        figures = (html.Fact(one.label, one.value, one.note, hint=one.hint) for one in made.numbers)
        body = html.facts(figures, wordy=True)
        return head + (body if made.numbers else "")
    if made.frame.is_empty():
        return head + html.note(made.empty)
    return head + listing(scene, page, made, whole=as_table)


def _picture(
    scene: Scene, name: str, page: str, made: Picture, chosen: Selection, *, as_table: bool, mark: str
) -> None:
    """Draw a picture, or its rows as a table; what is clicked or brushed in it filters the page."""
    st.html(_head(scene, name, page, made, chosen, as_table=as_table))
    if made.empty or not made.rows.num_rows or made.n.startswith("0 "):  # on nothing there is nothing to see
        st.html(html.note(made.empty or NOTHING))
        return
    if as_table:
        st.html(lists.plain_table(made.about, made.table))
        return
    key = "-".join(filter(None, (page, name, mark)))
    shown: dict[str, Any] = {"key": key, "alt": made.alternative}
    if picking.names(made.spec):
        shown |= {"on_select": lambda: picking.follow(key, chosen)}
    st.vega_lite_chart(made.rows, made.spec, **shown)


def _head(scene: Scene, name: str, page: str, made: Panel, chosen: Selection, *, as_table: bool) -> str:
    """Return the head of a panel: title, what is measured and on how much, table view, downloads, definition."""
    query = chosen.query(profile="demo" if scene.viewer.demo else None)
    forms = ("csv", "png", "svg") if isinstance(made, Picture) else ("csv",)
    saves = [
        f'<a href="/download/figure/{name}.{form}?{html.text(query)}" download title="{HINTS[form]}">{form.upper()}</a>'
        for form in forms
    ]
    label = "Chart" if as_table else "Table"
    if isinstance(made, Listing):
        label = "First ones" if as_table else "All" if made.frame.height > made.limit else ""
    table = scene.here(page, table=None if as_table else name, **_kept())
    turn = [html.link(table, label)] if label and not isinstance(made, Strip) else []
    about = " · ".join(filter(None, (made.about, made.n, made.credit)))
    return head(made.title, about, " ".join([*turn, *saves]), _explained(scene, made))


def _explained(scene: Scene, made: Panel) -> str:
    """Return the sentence that explains a panel, with the link to its definition."""
    if not made.explained:
        return ""
    way = html.link(scene.href("definitions", of=made.definition), "Definition") if made.definition else ""
    return f'<span class="pp-explained">{html.text(made.explained)} {way}</span>'


def _kept() -> dict[str, str | None]:
    """Return the parameters of this page that are not part of the selection, such as an item's id."""
    return {name: st.query_params[name] for name in ("id", "name", "part", "of") if name in st.query_params}


def head(title: str, about: str = "", tools: str = "", more: str = "") -> str:
    """Return the heading of a panel; ``tools`` and ``more`` are markup made by this package."""
    sub = f'<span class="pp-sub">{html.text(about)}</span>' if about else ""
    side = f'<span class="pp-tools">{tools}</span>' if tools else ""
    return f'<div class="pp-head"><h2>{html.text(title)}</h2>{sub}{side}{more}</div>'
