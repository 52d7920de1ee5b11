"""The charts page: which list, searched, ordered, a page of it, and its download."""

from typing import cast

import polars as pl
import streamlit as st

from core.analytics.library import By
from core.domain.period import Unit
from ui import formats, html, lists, panels
from ui.context import app
from ui.controls import Scene
from ui.pager import pager
from ui.states import panel

KINDS: tuple[By, ...] = ("artist", "album", "track")
ORDERS = ("rank", "change", "name", "plays", "hours")
PAGE = 50


def controls(scene: Scene) -> tuple[By, str, str]:
    """Draw the switch between lists and the search; return (kind, order, search) of the address."""
    kind = cast(By, _one_of("of", KINDS, "artist"))
    order = _one_of("sort", ORDERS, "rank")
    search = st.query_params.get("find", "")
    st.session_state["pick_kind"], st.session_state["pick_find"] = kind, search
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.segmented_control(
            "List",
            KINDS,
            format_func=lambda k: lists.PLURAL[k],
            key="pick_kind",
            required=True,
            label_visibility="collapsed",
            on_change=_chosen,
            args=("of", "pick_kind"),
        )
        st.text_input(
            "Search",
            key="pick_find",
            placeholder=f"Search {lists.PLURAL[kind].lower()}",
            label_visibility="collapsed",
            on_change=_chosen,
            args=("find", "pick_find"),
            width=260,
        )
    return kind, order, search.strip()


def _one_of(name: str, allowed: tuple[str, ...], default: str) -> str:
    found = st.query_params.get(name, default)
    return found if found in allowed else default


def _chosen(name: str, key: str) -> None:
    """Put a control's value into the address and go back to the first page."""
    st.query_params.pop("page", None)
    value = st.session_state[key]
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def ranking(scene: Scene, kind: By, order: str, search: str) -> None:
    """Draw one page of the list."""
    with panel("ranking"):
        asked = (kind, order, search, st.query_params.get("page", ""))
        st.html(scene.kept("ranking", lambda: _ranking(scene, kind, order, search), asked))


def _ranking(scene: Scene, kind: By, order: str, search: str) -> str:
    who, chosen = scene.viewer, scene.selection
    every = app().listening.top(who.user_id, by=kind, metric=scene.order, **scene.asked())
    frame = _ordered(_found(every, search), order)
    if frame.is_empty():
        words = "Nothing by that name in this range." if search else "No plays in this range; choose a longer one."
        return html.note(words, action="Show everything", href=scene.here("charts", range="all", of=kind))
    pages, part = pager(scene, "charts", frame, PAGE, **_kept(kind, order, search))
    unit: Unit = "week" if (chosen.shown.days or 10_000) <= 400 else "month"
    lines = app().listening.sparklines(who.user_id, by=kind, ids=part["id"].to_list(), unit=unit, **scene.asked())
    curves = dict(zip(lines["id"].to_list(), lines["plays"].to_list(), strict=True))
    whole = formats.plural(every.height, kind)
    found = f"{formats.number(frame.height)} of {whole}" if search else whole
    save = f"/download/chart.csv?{chosen.query(of=kind, profile='demo' if who.demo else None)}"
    tools = f'<a href="{html.text(save)}" download title="The whole list">CSV</a>'
    sorts = {name: scene.here("charts", **_kept(kind, name, search)) for name in ORDERS}
    sorts |= {name: scene.here("charts", metric=name, **_kept(kind, "rank", search)) for name in ("plays", "hours")}
    return (
        panels.head(f"{lists.PLURAL[kind]} by {chosen.metric}", found, tools)
        + lists.long_ranking(scene, kind, part, curves, sorts, order)
        + pages.html()
    )


def _kept(kind: By, order: str, search: str) -> dict[str, str | None]:
    return {"of": kind, "sort": None if order == "rank" else order, "find": search or None}


def _found(frame: pl.DataFrame, search: str) -> pl.DataFrame:
    """Return the rows whose name or artist contains the search, in any case."""
    if not search:
        return frame
    low = search.lower()
    hit = pl.col("name").str.to_lowercase().str.contains(low, literal=True)
    return frame.filter(hit | pl.col("artist").str.to_lowercase().str.contains(low, literal=True))


def _ordered(frame: pl.DataFrame, order: str) -> pl.DataFrame:
    """Return the rows in the chosen order; movement puts the highest climbers first and newcomers last."""
    if order == "change":
        return frame.sort("change", "rank", descending=[True, False], nulls_last=True)
    if order == "name":
        return frame.sort(pl.col("name").str.to_lowercase(), "rank")
    return frame
