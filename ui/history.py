"""The history page: the listens themselves, filtered, searched, a page at a time, to take away."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.analytics.latest import Page
from core.domain.listen import Source
from core.domain.selection import FILTER_NAMES, filter_params
from ui import deletions, formats, html, lists, panels
from ui.chips import filter_words
from ui.context import app
from ui.countries import country_name
from ui.figures.panels import WEEKDAYS_FULL
from ui.pager import Pager, place
from ui.scene import Scene
from ui.states import panel

PAGE = 100
SOURCES = {
    Source.SPOTIFY_EXPORT: "Extended history",
    Source.SPOTIFY_ACCOUNT: "Account data",
    Source.SPOTIFY_API: "Spotify API",
}
YES_NO = {"": "Either", "yes": "Yes", "no": "No"}


def filters(scene: Scene) -> None:
    """Draw the search and the filters; each choice goes into the address."""
    choices = app().listening.choices(scene.viewer.user_id, lens=scene.viewer.lens)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.session_state["filter_q"] = st.query_params.get("q", "")
        st.text_input(
            "Search",
            key="filter_q",
            placeholder="Track, artist or album",
            label_visibility="collapsed",
            on_change=_set,
            args=("q",),
            width=280,
        )
        count = len(filter_params(scene.selection.filters).keys() - {"q"})
        with st.popover(f"Filters{f' ({count})' if count else ''}", icon=":material/tune:"):
            _several("weekday", "Weekday", dict(enumerate(WEEKDAYS_FULL)))
            _several("hour", "Hour", {hour: f"{hour}:00" for hour in range(24)})
            _several("device", "Device", {p.name.lower(): p.name.title() for p in choices.platforms})
            _several("country", "Country", {letters: country_name(letters) for letters in choices.countries})
            _several("source", "Source", {s.name.lower(): SOURCES[s] for s in choices.sources})
            _either("skipped", "Skipped")
            _either("shuffle", "Shuffle")
        deletions.menu(scene, lambda: list(_page(scene)[0].rows.iter_rows(named=True)))
    _chips(scene)
    deletions.just_deleted(scene)


def _several(name: str, label: str, options: Mapping[Any, str]) -> None:
    """Draw a choice of several values; nothing to choose from draws nothing."""
    if len(options) < 2:
        return
    words = {str(key): value for key, value in options.items()}
    now = [part for part in st.query_params.get(name, "").split(",") if part in words]
    st.session_state[f"filter_{name}"] = now
    st.multiselect(
        label, list(words), format_func=words.__getitem__, key=f"filter_{name}", on_change=_set, args=(name,)
    )


def _either(name: str, label: str) -> None:
    now = st.query_params.get(name, "")
    st.session_state[f"filter_{name}"] = now if now in YES_NO else ""
    st.segmented_control(
        label,
        list(YES_NO),
        format_func=YES_NO.__getitem__,
        key=f"filter_{name}",
        required=True,
        on_change=_set,
        args=(name,),
    )


def _set(name: str) -> None:
    """Put a filter into the address and go back to the first page."""
    value = st.session_state[f"filter_{name}"]
    words = value if isinstance(value, str) else ",".join(value)
    st.query_params.pop("page", None)
    if words:
        st.query_params[name] = words
    else:
        st.query_params.pop(name, None)


def _chips(scene: Scene) -> None:
    """Show what narrows the list, with a way to take it all off."""
    names = ", ".join(words for _, words in filter_words(scene))
    if names:
        everything: dict[str, str | None] = dict.fromkeys(FILTER_NAMES)
        way = html.link(scene.here("history", **everything), "Show all")
        st.html(f'<p class="pp-chip">{html.text(names)} {way}</p>')


def listens(scene: Scene) -> None:
    """Draw one page of the listens and the ways to take all of them away."""
    with panel("listens"):
        st.html(scene.kept("listens", lambda: _listens(scene), st.query_params.get("page", "")))


def _page(scene: Scene) -> tuple[Page, Pager]:
    """Return the listens of the page that the address names, and the way to the others."""
    total = app().listening.page(scene.viewer.user_id, limit=0, **scene.asked()).total
    pages, offset = place(scene, "history", total, PAGE)
    return app().listening.page(scene.viewer.user_id, limit=PAGE, offset=offset, **scene.asked()), pages


def _listens(scene: Scene) -> str:
    who = scene.viewer
    page, pages = _page(scene)
    total = page.total
    query = html.text(scene.selection.query(profile="demo" if who.demo else None))
    tools = " ".join(
        f'<a href="/download/listens.{form}?{query}" download title="All of this selection">{label}</a>'
        for form, label in (("csv", "CSV"), ("parquet", "Parquet"))
    )
    head = panels.head(formats.plural(total, "listen", locale=who.locale), "", tools)
    if not total:
        clear: dict[str, str | None] = dict.fromkeys(FILTER_NAMES)
        everything = scene.here("history", **{**clear, "range": "all"})
        return head + html.note("Nothing in this selection.", action="Show everything", href=everything)
    return head + lists.listens(scene, page.rows, full=True) + pages.html()
