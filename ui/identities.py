"""Together and apart: the same thing under two names, two things under one, and who else is on a track."""

from typing import Literal

import streamlit as st

from core.analytics import featuring
from core.analytics.items import ItemFacts
from core.domain.rules import NEW_ARTIST
from ui import formats, html
from ui.context import app
from ui.identity_credits import credits  # noqa: A004 - what it draws
from ui.identity_deciding import choice, decide, just_decided, named
from ui.identity_list import decisions_part
from ui.identity_words import apart_words, moved_words, together_words
from ui.scene import Scene
from ui.states import panel

__all__ = ["credits", "decisions_part", "merge_form"]
PARTS: dict[Literal["album", "track"], str] = {"album": "Albums", "track": "Tracks"}
OFFERED = 20
MOST_PARTS = 200
SEARCHED = 60


def merge_form(scene: Scene, facts: ItemFacts) -> None:
    """Offer to put this together with something else, or to take it apart; nothing for those who only look."""
    if scene.viewer.demo:
        return
    with panel("identities"):
        just_decided(scene)
        with st.expander("This is the same as …"):
            _same_as(scene, facts)
        if facts.kind == "track" and len(facts.track_ids) > 1:
            with st.expander("This is a different recording"):
                _apart(scene, facts)
        if facts.kind == "artist":
            with st.expander("Some of this is somebody else"):
                _somebody_else(scene, facts)


def _same_as(scene: Scene, facts: ItemFacts) -> None:
    """Draw the search for the other one, what would come of it, and the button."""
    kind, user_id = facts.kind, scene.viewer.user_id
    st.html(html.note("Both then count as one, also what you hear later. You can undo it at any time."))
    text = st.text_input(f"Part of the name of the other {kind}", key=f"same_{kind}_{facts.id}", width=420)
    found = app().listening.search(user_id, text, lens=scene.viewer.lens, limit=SEARCHED) if text.strip() else []
    others = {one.id: one for one in found if one.kind == kind and one.id not in (facts.id, *facts.track_ids)}
    if not others:
        if text.strip():
            st.html(html.note(f"No other {kind} in your history has this in its name."))
        return
    labels = {id: named(one.name, one.artist if kind != "artist" else "", one.plays) for id, one in others.items()}
    other = choice("Which one", dict(list(labels.items())[:OFFERED]), key=f"other_{kind}_{facts.id}")
    if other is None:
        return
    start, end = _direction(facts, other, others[other].name)
    decide(
        scene,
        lambda: app().identities.merging(user_id, kind=kind, from_ids=[start], to_id=end),
        together_words,
        "Put together",
        lambda: app().identities.merge(user_id, kind=kind, from_ids=[start], to_id=end),
    )


def _direction(facts: ItemFacts, other: int, name: str) -> tuple[int, int]:
    """Return (from, to): of artists and albums one chooses which name stays."""
    if facts.kind == "track" or name == facts.name:
        return facts.id, other
    names = {facts.id: facts.name, other: name}
    stays = st.radio(
        "Its name from then on",
        [other, facts.id],
        format_func=lambda id: formats.unmarked(names.get(id, "")),
        key=f"stays_{facts.kind}_{facts.id}_{other}",
        horizontal=True,
    )
    return (facts.id, other) if stays == other else (other, facts.id)


def _apart(scene: Scene, facts: ItemFacts) -> None:
    """Draw the choice of the edition that is another recording."""
    user_id = scene.viewer.user_id
    st.html(html.note("Several editions count as this one recording. Choose the one that is another."))
    library = app().listening.library(user_id)
    codes = {id: library.code("track", id) for id in facts.track_ids}
    items, albums = library.items("track", merged=False), library.albums["name"]
    album = library.tracks["album"]
    options = {id: _edition(items.names[code], albums[album[code]]) for id, code in codes.items()}
    track = choice("Which edition", options, key=f"apart_{facts.id}")
    if track is not None:
        decide(
            scene,
            lambda: app().identities.splitting(user_id, track_id=track),
            apart_words,
            "Take apart",
            lambda: app().identities.split_track(user_id, track_id=track),
        )


def _edition(name: str, album: str) -> str:
    return f"{name or 'Unknown'} – {album}" if album else name or "Unknown"


def _somebody_else(scene: Scene, facts: ItemFacts) -> None:
    """Draw the choice of albums or tracks, and whose they are."""
    user_id = scene.viewer.user_id
    st.html(html.note("Two artists share this name? Choose what belongs to the other one."))
    kind = st.segmented_control("What is somebody else's", list(PARTS), format_func=PARTS.__getitem__, key="else_kind")
    if kind is None:
        return
    options = _own(scene, facts, kind)
    chosen = st.multiselect(PARTS[kind], list(options), format_func=lambda id: options.get(id, ""), key=f"else_{kind}")
    name = st.text_input("Whose they are", key="else_name", width=420, help="An artist you know, or a new name")
    if not chosen or not name.strip():
        return
    decide(
        scene,
        lambda: app().identities.assigning(user_id, kind=kind, ids=chosen, artist_id=NEW_ARTIST),
        moved_words,
        "Give them to this artist",
        lambda: app().identities.assign(user_id, kind=kind, ids=chosen, artist_name=name),
        artist_name=name,
    )


def _own(scene: Scene, facts: ItemFacts, kind: Literal["album", "track"]) -> dict[int, str]:
    """Return an artist's own albums or tracks with their plays, the most played first."""
    lens = scene.viewer.lens
    frame = app().listening.ask(scene.viewer.user_id, featuring.own, lens=lens, id=facts.id, by=kind, limit=MOST_PARTS)
    return {row["id"]: named(row["name"], "", row["plays"]) for row in frame.iter_rows(named=True)}
