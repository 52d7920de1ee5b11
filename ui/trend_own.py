"""What something on the charts is to whoever looks, where they are signed in and have heard it."""

from zoneinfo import ZoneInfo

import streamlit as st

from core.analytics.items import ItemFacts, named
from core.analytics.library import By
from core.domain.errors import NotFound
from core.services.trends import Thing
from ui import formats, html, links
from ui.context import app, locale
from ui.identity import session
from ui.states import panel

OWN: dict[str, By] = {"artist": "artist", "track": "track", "album": "album"}
VERB = {"artist": "first heard them", "track": "first played this", "album": "first played this"}


def line(thing: Thing) -> None:
    """Draw when the person signed in first heard this, and the way to its page in their own history."""
    person = session()
    if person is None or thing.kind not in OWN:
        return
    with panel("own"):
        kind = OWN[thing.kind]
        facts = _facts(person.user_id, kind, thing)
        if facts is None:
            return
        zone = ZoneInfo(app().profiles.lens(person.user_id).timezone)
        first = f"{facts.first.astimezone(zone):%B %Y}" if facts.first else "some day"
        plays = formats.plural(facts.totals.plays, "play", locale=locale())
        way = html.link(links.href(kind, params={"id": facts.id, "range": "all"}), "Your page of it")
        st.html(html_line(f"You {VERB[kind]} in {first}; {plays} since.", way))


def html_line(words: str, way: str) -> str:
    """Return the line; ``way`` is markup made by this package."""
    return f'<p class="pp-banner">{html.text(words)} {way}</p>'


def _facts(user_id: int, kind: By, thing: Thing) -> ItemFacts | None:
    """Return what the person knows of it; None where they never heard it."""
    lens, listening = app().profiles.lens(user_id), app().listening
    question = ("on the charts", kind, thing.name, thing.artist, lens)
    view = listening.view(user_id, lens=lens)
    id = listening.kept(user_id, question, lambda: named(view, kind, thing.name, thing.artist))
    if id is None:
        return None
    try:
        return listening.item(user_id, kind=kind, id=id, lens=lens)
    except NotFound:
        return None
