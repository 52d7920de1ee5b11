"""Saving a list as a new Spotify playlist: what would be saved, the permission it needs, and what came of it."""

import secrets
from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from core.domain.errors import NotFound
from core.domain.people import SENTENCES, Session
from core.services.playlist_writing import MOST_SONGS, MOST_TITLE, Draft, Outcome
from ui import formats, html, links, panels
from ui.context import app
from ui.forms import field, hidden
from ui.spotify_forms import connect_form
from ui.states import nothing_here, refused

_OWN = ("saved", "error")
_SHOWN = 10


def asked_for(query: Mapping[str, str]) -> dict[str, str]:
    """Return which list an address means."""
    return {name: value for name, value in query.items() if name not in _OWN}


def page(person: Session, query: Mapping[str, str]) -> None:
    """Draw the page for a list: what came of saving it, else the way to save it."""
    asked, writing = asked_for(query), app().playlist_writing
    outcome = writing.outcome(person.user_id, query.get("saved", ""))
    if outcome is not None:
        came_of_it(outcome, asked)
        return
    refused()
    try:
        draft = writing.draft(person.user_id, asked.get("what", ""), asked)
    except NotFound:
        nothing_here(SENTENCES["spotify-list-gone"], action="To your playlists", href="/playlists")
        return
    if not draft.addresses:
        nothing_here(SENTENCES["spotify-list-empty"], action="To your playlists", href="/playlists")
        return
    _offer(person, draft, asked)


def _offer(person: Session, draft: Draft, asked: Mapping[str, str]) -> None:
    """Draw what would be saved beside the form, or beside what has to come before it."""
    left, right = st.columns([0.5, 0.5], gap="large")
    with left:
        ability = app().playlist_writing.ability(person.user_id)
        if ability == "ready":
            st.html(save_form(person, draft, asked))
        elif ability == "off":
            nothing_here(SENTENCES["spotify-off"], action="To Spotify", href="/spotify")
        else:
            _permission(person, asked, again=ability == "allow")
    with right:
        st.html(panels.head("What would be saved", _sizes(draft)))
        names = "".join(f"<li>{_song(song.name, song.artist)}</li>" for song in draft.songs[:_SHOWN])
        more = len(draft.songs) - _SHOWN
        st.html(
            f'<ol class="pp-shelf">{names}</ol>' + (html.note(f"And {formats.number(more)} more.") if more > 0 else "")
        )


def _permission(person: Session, asked: Mapping[str, str], *, again: bool) -> None:
    """Draw what Spotify has to be asked for first; the way back leads here, and saves nothing by itself."""
    words = (
        "You are connected with Spotify for reading. Making a playlist needs one more permission, which only you can "
        "give."
        if again
        else "Connect with Spotify first. Making a playlist needs one more permission than reading does."
    )
    st.html(html.note(f"{words} You come back to this page and decide then; nothing is saved before."))
    own = app().accounts.own(person.user_id)
    after, proof = f"/save-playlist?{urlencode(asked)}", own.has_password and not own.has_spotify
    st.html(connect_form(person, after=after, again=again, proof=proof, write=True))


def save_form(person: Session, draft: Draft, asked: Mapping[str, str]) -> str:
    """Return the form that makes the playlist; however often it is sent, it makes one."""
    title = field("title", "Name of the playlist", autocomplete="off", most=MOST_TITLE, value=draft.title)
    return (
        '<form class="pp-form pp-wideform" method="post" action="/spotify/save-playlist">'
        f"{hidden('csrf', person.csrf)}{hidden('once', secrets.token_urlsafe(24))}"
        f"{hidden('asked', urlencode(asked))}{title}"
        '<p class="pp-hint">It will be a new, private playlist of yours. Playlists you have are not touched.</p>'
        f'<button class="pp-button" type="submit">Save {formats.plural(len(draft.addresses), "song")} to Spotify'
        "</button></form>"
    )


def came_of_it(outcome: Outcome, asked: Mapping[str, str]) -> None:
    """Draw how many songs went in, with the way to the playlist; or why it was not made."""
    st.html(f'<p class="{"pp-warn" if outcome.problem else "pp-banner"}" role="status">{html.text(said(outcome))}</p>')
    address = links.on_spotify(f"spotify:playlist:{outcome.playlist_id}") if outcome.playlist_id else ""
    again = html.link(f"/save-playlist?{urlencode(asked)}", "Save it once more, as another playlist")
    st.html(f"<p>{html.outward(address, 'Open on Spotify') + ' · ' if address else ''}{again}</p>")


def said(outcome: Outcome) -> str:
    """Return in sentences what came of saving a list."""
    left = f" {formats.plural(outcome.left_out, 'song')} stayed out." if outcome.left_out else ""
    if not outcome.problem:
        return f"“{outcome.title}” is among your playlists at Spotify, with {_songs(outcome.added)}.{left}"
    why = SENTENCES.get(outcome.problem, SENTENCES["spotify-trouble"])
    if not outcome.playlist_id:
        return why if outcome.problem == "spotify-unsure" else f"No playlist was made. {why}"
    least = "" if outcome.sure else "at least "
    count = f"{least}{formats.number(outcome.added)} of {_songs(outcome.wanted)} went in; then it stopped"
    if not (outcome.sure or outcome.added):
        count = f"Spotify did not say how many of {_songs(outcome.wanted)} went in"
    return f"“{outcome.title}” was made, and {count}. {why}"


def _sizes(draft: Draft) -> str:
    """Return how many songs are saved and how many are not, and why."""
    words = [formats.plural(len(draft.addresses), "song")]
    if draft.unknown:
        words.append(f"{formats.number(draft.unknown)} without a known address at Spotify stay out")
    if draft.beyond:
        words.append(f"the first {formats.number(MOST_SONGS)}; {formats.number(draft.beyond)} more stay out")
    return " · ".join(words)


def _songs(count: int) -> str:
    return formats.plural(count, "song")


def _song(name: str, artist: str) -> str:
    by = f' <span class="pp-by">{html.text(artist)}</span>' if artist else ""
    return html.text(name) + by
