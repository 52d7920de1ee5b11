"""Making an account: who may, with a name and a password or with Spotify."""

import streamlit as st

from ui import panels
from ui.context import app
from ui.forms import register_form
from ui.identity import visitor_secret
from ui.spotify_forms import join_with_spotify_form
from ui.states import nothing_here


def draw(invitation: str, *, error: str) -> None:
    """Draw the form for whoever may make an account; say what to do to everybody else."""
    if not may_join(invitation):
        words = (
            "This invitation has been used, was taken back or is too old; ask for a new one."
            if invitation
            else "An account here needs an invitation; ask the owner of this Playprint for a link."
        )
        nothing_here(words, action="To the start", href="/")
        return
    zone = st.context.timezone if isinstance(st.context.timezone, str) else ""
    st.html(register_form(visitor_secret(), invitation=invitation, timezone=zone, error=error))
    if app().settings.spotify_client_id:
        st.html(panels.head("Or begin with Spotify", "No password then; you can choose one later"))
        st.html(join_with_spotify_form(visitor_secret(), invitation=invitation))
    nothing_here("What is kept of you, and for how long:", action="privacy", href="/privacy")


def may_join(invitation: str) -> bool:
    """Return whether somebody with this invitation (or none) may make an account now."""
    if invitation:
        return app().invitations.opened(invitation) is not None
    return app().settings.registration == "open"
