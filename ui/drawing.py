"""Any panel, personal or public: its title, its picture, list or figures, and ways to take them away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from ui import html, lists, picking
from ui.figures.panel import Listing, Panel, Picture, Strip
from ui.ground import Ground
from ui.listing import listing

HINTS = {
    "csv": "The data behind this",
    "json": "The data behind this, for programs",
    "png": "This as a picture",
    "svg": "This as a drawing",
}
NOTHING = "There is nothing to draw in this range; choose a longer one."


@dataclass(frozen=True, slots=True)
class Place:
    """Where a panel stands: its ``name``, on which ``page``, and where its files come from.

    ``query``: of the files. ``others``: parameters of this address that are not part of what is asked.
    ``follow``: called with the key of a picture when something in it is picked. ``mark``: tells two of a name apart.
    """

    name: str
    page: str
    files: str
    query: str
    forms: tuple[str, ...] = ("csv",)
    others: Mapping[str, str] = field(default_factory=dict)
    follow: Callable[[str], None] | None = None
    mark: str = ""


def draw(ground: Ground, place: Place, made: Panel) -> None:
    """Draw a panel; as a table where the address asks for it."""
    as_table = st.query_params.get("table") == place.name
    question = ("drawn", place.page, place.query, as_table, tuple(place.others.items()))
    if isinstance(made, Picture):
        said = (made.title, made.about, made.n)
        st.html(ground.kept(place.name, lambda: _head(ground, place, made, as_table=as_table), question, said))
        _picture(place, made, as_table=as_table)
    else:
        st.html(ground.kept(place.name, lambda: _words(ground, place, made, as_table=as_table), question))


def _words(ground: Ground, place: Place, made: Listing | Strip, *, as_table: bool) -> str:
    """Return a list or a strip of figures as HTML, head included."""
    top = _head(ground, place, made, as_table=as_table)
    if isinstance(made, Strip):
        figures = (html.Fact(one.label, one.value, one.note, hint=one.hint) for one in made.numbers)
        body = html.facts(figures, wordy=True)
        return top + (body if made.numbers else "")
    if made.frame.is_empty():
        return top + html.note(made.empty)
    return top + listing(ground, place.page, made, whole=as_table)


def _picture(place: Place, made: Picture, *, as_table: bool) -> None:
    """Draw a picture below its head, or its rows as a table; what is picked in it goes where the page says."""
    if made.empty or not made.rows.num_rows or made.n.startswith("0 "):  # on nothing there is nothing to see
        st.html(html.note(made.empty or NOTHING))
        return
    if as_table:
        st.html(lists.plain_table(made.about, made.table))
        return
    key = "-".join(filter(None, (place.page, place.name, place.mark)))
    shown: dict[str, Any] = {"key": key, "alt": made.alternative}
    follow = place.follow
    if follow and picking.names(made.spec):
        shown |= {"on_select": lambda: follow(key)}
    st.vega_lite_chart(made.rows, made.spec, **shown)


def _head(ground: Ground, place: Place, made: Panel, *, as_table: bool) -> str:
    """Return the head of a panel: title, what is measured and on how much, table view, downloads, definition."""
    forms = (*place.forms, "png", "svg") if isinstance(made, Picture) else place.forms
    saves = [
        f'<a href="{place.files}/{place.name}.{form}?{html.text(place.query)}" download title="{HINTS[form]}">'
        f"{form.upper()}</a>"
        for form in forms
    ]
    label = "Chart" if as_table else "Table"
    if isinstance(made, Listing):
        label = "First ones" if as_table else "All" if made.frame.height > made.limit else ""
    table = ground.here(place.page, table=None if as_table else place.name, **place.others)
    turn = [html.link(table, label)] if label and not isinstance(made, Strip) else []
    about = " · ".join(filter(None, (made.about, made.n, made.credit)))
    return head(made.title, about, " ".join([*turn, *saves]), _explained(ground, made))


def _explained(ground: Ground, made: Panel) -> str:
    """Return the sentence that explains a panel, with the link to its definition."""
    if not made.explained:
        return ""
    way = html.link(ground.href("definitions", of=made.definition), "Definition") if made.definition else ""
    return f'<span class="pp-explained">{html.text(made.explained)} {way}</span>'


def head(title: str, about: str = "", tools: str = "", more: str = "") -> str:
    """Return the heading of a panel; ``tools`` and ``more`` are markup made by this package."""
    sub = f'<span class="pp-sub">{html.text(about)}</span>' if about else ""
    side = f'<span class="pp-tools">{tools}</span>' if tools else ""
    return f'<div class="pp-head"><h2>{html.text(title)}</h2>{sub}{side}{more}</div>'
