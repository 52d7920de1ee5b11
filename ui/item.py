"""The page of one artist, album or track: what it is to me, along time, by hour, with what belongs to it."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from core.analytics.items import ItemFacts
from core.analytics.library import By
from core.domain.errors import NotFound
from core.domain.lens import Exclusion
from core.domain.selection import with_item
from ui import formats, html, lists, panels
from ui.chips import chips
from ui.context import app
from ui.controls import Scene, draw_head, open_scene
from ui.states import nothing_here, panel


def show(kind: By) -> None:
    """Draw the page of the thing whose database id is in the address."""
    scene = open_scene(lists.NAMES[kind])
    asked = st.query_params.get("id", "")
    try:
        if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
            raise NotFound("This address names nothing; choose something from Charts.")
        facts = app().listening.item(scene.viewer.user_id, kind=kind, id=int(asked), **scene.asked())
    except NotFound as error:
        st.title(lists.NAMES[kind], anchor=False)
        nothing_here(error.message, action="To Charts", href=scene.href("charts"))
        return
    _crumb(scene, facts)
    draw_head(scene, facts.name or "Unknown")
    chips(scene, kind)
    _figures(scene, facts)
    narrowed = replace(scene, selection=_only(scene, facts))
    left, right = st.columns([0.64, 0.36], gap="large")
    with left:
        panels.show(narrowed, "timeline", kind)
    with right:
        panels.show(narrowed, "when", kind)
    _parts(narrowed, facts)
    _leave_out(scene, facts)


def _only(scene: Scene, facts: ItemFacts) -> Any:
    return replace(scene.selection, filters=with_item(scene.selection.filters, facts.kind, facts.id))


def _crumb(scene: Scene, facts: ItemFacts) -> None:
    """Draw where this belongs: chart, artist, album."""
    plural = lists.PLURAL[facts.kind]
    steps = [html.link(scene.href("charts", of=facts.kind), plural)]
    if facts.kind != "artist" and facts.artist_id:
        steps.append(html.link(scene.href("artist", id=facts.artist_id), facts.artist))
    if facts.kind == "track" and facts.album_id:
        steps.append(html.link(scene.href("album", id=facts.album_id), facts.album))
    st.html(f'<p class="pp-crumb">{" › ".join(steps)}</p>')


def _figures(scene: Scene, facts: ItemFacts) -> None:
    """Draw plays, time, place and share in the range, and the first and last listen ever."""
    locale, sums = scene.viewer.locale, facts.totals
    skipped = "–" if sums.skip_share is None else formats.share(sums.skip_share, locale=locale)
    time = formats.hours(sums.ms_played, locale=locale)
    rank = f"{formats.number(facts.rank, locale=locale)}." if facts.rank else "–"
    st.html(
        html.facts(
            [
                html.Fact("Plays", formats.number(sums.plays, locale=locale), time),
                html.Fact("Place", rank, f"of all {lists.PLURAL[facts.kind].lower()}"),
                html.Fact("Share", formats.share(facts.share, locale=locale), "of plays in the range"),
                html.Fact("Skipped", skipped, f"of {formats.plural(sums.starts, 'listen', locale=locale)}"),
                _moment("First listen", facts.first, scene),
                _moment("Last listen", facts.last, scene),
            ]
        )
    )


def _moment(label: str, moment: datetime | None, scene: Scene) -> html.Fact:
    if moment is None:
        return html.Fact(label, "–")
    local = moment.astimezone(ZoneInfo(scene.viewer.lens.timezone))
    return html.Fact(label, f"{local:%b %Y}", formats.moment(local))


def _parts(scene: Scene, facts: ItemFacts) -> None:
    """Draw what belongs to it, and its latest listens."""
    inside: dict[By, list[By]] = {"artist": ["track", "album"], "album": ["track"], "track": []}
    kinds = inside[facts.kind]
    columns = st.columns(len(kinds) + 1, gap="large")
    for column, kind in zip(columns, kinds, strict=False):
        with column, panel(f"parts-{kind}"):
            st.html(scene.kept(f"parts-{kind}", partial(_part, scene, kind)))
    with columns[-1], panel("latest"):
        st.html(scene.kept("latest-of-it", lambda: _latest(scene, facts)))


def _part(scene: Scene, kind: By) -> str:
    frame = app().listening.top(scene.viewer.user_id, by=kind, metric=scene.order, limit=10, **scene.asked())
    shown = html.note("No plays in this range.") if frame.is_empty() else lists.short_ranking(scene, kind, frame)
    return panels.head(lists.PLURAL[kind]) + shown


def _latest(scene: Scene, facts: ItemFacts) -> str:
    page = app().listening.page(scene.viewer.user_id, limit=10, **scene.asked())
    more = html.link(scene.viewer.href("history", scene.selection, **{facts.kind: facts.id}), "All")
    shown = lists.listens(scene, page.rows) if page.total else html.note("Not heard in this range.")
    return panels.head("Latest listens", "", more) + shown


def _leave_out(scene: Scene, facts: ItemFacts) -> None:
    """Offer to leave it out of the statistics; nothing is deleted, Settings counts it again."""
    if scene.viewer.demo:
        return
    with st.expander(f"Leave this {facts.kind} out of my statistics"):
        st.html(html.note("Its listens stay stored and can be counted again at any time under Settings."))
        if st.button("Leave it out", key="leave_out"):
            exclusion = Exclusion(facts.kind, facts.id)
            app().profiles.exclude(scene.viewer.user_id, exclusion=exclusion)
            st.switch_page(st.session_state["pages"]["settings"])
