"""The script Streamlit runs: who is here, which pages there are, and the page asked for."""

from pathlib import Path

import streamlit as st

from core.domain.people import Session
from ui.context import DEMO_KEY, app
from ui.formats import unmarked
from ui.identity import one_run, session
from ui.states import demo_banner

ROOT = Path(__file__).resolve().parent.parent
LOGO = ROOT / "web" / "static" / "logo.svg"
PERSONAL = {
    "overview": "Overview",
    "charts": "Charts",
    "patterns": "Patterns",
    "taste": "Taste",
    "history": "History",
    "artist": "Artist",
    "album": "Album",
    "track": "Track",
    "genre": "Genre",
    "podcasts": "Podcasts",
    "discover": "Discover",
    "playlists": "Playlists",
    "playlist": "Playlist",
}
PRIVATE = (
    ("imports", "Imports"),
    ("spotify", "Spotify"),
    ("spotify_setup", "Spotify set-up"),
    ("save_playlist", "Save to Spotify"),
    ("account", "Account"),
    ("people", "People"),
    ("trends_admin", "Chart sources"),
    ("leave", "Delete account"),
    ("settings", "Settings"),
    ("rules", "Rules"),
    ("sign_out", "Sign out"),
)
# Open to everybody, by address.
OPEN = (
    ("sign_in", "Sign in"),
    ("second_factor", "Second factor"),
    ("forgot", "Forgotten password"),
    ("register", "Make an account"),
    ("welcome", "Welcome"),
    ("privacy", "Privacy"),
    ("definitions", "Definitions"),
)
IN_MENU = ("overview", "charts", "patterns", "taste", "discover", "playlists")  # History is in the person's own menu
IN_DEMO = (*IN_MENU, "history")
TRENDS = (("trends", "Trends"), ("trend", "Trend"))


def _page(file: str, title: str, url_path: str, *, shown: bool = True, default: bool = False) -> st.Page:
    """Return one page; hidden ones can be reached by address alone."""
    return st.Page(
        ROOT / "pages" / f"{file}.py",
        title=title,
        url_path=url_path,
        default=default,
        visibility="visible" if shown else "hidden",
    )


def _named(file: str, title: str, *, shown: bool = True) -> st.Page:
    """Return a page whose address is the name of its file."""
    return _page(file, title, file.replace("_", "-"), shown=shown)


def _for_person(person: Session) -> dict[str, list[st.Page]]:
    """Return the pages of somebody signed in: their own in the menu, the demo's by address."""
    own = [_page(f, t, f, shown=f in IN_MENU, default=f == "overview") for f, t in PERSONAL.items() if f != "history"]
    hidden = {"leave", "save_playlist", *(() if person.staff else ("people", "spotify_setup", "trends_admin"))}
    own += [_named(*TRENDS[0]), _named(*TRENDS[1], shown=False)]
    account = [_page("history", "History", "history")]
    account += [_named(*names, shown=names[0] not in hidden) for names in PRIVATE[:-1]]
    if app().settings.demo:
        account.append(_page("overview", "Demo profile", "demo"))
        account += [_page(f, t, f"demo-{f}", shown=False) for f, t in PERSONAL.items() if f != "overview"]
    account += [_named("privacy", "Privacy"), _named(*PRIVATE[-1])]
    entrance = [_named(*names, shown=False) for names in OPEN if names[0] != "privacy"]
    return {"": own + entrance, unmarked(person.name): account}


def _for_visitor() -> dict[str, list[st.Page]]:
    """Return the pages of a visitor: trends and the demo in the menu, private ones by address (they ask to sign in)."""
    shown = [_page("trends", "Trends", "home", default=True), _named("sign_in", "Sign in")]
    hidden = [_named("trends", "Trends", shown=False), _named("trend", "Trend", shown=False)]
    hidden += [_page(f, t, f, shown=False) for f, t in PERSONAL.items() if f != "overview"]
    hidden += [_named(*names, shown=False) for names in (*PRIVATE, *OPEN) if names[0] != "sign_in"]
    if not app().settings.demo:
        return {"": shown + hidden}
    demo = [_page(f, t, "demo" if f == "overview" else f"demo-{f}", shown=f in IN_DEMO) for f, t in PERSONAL.items()]
    return {"": shown + hidden, "Demo": demo}


def _pages(person: Session | None) -> dict[str, list[st.Page]]:
    """Return the pages by section of the menu; a tab keeps them, since making them asks the disk for every file."""
    whose = f"{person.name}/{person.role}" if person else ""
    if st.session_state.get("pages_of") != whose:
        made = _for_person(person) if person else _for_visitor()
        st.session_state["sections"], st.session_state["pages_of"] = made, whose
        st.session_state["pages"] = {page.url_path: page for section in made.values() for page in section}
    return st.session_state["sections"]  # type: ignore[no-any-return]


def run() -> None:
    """Draw the frame and run the page."""
    st.set_page_config(page_title="Playprint", layout="wide")
    st.logo(str(LOGO), link=None, size="large")
    person = session()
    page = st.navigation(_pages(person), position="top")
    shows_demo = page.url_path.startswith("demo")
    st.session_state[DEMO_KEY] = shows_demo
    if shows_demo:
        demo_banner(signed_in=person is not None)
    page.run()


with one_run(), app().listening.reading():
    run()
