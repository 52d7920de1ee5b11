"""The controls of the trends pages: source, what is ranked, where, which window, when; search, and what to compare."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import streamlit as st

from core.domain.trends import MOST_COMPARED, WORLD, Available
from core.services.trends import Settled
from ui import formats, html
from ui.context import app
from ui.figures.trend_telling import KINDS
from ui.figures.trend_words import place_name
from ui.trends import PublicGround

WINDOWS = {"day": "A day", "week": "A week", "month": "A month", "year": "A year", "all": "All time"}
OLD = timedelta(days=2)  # without a good answer, after which a source's trouble is worth a word


def draw_head(title: str, settled: Settled, sources: Sequence[Available]) -> None:
    """Draw title, search and the switches of the address, and the line that says whose charts these are."""
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.title(formats.unmarked(title), anchor=False, width="content")
        search_field()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        ask = settled.ask
        if len(sources) > 1:
            names = {each.info.id: each.info.title for each in sources}
            _select("Source", "source", names, ask.source, leaves=("in", "at", "per", "with"))
        _switch("What", "of", {kind: KINDS[kind] for kind in settled.kinds}, ask.kind)
        if len(settled.regions) > 1:
            _select("Where", "in", places(settled.regions), ask.region)
        if len(settled.windows) > 1:
            _select("Time", "per", {name: WINDOWS[name] for name in settled.windows}, str(ask.window), leaves=("at",))
        if settled.series.snapshots > 1:
            _travel(settled)
    st.html(source_line(settled))


@lru_cache(maxsize=64)
def places(regions: tuple[str, ...]) -> Mapping[str, str]:
    """Return the names of regions, the world first, then by name."""
    named = {region: place_name(region) for region in regions}
    return dict(sorted(named.items(), key=lambda each: (each[0] != WORLD, each[1])))


def search_field() -> None:
    """Draw the search; what is typed goes into the address."""
    st.session_state["pick_q"] = st.query_params.get("q", "")
    st.text_input(
        "Search artists, songs and albums",
        key="pick_q",
        placeholder="Search artists, songs, albums",
        label_visibility="collapsed",
        icon=":material/search:",
        max_chars=100,
        width=280,
        on_change=lambda: _put("q", str(st.session_state["pick_q"]).strip()),
    )


def source_line(settled: Settled) -> str:
    """Return the line that says whose charts these are, of when, under which licence, and how old."""
    info, made = settled.info, settled.computed_at.astimezone(UTC)
    named = html.outward(info.url, info.title) if info.url else html.text(info.title)
    words = [info.about, f"Licence: {info.licence}", f"as of {formats.day(made.date())}, {made:%H:%M} UTC"]
    late = f" {html.text(_trouble(info.id))}"
    return f'<p class="pp-lens">{named} · {html.text(" · ".join(words))}{late}</p>'


def _trouble(source: str) -> str:
    """Return what is wrong where looking at a source has brought nothing for days: its charts are older then."""
    for each in app().trends.health():
        late = each.succeeded_at is None or datetime.now(UTC) - each.succeeded_at > OLD
        if each.source == source and each.checked_at and late and each.message:
            return f"{each.message} These are the last good charts."
    return ""


def compare_field(ground: PublicGround, labels: Mapping[int, str]) -> None:
    """Draw the choice of up to five things to compare; ``labels`` are those to choose from, by id."""
    st.session_state["pick_with"] = [id for id in ground.ask.ids if id in labels]
    st.multiselect(
        f"Compare up to {MOST_COMPARED}",
        list(labels),
        format_func=lambda id: labels.get(id, "?"),
        key="pick_with",
        max_selections=MOST_COMPARED,
        placeholder="Choose from this chart, or search and press Compare",
        on_change=lambda: _put("with", ",".join(map(str, st.session_state["pick_with"]))),
    )


def _travel(settled: Settled) -> None:
    """Draw earlier, the day to travel to, and later."""
    series = settled.series
    earlier, later = settled.at - timedelta(days=1), settled.later or settled.until
    newest = series.last
    st.button("‹", help="Earlier chart", key="trend_earlier", disabled=settled.at <= series.first,
              on_click=_put, args=("at", earlier.isoformat()))  # fmt: skip
    st.session_state["pick_at"] = settled.at
    st.date_input(
        "When",
        key="pick_at",
        min_value=min(series.first, settled.at),
        max_value=max(newest + timedelta(days=6), settled.at),
        on_change=_day_picked,
        width=140,
    )
    st.button("›", help="Later chart", key="trend_later", disabled=settled.later is None,
              on_click=_put, args=("at", later.isoformat()))  # fmt: skip


def _day_picked() -> None:
    chosen: Any = st.session_state["pick_at"]
    if isinstance(chosen, date):
        _put("at", chosen.isoformat())


def _select(label: str, name: str, options: Mapping[str, str], chosen: str, *, leaves: Sequence[str] = ()) -> None:
    key = f"pick_{name}"
    st.session_state[key] = chosen
    st.selectbox(
        label,
        list(options),
        format_func=lambda value: options.get(value, value),
        key=key,
        width=165,
        on_change=_picked(name, key, leaves),
    )


def _switch(label: str, name: str, options: Mapping[str, str], chosen: str) -> None:
    key = f"pick_{name}"
    st.session_state[key] = chosen
    st.segmented_control(
        label,
        list(options),
        format_func=lambda value: options.get(value, value),
        key=key,
        required=True,
        on_change=_picked(name, key, ("with",)),
    )


def _picked(name: str, key: str, leaves: Sequence[str]) -> Callable[[], None]:
    """Return what puts a choice into the address and takes out what does not go with it."""

    def put() -> None:
        for other in leaves:
            st.query_params.pop(other, None)
        _put(name, st.session_state[key])

    return put


def _put(name: str, value: str) -> None:
    """Put a parameter into the address; blank takes it out."""
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)
