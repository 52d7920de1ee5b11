"""The decisions about together and apart, each with its way back, and what is likely one thing."""

from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.rules import Decision, Suggestion
from ui import formats, html, panels
from ui.context import app
from ui.identity_deciding import just_decided, tried
from ui.identity_words import decision_words, suggestion_words, together_words
from ui.scene import Scene
from ui.states import panel

SUGGESTED = 12


def decisions_part(scene: Scene) -> None:
    """Draw what was put together and apart, and what is likely the same."""
    with panel("decisions"):
        _decisions(scene)
    if not scene.viewer.demo:
        with panel("suggestions"):
            _suggestions(scene)


def _decisions(scene: Scene) -> None:
    st.html(panels.head("Together and apart", "Your own decisions; later plays follow them too"))
    found = app().identities.decisions(scene.viewer.user_id)
    if not found:
        st.html(html.note("Nothing yet. Open an artist, album or track: the form is under Put right."))
    for decision in found:
        _decision(scene, decision)


def _decision(scene: Scene, decision: Decision) -> None:
    words = decision_words(decision)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        when = formats.moment(decision.made_at.astimezone(ZoneInfo(scene.viewer.lens.timezone)))
        st.html(f'<div>{html.text(words)}<div class="pp-under">{html.text(when)}</div></div>', width="content")
        hint = f"Undo: {formats.unmarked(words)}"
        if not scene.viewer.demo and st.button("Undo", key=f"undo_{decision.id}", help=hint):
            user_id = scene.viewer.user_id
            tried(lambda: app().identities.undo(user_id, decision=decision.id), "Taken back; every figure follows.")


def _suggestions(scene: Scene) -> None:
    st.html(panels.head("Likely the same", "Equal but for signs, accents or an edition; nothing is done by itself"))
    just_decided(scene)
    found = app().identities.suggestions(scene.viewer.user_id, limit=SUGGESTED)
    if not found:
        st.html(html.note("Nothing in your history looks like one thing under two names."))
    for pair in found:
        _suggestion(scene, pair)


def _suggestion(scene: Scene, pair: Suggestion) -> None:
    """Draw a pair; looking at what would come of it comes before the button that does it."""
    user_id, source, target = scene.viewer.user_id, pair.source, pair.target
    key, words = f"{source.kind}_{source.id}_{target.id}", suggestion_words(pair)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        counts = [formats.plural(one.plays, "play", locale=scene.viewer.locale) for one in (source, target)]
        under = html.text(" and ".join(counts))
        st.html(f'<div>{html.text(words)}<div class="pp-under">{under}</div></div>', width="content")
        if st.button("Preview", key=f"look_{key}", help=f"Preview: {formats.unmarked(words)}"):
            st.session_state["looked_at"] = key
    if st.session_state.get("looked_at") != key:
        return
    rules = app().identities.merging(user_id, kind=source.kind, from_ids=[source.id], to_id=target.id)
    preview = app().identities.preview(user_id, rules=rules)
    st.html(f'<p class="pp-say" role="status">{html.text(together_words(preview, scene.viewer.locale))}</p>')
    if st.button("Put together", key=f"do_{key}", type="primary"):
        one, other = [source.id], target.id
        done = "Put together; every figure follows."
        tried(lambda: app().identities.merge(user_id, kind=source.kind, from_ids=one, to_id=other), done, keep=True)
