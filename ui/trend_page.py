"""The page of one artist, song, album or genre of the public charts."""

import streamlit as st

from core.services.trends import Thing
from ui import formats, html, links, trend_own
from ui.arranging import Rows, lay
from ui.context import app, locale
from ui.figures.panels_genres import CREDIT
from ui.figures.trend_telling import KINDS
from ui.figures.trend_words import genre_title
from ui.trends import GENRE_ROWS, THING_ROWS, PublicGround, open_ground
from ui.trends import show as show_panel

PAGE = "trend"
MUSICBRAINZ = {"artist": "artist", "track": "recording", "album": "release-group"}


def show() -> None:
    """Draw the page."""
    ground, trends = open_ground(), app().trends
    settled = trends.settle(ground.ask)
    if ground.ask.genre and settled is not None:
        _head(ground, genre_title(ground.ask.genre), "genre", "")
        _panels(PublicGround(settled.ask, locale()), GENRE_ROWS)
        return
    thing = trends.thing(ground.ask.thing) if ground.ask.thing else None
    if thing is None or settled is None:
        st.title("Not on the charts", anchor=False)
        st.html(html.note("Nothing here is known by this address.", action="Look at the charts", href="/trends"))
        return
    _head(ground, thing.name, thing.kind, _by(ground, thing))
    st.html(_facts(ground, thing))
    trend_own.line(thing)
    _panels(PublicGround(settled.ask, locale()), THING_ROWS)


def _panels(ground: PublicGround, rows: Rows) -> None:
    lay(rows, lambda name: show_panel(ground, name, PAGE))


def _head(ground: PublicGround, name: str, kind: str, more: str) -> None:
    back = html.link(ground.href("trends", of=kind), "Trends")
    st.html(f'<p class="pp-crumb">{back} › {html.text(KINDS[kind])}{more}</p>')
    st.title(formats.unmarked(name), anchor=False)


def _by(ground: PublicGround, thing: Thing) -> str:
    """Return whose song or album it is, as part of the way here."""
    if not thing.artist:
        return ""
    whose = (
        html.link(ground.href("trend", id=thing.artist_id), thing.artist)
        if thing.artist_id
        else html.text(thing.artist)
    )
    return f" › {whose}"


def _facts(ground: PublicGround, thing: Thing) -> str:
    """Return its genres with their credit, where else to find it, and the way to compare it."""
    genres = [html.link(ground.href("trend", genre=name), name) for name in thing.genres]
    ways = [html.outward(way, label) for label, way in _elsewhere(thing)]
    beside = html.link(ground.href("trends", **{"with": thing.id, "part": "compare", "of": thing.kind}), "Compare")
    credit = [html.text(CREDIT)] if genres else []
    return f'<p class="pp-lens">{" · ".join([*genres, *ways, beside, *credit])}</p>'


def _elsewhere(thing: Thing) -> list[tuple[str, str]]:
    """Return links to others' pages about it: only by ids, so that nothing is guessed."""
    found = []
    if address := links.on_spotify(thing.uri or ""):
        found.append(("Spotify", address))
    if thing.mbid and thing.kind in MUSICBRAINZ:
        found.append(("MusicBrainz", f"https://musicbrainz.org/{MUSICBRAINZ[thing.kind]}/{thing.mbid}"))
        found.append(("ListenBrainz", f"https://listenbrainz.org/{MUSICBRAINZ[thing.kind]}/{thing.mbid}"))
    return found
