"""What a page says when there is nothing to show, when a panel fails, and when it is the demo."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from core.domain.errors import PlayprintError
from core.domain.people import DONE, SENTENCES
from core.logs import logger
from ui import html
from ui.context import app
from ui.forms import error_line

if TYPE_CHECKING:
    from ui.context import Viewer

REQUEST = "https://www.spotify.com/account/privacy/"
LOG = logger("pages")


def no_listens(who: "Viewer", *, importing: bool = False) -> None:
    """Teach how to get one's history in, and what to look at meanwhile; or say that it is being read just now."""
    if importing:
        nothing_here("Your history is being read.", action="Watch it on Imports", href="/imports")
        return
    st.html(
        '<div class="pp-empty"><h2>Bring your listening history</h2><ol>'
        f'<li>Open <a href="{REQUEST}" target="_blank" rel="noreferrer">your Spotify privacy page</a> and request '
        "the <strong>Extended streaming history</strong>. Spotify mails it within 30 days, often within a week.</li>"
        "<li>Meanwhile, request the <strong>Account data</strong> too: the last year, ready in about five days.</li>"
        f"<li>Drop the zip on {html.link('/imports', 'Imports')} just as it came. Nothing needs unpacking, "
        "no Spotify app, no key.</li></ol>"
        f"{_live()}"
        f"<p>Until then, look at {html.link('/demo', 'the demo profile')}.</p></div>"
    )


def _live() -> str:
    """Return the way to have plays at once, where this instance has a Spotify app."""
    if not app().settings.spotify_client_id:
        return ""
    return f"<p>{html.link('/spotify', 'Connect Spotify')} to have your plays from now on meanwhile.</p>"


def nothing_here(words: str, *, action: str = "", href: str = "") -> None:
    """Say that a selection holds nothing, and what to do about it."""
    st.html(html.note(words, action=action, href=href))


def demo_banner(*, signed_in: bool) -> None:
    """Mark a page of the demo profile."""
    way = html.link("/imports", "Import your own history") if signed_in else html.link("/sign-in", "Sign in")
    st.html(
        '<p class="pp-banner">You are looking at the <strong>demo profile</strong>: an invented life over real '
        f"records. {way} to see yours.</p>"
    )


def refused(place: str = "") -> None:
    """Say what was wrong with the last form, where the address carries a code (and names this place, if any)."""
    code = st.query_params.get("error", "")
    if code in SENTENCES and st.query_params.get("at", "") == place:
        st.html(error_line(code))


def succeeded() -> None:
    """Say what the last form did, where the address carries a code."""
    done = st.query_params.get("done", "")
    if done in DONE:
        st.html(f'<p class="pp-banner" role="status">{html.text(DONE[done])}</p>')


@contextmanager
def panel(name: str) -> Iterator[None]:
    """Keep a failing panel from taking the page with it: its place says what happened, with an id for the log."""
    try:
        yield
    except PlayprintError as error:
        st.html(html.note(error.message))
    except Exception:
        number = secrets.token_hex(4)
        LOG.exception("panel.failed", panel=name, error_id=number)
        st.html(html.note(f"This part could not be drawn. Reload the page; if it stays, look for {number} in the log."))
