"""Who looks at this page: the session of the cookie the browser came with, looked up on every run."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import urlencode, urlsplit

import streamlit as st

from core.bootstrap import playprint
from core.domain.people import Session, cookie_names
from ui.forms import sign_in_form

_OWNER = "owner_of_state"
_seen: ContextVar[list[Session | None] | None] = ContextVar("session of this run", default=None)


def _cookie(name: str) -> str | None:
    """Return a cookie of the connection; None where there is none (and in tests, which have no cookies at all)."""
    value = st.context.cookies.get(name)
    return value if isinstance(value, str) else None


def read_session_cookie() -> str | None:
    """Return the token of the session cookie, None without one."""
    return _cookie(cookie_names(playprint().settings.address).session)


def visitor_secret() -> str:
    """Return what a form of a signed-out visitor must carry; empty where the browser has no such cookie yet."""
    return _cookie(cookie_names(playprint().settings.address).visitor) or ""


@contextmanager
def one_run() -> Iterator[None]:
    """Within the block, one run of the script, the session is looked up once."""
    token = _seen.set([])
    try:
        yield
    finally:
        _seen.reset(token)


def session() -> Session | None:
    """Return the live session of this connection, None for a visitor; looked up anew in every run."""
    seen = _seen.get()
    if seen is None:
        return _session()
    if not seen:
        seen.append(_session())
    return seen[0]


def _session() -> Session | None:
    """Return the live session of this connection, None for a visitor.

    What the page remembers (``st.session_state``) belongs to one session: when another one is found here, or the
    old one has ended, everything is forgotten first.
    """
    token = read_session_cookie()
    found = playprint().accounts.session(token) if token else None
    owner = found.key if found else ""
    if st.session_state.get(_OWNER, owner) != owner:
        st.session_state.clear()
    st.session_state[_OWNER] = owner
    return found


def require_user() -> Session:
    """Return the signed-in person's session; otherwise asks to sign in, with the way back here, and stops the page."""
    found = session()
    if found is None:
        st.title("Sign in")
        st.html(sign_in_form(visitor_secret(), after=here()))
        st.stop()
    return found


def here() -> str:
    """Return the path and query of the page being shown, ``/`` where the browser did not say."""
    url = st.context.url
    path = urlsplit(url if isinstance(url, str) else "").path or "/"
    query = urlencode(st.query_params.to_dict())
    return f"{path}?{query}" if query else path
