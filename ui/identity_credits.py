"""Who else is on a track, and on which tracks of others an artist is."""

from functools import partial

import streamlit as st

from core.analytics import featuring
from core.analytics.items import ItemFacts
from ui import html, lists, panels
from ui.context import app
from ui.scene import Scene
from ui.states import panel


def credits(scene: Scene, facts: ItemFacts) -> None:  # noqa: A001 - what it draws
    """Draw who else is on a track, or the tracks of others an artist is on."""
    with panel("credits"):
        make = {"track": _guests, "artist": _featured_on}.get(facts.kind)
        shown = scene.kept(f"credits-{facts.kind}-{facts.id}", partial(make, scene, facts)) if make else ""
        if shown:  # an empty element is an error
            st.html(shown)


def _guests(scene: Scene, facts: ItemFacts) -> str:
    lens = scene.viewer.lens
    frame = app().listening.ask(scene.viewer.user_id, featuring.guests, lens=lens, id=facts.id)
    links = [html.link(scene.href("artist", id=id), name) for id, name in frame.iter_rows()]
    return f'<p class="pp-crumb">With {", ".join(links)}</p>' if links else ""


def _featured_on(scene: Scene, facts: ItemFacts) -> str:
    lens, period, order = scene.viewer.lens, scene.selection.shown, scene.order
    frame = app().listening.ask(
        scene.viewer.user_id, featuring.featured_on, lens=lens, period=period, id=facts.id, metric=order
    )
    if frame.is_empty():
        return ""
    about = "Tracks of others that credit this artist"
    caption = f"Also featured on, {facts.name}"
    return panels.head("Also featured on", about) + lists.short_ranking(
        scene, "track", frame, ranked=False, caption=caption
    )
