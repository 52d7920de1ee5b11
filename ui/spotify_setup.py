"""The self-check of the Spotify app: what to register, what is wrong, what the rules are."""

from urllib.parse import urlsplit

import streamlit as st

from core.services.connecting import Finding
from ui import html, panels
from ui.context import app
from ui.states import nothing_here, panel

DASHBOARD = "https://developer.spotify.com/dashboard"
_LOOKS = {"ok": "✓", "warn": "!", "wrong": "✕"}
_SPOKEN = {"ok": "Right", "warn": "Mind", "wrong": "Wrong"}
_STEPS = (
    f'Open <a href="{DASHBOARD}" target="_blank" rel="noreferrer">Spotify\'s developer page</a> with an account that '
    "has <strong>Premium</strong> and create an app; choose <strong>Web API</strong>.",
    "Enter the redirect address above, letter for letter, and save.",
    "Under <strong>User Management</strong> add each person by name and the e-mail address of their Spotify account: "
    "<strong>five people at most</strong>, yourself included to be sure.",
    "Set <code>PLAYPRINT_SPOTIFY_CLIENT_ID</code> and <code>PLAYPRINT_SPOTIFY_CLIENT_SECRET</code> (or "
    "<code>…_SECRET_FILE</code>) and start Playprint again. Without the secret it works too, with PKCE alone.",
)
_RULES = (
    "The owner of the app must keep Premium; without it Spotify answers nobody.",
    "A new app may be used by five people. Others can sign in at Spotify, then every call is refused.",
    "Plays: the last fifty, nothing older. Years of history come from the export, which needs no app at all.",
    "Calls are counted over a day for everything the developer owns; Playprint stays far below what was seen to work.",
    "A consent lasts six months. Playprint reminds each person from day 150.",
)


def address() -> None:
    """Draw the redirect address to register, to copy as it stands."""
    st.html(panels.head("Redirect address", "Register exactly this on Spotify's developer page"))
    st.code(app().settings.redirect_uri, language=None, wrap_lines=True)


def findings() -> None:
    """Draw what the check found: settings, credentials, and the address in this browser."""
    with panel("spotify-findings"):
        found = [*app().connecting.check(), *_browser()]
        st.html(panels.head("What the check says"))
        st.html(f'<ul class="pp-findings">{"".join(map(_finding, found))}</ul>')
        st.button("Check again", key="check_again")


def _finding(found: Finding) -> str:
    mark = f'<span class="pp-mark" aria-hidden="true">{_LOOKS[found.level]}</span>'
    spoken = f'<span class="pp-spoken">{_SPOKEN[found.level]}: </span>'
    words = f"<strong>{html.text(found.sentence)}</strong><div>{html.text(found.advice)}</div>"
    return f'<li class="pp-finding pp-found-{found.level}">{mark}<div>{spoken}{words}</div></li>'


def _browser() -> list[Finding]:
    """Return what is wrong with the address in the browser: cookies belong to one host alone."""
    shown = st.context.url
    here = urlsplit(shown if isinstance(shown, str) else "").netloc
    wanted = urlsplit(app().settings.redirect_uri).netloc
    if not here:
        return []
    if here == wanted:
        return [Finding("ok", f"Your browser is at {here}, the host of the redirect address.", "")]
    return [
        Finding(
            "wrong",
            f"Your browser is at {here}, the redirect address at {wanted}.",
            f"Open Playprint at {app().settings.address} before connecting, or set PLAYPRINT_PUBLIC_URL to the "
            "address people use.",
        )
    ]


def steps() -> None:
    """Draw how an app is made, and the rules it lives under."""
    left, right = st.columns(2, gap="large")
    with left:
        st.html(f'<div class="pp-help"><h2>How to make the app</h2><ol>{_list(_STEPS)}</ol></div>')
    with right:
        st.html(f'<div class="pp-help"><h2>Spotify\'s rules for new apps</h2><ul>{_list(_RULES)}</ul></div>')


def _list(items: tuple[str, ...]) -> str:
    return "".join(f"<li>{item}</li>" for item in items)


def not_yours() -> None:
    """Say who sets the app up."""
    nothing_here(
        "The owner of this Playprint sets up the Spotify app. Your exports need none.",
        action="Import your history",
        href="/imports",
    )
