"""The charts page: which list, searched, ordered, a page of it, its download; and how the first ten changed places."""

from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from core.domain.period import Unit
from ui import formats, html, lists, panels
from ui.context import app
from ui.figures.chart import FIELDS, KINDS, LEVELS, Chart, chart_of
from ui.figures.ranking import ranked
from ui.pager import pager
from ui.ranking import table
from ui.scene import Scene
from ui.states import panel

PAGE = 50
PARTS = {"list": "List", "places": "Changing places"}
COURSES = {"artist": "bump", "album": "bump-albums", "track": "bump-tracks", "genre": "genre-stream"}
ORDERS = {
    "rank": "By place",
    "-plays": "Least played",
    "change": "Climbed most",
    "-change": "Fell most",
    "skips": "Most skipped",
    "-skips": "Least skipped",
    "first": "Newest to you",
    "-first": "Known longest",
    "name": "A to Z",
}
OTHERS = {
    "-rank": "From the last place",
    "-name": "Z to A",
    "plays": "Most played",
    "hours": "Most hours",
    "-hours": "Fewest hours",
    "share": "Greatest share",
    "-share": "Smallest share",
    "artists": "Most artists",
    "-artists": "Fewest artists",
    "there": "Place in the other range",
    "-there": "Last places in the other range",
    "plays-there": "Most in the other range",
    "-plays-there": "Least in the other range",
}


def controls(scene: Scene) -> tuple[Chart, str]:
    """Draw the switches of the page; return the list and the part (``list`` or ``places``) of the address."""
    chart = chart_of(st.query_params.to_dict(), two=scene.selection.versus is not None)
    part = "places" if st.query_params.get("part") == "places" else "list"
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        _switch("List of", "of", chart.of, {kind: lists.PLURAL[kind] for kind in KINDS})
        _switch("Show", "part", part, PARTS)
    if part == "list" or chart.of == "genre":
        _narrow(chart, part)
    return chart, part


def _narrow(chart: Chart, part: str) -> None:
    """Draw what a list is ordered and searched by; for genres, how fine they are."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if chart.of == "genre":
            _switch("How fine", "level", chart.level, {str(level): words for level, words in LEVELS.items()})
        if part == "list":
            _order(chart)
            st.session_state["pick_find"] = chart.search
            st.text_input(
                "Search",
                key="pick_find",
                placeholder=f"Search {lists.PLURAL[chart.of].lower()}",
                label_visibility="collapsed",
                on_change=_chosen,
                args=("find",),
                width=260,
            )


def _switch(label: str, name: str, value: str, words: dict[Any, str]) -> None:
    """Draw a switch whose value stands in the address under ``name``."""
    st.session_state[f"pick_{name}"] = value
    st.segmented_control(
        label,
        list(words),
        format_func=lambda one: words.get(one, one),
        key=f"pick_{name}",
        required=True,
        label_visibility="collapsed",
        on_change=_chosen,
        args=(name,),
    )


def _order(chart: Chart) -> None:
    out = ("skips", "-skips", "first", "-first") if chart.of == "genre" else ()
    words = {sort: label for sort, label in ORDERS.items() if sort not in out}
    words |= {} if chart.sort in words else {chart.sort: OTHERS[chart.sort]}
    st.session_state["pick_sort"] = chart.sort
    st.selectbox(
        "Order",
        list(words),
        format_func=lambda sort: words.get(sort, sort),
        key="pick_sort",
        label_visibility="collapsed",
        on_change=_chosen,
        args=("sort",),
        width=190,
    )


def _chosen(name: str) -> None:
    """Put a control's value into the address and go back to the first page."""
    st.query_params.pop("page", None)
    value = st.session_state[f"pick_{name}"]
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def places(scene: Scene, chart: Chart) -> None:
    """Draw how the first ten changed places; of genres, how their parts did."""
    panels.show(scene, COURSES[chart.of], "charts")


def ranking(scene: Scene, chart: Chart) -> None:
    """Draw one page of the list."""
    with panel("ranking"):
        asked = (chart, st.query_params.get("page", ""))
        st.html(scene.kept("ranking", partial(_ranking, scene, chart), asked))


def _ranking(scene: Scene, chart: Chart) -> str:
    who, selection = scene.viewer, scene.selection
    found = ranked(app().listening, who.user_id, who.lens, selection, chart)
    frame, kept = found.frame, chart.params()
    if frame.is_empty():
        return _nothing(scene, chart)
    pages, part = pager(scene, "charts", frame, PAGE, **kept)
    sorts = {name: scene.here("charts", **{**kept, "sort": _turn(chart, name)}) for name in FIELDS}
    whole = _count(found.whole, chart)
    count = whole if frame.height == found.whole else f"{formats.number(frame.height)} of {whole}"
    save = f"/download/chart.csv?{selection.query(**kept, profile='demo' if who.demo else None)}"
    tools = f'<a href="{html.text(save)}" download title="The whole list as it is shown">CSV</a>'
    head = panels.head(_title(scene, chart), " · ".join(filter(None, (count, _about(chart)))), tools)
    return head + table(scene, chart, part, _curves(scene, chart, part), sorts) + pages.html()


def _turn(chart: Chart, name: str) -> str | None:
    """Return the order a click on a column's head asks for: by it, or the other way round."""
    sort = f"-{name}" if chart.sort == name else name
    return None if sort == "rank" else sort


def _title(scene: Scene, chart: Chart) -> str:
    """Return what is listed; beside another range, which two."""
    selection = scene.selection
    family = chart.of == "genre" and chart.level == "family"
    what = f"{'Families of genres' if family else lists.PLURAL[chart.of]} by {selection.metric}"
    if selection.versus is None:
        return what
    return f"{what}: {formats.days(selection.shown)} beside {formats.days(selection.versus)}"


def _count(rows: int, chart: Chart) -> str:
    if chart.of == "genre" and chart.level == "family":
        return f"{formats.number(rows)} {'family' if rows == 1 else 'families'}"
    return formats.plural(rows, chart.of)


def _about(chart: Chart) -> str:
    if chart.order == "skips":
        return "only what was started at least 20 times, the surest first"
    if chart.of == "genre":
        return "Genres: MusicBrainz tags, CC BY-NC-SA 3.0, and Playprint's own map"
    return ""


def _curves(scene: Scene, chart: Chart, part: pl.DataFrame) -> dict[int, list[float]]:
    """Return plays along the range by id, for a list that shows them."""
    if chart.of == "genre" or scene.selection.versus:
        return {}
    unit: Unit = "week" if (scene.selection.shown.days or 10_000) <= 400 else "month"
    ids = part["id"].to_list()
    lines = app().listening.sparklines(scene.viewer.user_id, by=chart.by, ids=ids, unit=unit, **scene.asked())
    return dict(zip(lines["id"].to_list(), lines["plays"].to_list(), strict=True))


def _nothing(scene: Scene, chart: Chart) -> str:
    words = "No plays in this range; choose a longer one."
    if chart.order == "skips":
        words = "Nothing was started at least 20 times here with a source that tells about skips."
    if chart.search:
        words = "Nothing by that name in this range."
    return html.note(words, action="Show everything", href=scene.here("charts", range="all", of=chart.of))
