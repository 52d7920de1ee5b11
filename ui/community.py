"""The part of the settings page about the charts of this instance's own members: what they are, and the switch."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.people import Session
from ui import formats, html, panels
from ui.context import app
from ui.forms import button_form
from ui.states import refused


def switch(person: Session) -> None:
    """Draw what counting means, since when the person agrees, and the button that changes it."""
    house = app()
    since = house.community.standing(person.user_id)
    zone = ZoneInfo(house.profiles.lens(person.user_id).timezone)
    st.html(panels.head("Community charts", "What members of this Playprint listen to, for those who want to count"))
    refused("community")
    st.html(_terms(listeners=house.community.listeners, members=house.community.members))
    st.html(
        html.note(_standing(since, zone)) + f'<div class="pp-form">{_button(person, joined=since is not None)}</div>'
    )


def _terms(*, listeners: int, members: int) -> str:
    """Return what is counted, what is shown and what stopping does, with the thresholds of this instance."""
    points = (
        "What is counted: how many members played an artist, a track or a genre in a week or a month. Not how often, "
        "not when, not who. Music of 30 seconds and more counts; private sessions, what you left out under Rules, and "
        "plays that Spotify's own service reported do not.",
        f"What is shown, to everybody: ranked lists with the number of listeners, rounded down to fives. Nothing that "
        f"fewer than {listeners} people played is shown, and nothing at all while fewer than {members} members take "
        "part.",
        "You count once your account is four weeks old, in weeks and months that begin after you agreed and in which "
        "you listened on three days or more; at most your 200 most played of each.",
        "You can stop at any time. You then count in nothing that is computed later, the running week included. Lists "
        "shown before stay as they are: they hold rounded numbers of many people and nothing of yours by itself.",
        "It is off until you switch it on, and nothing else here depends on it.",
    )
    return f'<div class="pp-help"><ul>{"".join(f"<li>{html.text(point)}</li>" for point in points)}</ul></div>'


def _standing(since: datetime | None, zone: ZoneInfo) -> str:
    """Return in words whether the person counts, and since when."""
    if since is None:
        return "You do not take part."
    return f"You take part since {formats.moment(since.astimezone(zone))}."


def _button(person: Session, *, joined: bool) -> str:
    """Return the button that changes it."""
    if joined:
        return button_form("/settings/community/leave", person, "Stop taking part", quiet=True)
    return button_form("/settings/community/join", person, "Take part")
