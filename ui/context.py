"""Who looks at whose history: the person signed in, or the demo profile for everybody."""

from dataclasses import dataclass

import streamlit as st

from core.bootstrap import Playprint, playprint
from core.domain.lens import Lens
from core.domain.selection import Selection
from ui import links
from ui.identity import require_user, session

DEMO_KEY = "shows_demo"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose listens a personal page shows; the demo profile can be read by anybody and changed by nobody."""

    user_id: int
    name: str
    lens: Lens
    demo: bool
    locale: str

    def href(self, page: str, selection: Selection | None = None, **params: object) -> str:
        """Return the address of another page about the same history, with the range and unit kept."""
        kept = {} if selection is None else {"range": selection.range, "metric": selection.metric}
        return links.href(page, demo=self.demo, params={**params, **kept})


def app() -> Playprint:
    """Return this process's Playprint."""
    return playprint()


def viewer() -> Viewer:
    """Return whose history the page shows; asks to sign in (and stops the page) where that is needed."""
    if st.session_state.get(DEMO_KEY):
        user_id = app().demo.user_id()
        if user_id is None:
            _wait_for_demo()
            st.stop()
        return _looking(user_id, "Demo", demo=True)
    person = require_user()
    return _looking(person.user_id, person.name, demo=False)


def _looking(user_id: int, name: str, *, demo: bool) -> Viewer:
    lens, version = app().profiles.lens_and_version(user_id)
    app().listening.expect(user_id, version=version)
    return Viewer(user_id, name, lens, demo=demo, locale=locale())


@st.fragment(run_every=2.0)
def _wait_for_demo() -> None:
    """Say that the demo is being made, and draw the page once it is there."""
    if app().demo.user_id() is not None:
        st.rerun()
    st.info("The demo profile is being made; this page shows it in a moment.", icon=":material/hourglass:")


def signed_in() -> bool:
    """Return whether somebody is signed in."""
    return session() is not None


def locale() -> str:
    """Return the browser's language, ``en`` where it says none."""
    found = st.context.locale
    return found if isinstance(found, str) and found else "en"
