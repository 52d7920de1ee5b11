"""The controls every personal page has at its top: whose, which range, plays or hours, through which lens."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.lens import Lens
from core.domain.listen import Kind
from core.domain.period import Period
from core.domain.selection import Selection, parse_selection, range_token
from ui import formats, html, ranges
from ui.context import Viewer, app, viewer
from ui.scene import Scene
from ui.states import no_listens

PRESETS = {
    "7d": "Last 7 days",
    "30d": "Last 30 days",
    "90d": "Last 90 days",
    "12m": "Last 12 months",
    "all": "All time",
}
KEPT = ("range", "metric")
UNDER_WAY = ("queued", "running")
SPOKEN = (Kind.PODCAST, Kind.AUDIOBOOK)


def personal_page(title: str) -> Scene:
    """Draw the head of a personal page and return what it shows; stops at an empty history with what to do next."""
    scene = open_scene(title)
    draw_head(scene, title)
    return scene


def open_scene(title: str, *, kinds: tuple[Kind, ...] = ()) -> Scene:
    """Return what a personal page shows, nothing drawn yet; stops at an empty history with what to do next.

    ``kinds``: what the page is about where that is not for the person's lens to say.
    """
    who = viewer()
    span = app().listening.span(who.user_id, lens=who.lens)
    if kinds:
        who = replace(who, lens=replace(who.lens, kinds=kinds))
        heard, span = span, app().listening.span(who.user_id, lens=who.lens)
        if heard and not span:
            st.title(title, anchor=False)
            st.html(html.note(f"No {title.lower()} in your history yet. They come with the same exports as music."))
            st.stop()
    if span is None:
        st.title(title, anchor=False)
        no_listens(who, importing=any(r.status in UNDER_WAY for r in app().importing.records(who.user_id)))
        st.stop()
    first, last = span
    return Scene(who, _selection(first, last, who.lens.timezone), first, last)


def draw_head(scene: Scene, title: str) -> None:
    """Draw title (any text), range picker, unit switch and the line that says through which lens one looks."""
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.title(formats.unmarked(title), anchor=False, width="content")
        with st.container(horizontal=True, vertical_alignment="center", width="content", gap="xsmall"):
            _range_picker(scene)
            _metric_switch()
    st.html(_lens_line(scene.viewer, scene.selection))


def _selection(first: date, last: date, timezone: str) -> Selection:
    """Return the selection of the address; range and unit are kept from page to page and always stand in it."""
    for name in KEPT:
        if name not in st.query_params and name in st.session_state:
            st.query_params[name] = st.session_state[name]
    today = datetime.now(UTC).astimezone(ZoneInfo(timezone)).date()
    selection = parse_selection(st.query_params.to_dict(), first=first, last=last, today=today)
    for name, value in (("range", selection.range), ("metric", selection.metric)):
        if st.query_params.get(name) != value:
            st.query_params[name] = value
        st.session_state[name] = value
    return selection


def _range_picker(scene: Scene) -> None:
    """Draw previous, range and next; each choice goes into the address."""
    selection, first, last = scene.selection, scene.first, scene.last
    before, after = selection.period.before(), selection.period.after()
    _step("‹", "Earlier", "earlier", before, disabled=before is None or before.end is None or before.end <= first)
    options = _options(selection, first, last, {} if scene.viewer.demo else ranges.named(scene.viewer.user_id))
    st.session_state["pick_range"] = selection.range
    st.selectbox(
        "Range",
        list(options),
        format_func=lambda token: options.get(token, token),
        key="pick_range",
        label_visibility="collapsed",
        on_change=_picked,
        width=210,
    )
    _step("›", "Later", "later", after, disabled=after is None or after.start is None or after.start > last)
    more = st.popover(":material/date_range:", help="Two days, or two ranges beside each other", on_change="rerun")
    if more.open:
        with more:
            _more_ranges(selection, options, first, last)
            ranges.save_form(scene)


def _more_ranges(selection: Selection, options: dict[str, str], first: date, last: date) -> None:
    """Draw what is seldom wanted: any two days, and the range to compare with."""
    st.date_input(
        "From and to",
        value=(selection.period.start or first, (selection.period.end or last) - timedelta(days=1)),
        min_value=min(first, selection.period.start or first),
        max_value=max(last, (selection.period.end or last)),
        key=f"days_{selection.range}",
        on_change=_two_days,
        args=(f"days_{selection.range}",),
    )
    others = {"": "The time before", **{token: words for token, words in options.items() if token != selection.range}}
    if selection.versus_range and selection.versus and selection.versus_range not in others:
        others[selection.versus_range] = formats.days(selection.versus)
    st.session_state["pick_versus"] = selection.versus_range if selection.versus else ""
    st.selectbox(
        "Compare with",
        list(others),
        format_func=lambda token: others.get(token, token),
        key="pick_versus",
        on_change=_versus_picked,
    )


def _versus_picked() -> None:
    """Put the range to compare with into the address."""
    token = st.session_state["pick_versus"]
    if token:
        st.query_params["vs"] = token
    else:
        st.query_params.pop("vs", None)


def _options(selection: Selection, first: date, last: date, names: dict[str, str]) -> dict[str, str]:
    """Return token → label of the ranges to choose from: presets, named ones, every year, and the one chosen now."""
    options = {**PRESETS, **names}
    options |= {str(year): str(year) for year in range(last.year, first.year - 1, -1)}
    if selection.range not in options:
        options = {selection.range: formats.days(selection.period), **options}
    return options


def _step(label: str, name: str, key: str, period: Period | None, *, disabled: bool) -> None:
    token = range_token(period) if period else ""
    st.button(label, help=name, key=f"step_{key}", disabled=disabled, on_click=_go_to, args=(token,))


def _go_to(token: str) -> None:
    st.query_params["range"] = token
    st.query_params.pop("brush", None)


def _picked() -> None:
    _go_to(st.session_state["pick_range"])


def _two_days(key: str) -> None:
    chosen: Any = st.session_state[key]
    if isinstance(chosen, tuple) and len(chosen) == 2:
        _go_to(range_token(Period(chosen[0], chosen[1] + timedelta(days=1))))


def _metric_switch() -> None:
    st.session_state["pick_metric"] = st.query_params["metric"]
    st.segmented_control(
        "Count",
        ["plays", "hours"],
        format_func=str.title,
        key="pick_metric",
        required=True,
        label_visibility="collapsed",
        on_change=lambda: st.query_params.__setitem__("metric", st.session_state["pick_metric"]),
    )


def _lens_line(who: Viewer, selection: Selection) -> str:
    """Return the line under the title: what is shown and through which lens."""
    words = html.text(f"{formats.days(selection.period)} · {lens_words(who.lens)}")
    change = "" if who.demo else f" · {html.link('/settings', 'change')}"
    apart = ""
    if not set(who.lens.kinds) & set(SPOKEN) and _spoken(who):
        apart = f" · {html.link(who.href('podcasts', selection), 'podcasts apart')}"
    return f'<p class="pp-lens">{words}{change}{apart}</p>'


def _spoken(who: Viewer) -> bool:
    """Return whether there are podcasts or audiobooks in the history."""
    return bool(app().listening.library(who.user_id).present("kind") & set(map(int, SPOKEN)))


def lens_words(lens: Lens) -> str:
    """Return a lens in a few words: ``plays ≥ 30 s · Europe/Berlin · music · 2 rules``."""
    rule = {
        "seconds": f"plays ≥ {lens.minimum_ms / 1000:g} s",
        "half": "plays ≥ half the track",
        "start": "every start is a play",
    }[lens.rule]
    music = set(lens.kinds) <= {Kind.MUSIC, Kind.VIDEO}
    kinds = "music" if music else ", ".join(sorted({k.name.lower() for k in lens.kinds} - {"video"}))
    count = len(lens.exclusions)
    rules = [formats.plural(count, "thing") + " left out"] if count else []
    private = [] if lens.incognito else ["without private sessions"]
    return " · ".join([rule, lens.timezone, kinds, *rules, *private])
