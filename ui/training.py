"""The part of the settings page about letting suggestions learn from one's listening: what it means, and the switch."""

from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.people import Session
from core.domain.training import MOST_ITEMS, Consent
from ui import formats, html, panels
from ui.context import app
from ui.forms import button_form
from ui.states import refused

TITLE = "Suggestions from other members"


def switch(person: Session) -> None:
    """Draw what taking part means, since when the person does, and the button that changes it."""
    house = app()
    consent = house.training.standing(person.user_id)
    zone = ZoneInfo(house.profiles.lens(person.user_id).timezone)
    st.html(panels.head(TITLE, "Members who take part help each other find music"))
    refused("training")
    st.html(terms(listeners=house.training.listeners, people=house.training.people))
    st.html(html.note(_standing(consent, zone)) + f'<div class="pp-form">{_button(person, consent)}</div>')


def terms(*, listeners: int, people: int) -> str:
    """Return what is learned, what others see of it and what stopping does, with the thresholds of this instance."""
    points = (
        "What is learned: which artists, albums and songs are played by the same people. This Playprint keeps the "
        "result in a file of its own, the model, and uses it to suggest music to everybody who takes part.",
        f"What the model holds of you: which artists, albums and songs you played and how often, at most your "
        f"{formats.number(MOST_ITEMS)} most played of each. Not your name, and not when you played them. Music of 30 "
        "seconds and more counts; private sessions, what you left out under Rules, and plays that Spotify's own "
        "service reported do not.",
        f"What others see: only artists, albums and songs that at least {listeners} of those who take part play, and "
        "as the reason something they play themselves. Never who plays it. Nothing is suggested while fewer than "
        f"{people} take part.",
        "You can stop at any time. The model is then deleted at once and learned again from the others, without you. "
        "You get suggestions from your own history, from public charts and from what listeners elsewhere play; none "
        "from members here.",
        "The model is made anew every week. What you delete or leave out later is in it until then; stopping takes "
        "it out at once.",
        "It is off until you switch it on.",
    )
    return f'<div class="pp-help"><ul>{"".join(f"<li>{html.text(point)}</li>" for point in points)}</ul></div>'


def _standing(consent: Consent | None, zone: ZoneInfo) -> str:
    """Return in words whether the person takes part, and since when."""
    if consent is None:
        return "You do not take part."
    since = formats.moment(consent.since.astimezone(zone))
    if not consent.stands:
        return f"You took part since {since}. The text above has changed since; please read it and agree again."
    return f"You take part since {since}."


def _button(person: Session, consent: Consent | None) -> str:
    """Return the buttons that change it."""
    join = button_form("/settings/training/join", person, "Take part")
    leave = button_form("/settings/training/leave", person, "Stop taking part", quiet=True)
    if consent is None:
        return join
    return leave if consent.stands else join + leave
