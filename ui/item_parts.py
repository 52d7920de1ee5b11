"""The parts of the page of one artist, album or track: which panels answer which question, and its own lists."""

from dataclasses import replace
from functools import partial

import streamlit as st

from core.analytics.items import ItemFacts
from core.analytics.library import By
from core.domain.lens import Exclusion
from core.domain.selection import Selection, with_item
from ui import html, lists, panels
from ui.arranging import Rows, arrange
from ui.context import app
from ui.scene import Scene
from ui.states import panel

PARTS = {"story": "Story", "place": "Place", "when": "When", "how": "How", "with": "With what", "right": "Put right"}
ROWS: dict[str, Rows] = {
    "story": [[("found", 1)]],
    "place": [[("rank-history", 0.5), ("share-over-time", 0.5)]],
    "when": [
        [("when", 0.5), ("hours", 0.5)],
        [("calendar", 1)],
        [("streak-list", 0.5), ("clock-seasons", 0.5)],
    ],
    "how": [
        [("item-skips", 1)],
        [("item-sessions", 1)],
        [("time-between", 1)],
    ],
    "with": [[("played-with", 1)]],
}
INSIDE: dict[By, tuple[By, ...]] = {"artist": ("track", "album"), "album": ("track",), "track": ()}


def parts(scene: Scene) -> dict[str, str]:
    """Return the parts of the page; only somebody's own can be put right."""
    return {name: label for name, label in PARTS.items() if name != "right" or not scene.viewer.demo}


def draw(scene: Scene, facts: ItemFacts, part: str) -> None:
    """Draw one part of the page; ``scene`` selects this thing among everything."""
    page, own = facts.kind, only(scene.selection, facts)
    if part == "story":
        panels.show(scene, "timeline", page, selection=own)
        _inside(replace(scene, selection=own), facts)
    few: Rows = [[("affinity-parts", 1)]] if (part, facts.kind) == ("how", "artist") else []
    arrange(scene, page, [*few, *ROWS.get(part, [])], selection=own)


def only(selection: Selection, facts: ItemFacts) -> Selection:
    """Return the selection of this thing alone: what else narrows the page stays, other things do not."""
    others = selection.without("artist", "album", "track")
    return replace(others, filters=with_item(others.filters, facts.kind, facts.id))


def _inside(scene: Scene, facts: ItemFacts) -> None:
    """Draw what belongs to it, and its latest listens."""
    kinds = INSIDE[facts.kind]
    columns = st.columns(len(kinds) + 1, gap="large")
    for column, kind in zip(columns, kinds, strict=False):
        with column, panel(f"parts-{kind}"):
            st.html(scene.kept(f"parts-{kind}", partial(_part, scene, facts, kind)))
    with columns[-1], panel("latest"):
        st.html(scene.kept("latest-of-it", partial(_latest, scene, facts)))


def _part(scene: Scene, facts: ItemFacts, kind: By) -> str:
    frame = app().listening.top(scene.viewer.user_id, by=kind, metric=scene.order, limit=10, **scene.asked())
    shown = html.note("No plays in this range.") if frame.is_empty() else lists.short_ranking(scene, kind, frame)
    every = html.link(scene.href("charts", of=kind, **{facts.kind: facts.id}), "All")
    return panels.head(lists.PLURAL[kind], "", every) + shown


def _latest(scene: Scene, facts: ItemFacts) -> str:
    page = app().listening.page(scene.viewer.user_id, limit=10, **scene.asked())
    more = html.link(scene.viewer.href("history", scene.selection, **{facts.kind: facts.id}), "All")
    shown = lists.listens(scene, page.rows) if page.total else html.note("Not heard in this range.")
    return panels.head("Latest listens", "", more) + shown


def leave_out(scene: Scene, facts: ItemFacts) -> None:
    """Offer to leave it out of the statistics; nothing is deleted, Rules counts it again."""
    if scene.viewer.demo:
        return
    with st.expander(f"Leave this {facts.kind} out of my statistics"):
        st.html(html.note("Its listens stay stored and can be counted again at any time under Rules."))
        if st.button("Leave it out", key="leave_out"):
            exclusion = Exclusion(facts.kind, facts.id)
            app().profiles.exclude(scene.viewer.user_id, exclusion=exclusion)
            st.switch_page(st.session_state["pages"]["rules"])
