"""How suggestions come about, in words: the voices, the models trained here, what they learned, how to leave."""

from datetime import UTC

import streamlit as st

from core.domain.recommending import LEAST_LISTENERS, LEAST_PEOPLE
from core.services.training import Card
from ui import formats, html
from ui.context import app, signed_in
from ui.drawing import head
from ui.scene import Scene
from ui.states import nothing_here, panel

KINDS = {"artist": "Artists", "album": "Albums", "track": "Songs"}
VOICES = (
    ("Your own history", "Songs on the way back, songs that usually follow, little-played songs of artists you love, "
     "mixes. Made from your plays alone; nothing leaves this Playprint and nobody else is needed."),
    ("Your lists and saved music", "Songs and albums you put aside and never played, from your account data."),
    ("Genres", "Artists of Playprint's own map of well-known names that share genres and country with what you play."),
    ("Listeners of ListenBrainz", "Whom people there play beside your artists: open lists (CC0), fetched in the "
     "background by artist. Nobody there learns who you are."),
    ("Public charts", "Songs and albums on public charts by artists you play."),
    ("People here who agreed", f"A model of what members of this Playprint play, once {LEAST_PEOPLE} of them agreed. "
     f"It suggests only what at least {LEAST_LISTENERS} of them play, and only to those who agreed themselves."),
)  # fmt: skip
SOURCES = {"spotify_export": "extended streaming histories", "spotify_account": "account data"}
QUALITY = (
    ("recall_at_20", "Of what was hidden from it, found among its first 20", "share"),
    ("ndcg_at_100", "How high what was hidden stands among its first 100 (1: at the top)", "number"),
    ("coverage_at_10", "Of everything it knows, suggested to somebody", "share"),
    ("gini_at_10", "How unevenly suggestions fall on things (0: evenly, 1: all on one)", "number"),
    ("novelty_bits", "How little known what it suggests is (bits; 1 more is half as known)", "number"),
    ("outside_top_share", "Of its suggestions, outside the best-known hundredth", "share"),
)


def model_part(scene: Scene) -> None:
    """Draw the page of what is known about the models."""
    with panel("voices"):
        st.html(head("Who suggests", "Each suggestion says why; these are all there are"))
        points = "".join(f"<li><strong>{html.text(name)}.</strong> {html.text(words)}</li>" for name, words in VOICES)
        st.html(f'<div class="pp-help"><ul>{points}</ul></div>')
    with panel("cards"):
        cards = app().training.cards()
        if not cards:
            st.html(head("No model is trained here", ""))
            nothing_here(
                f"A model is trained once {LEAST_PEOPLE} people of this Playprint agree to it. Until then suggestions "
                "come from your own history, from genres and from open lists.",
                action="" if scene.viewer.demo else "Let it learn from you",
                href="/settings",
            )
        for card in cards:
            _card(card)
    _leaving(scene)


def _card(card: Card) -> None:
    """Draw one model's card."""
    st.html(
        head(f"The model of {KINDS[card.kind].lower()}", f"Trained {formats.moment(card.made_at.astimezone(UTC))} UTC")
    )
    sources = " and ".join(
        f"{formats.number(count)} of {SOURCES.get(name, name)}" for name, count in card.rows_by_source.items()
    )
    st.html(
        html.facts(
            [
                html.Fact("People", formats.number(card.people), "who agreed"),
                html.Fact(KINDS[card.kind], formats.number(card.items), f"at least {LEAST_LISTENERS} play each"),
                html.Fact("Took", f"{card.took_s:.1f} s", "to train"),
            ]
        )
    )
    rows = [
        [html.plain(words), html.plain(_worth(card.quality.get(name), kind))]
        for name, words, kind in QUALITY
        if name in card.quality
    ]
    columns = [html.Column("Measured on plays hidden from it", "text"), html.Column("Value", "number")]
    st.html(html.Table(f"Quality of the model of {KINDS[card.kind].lower()}", columns, rows).html())
    st.html(html.note(f"Learned from plays: {sources}. Plays that Spotify's own service reported are never used."))


def _worth(value: float | None, kind: str) -> str:
    if value is None:
        return "–"
    return formats.share(value) if kind == "share" else f"{value:.2f}"


def _leaving(scene: Scene) -> None:
    """Say how to leave, and what that does."""
    if scene.viewer.demo or not signed_in():
        return
    consent = app().training.standing(scene.viewer.user_id)
    agreed = consent is not None and consent.stands
    words = (
        "You let the models learn from you. Stopping deletes them at once; they are trained anew without you, and your "
        "suggestions then come from your own history, from genres and from open lists."
        if agreed
        else "The models do not learn from you, and you get no suggestions from them. Everything else here is yours."
    )
    st.html(head("You and the models", "") + html.note(words, action="Change it in Settings", href="/settings"))
