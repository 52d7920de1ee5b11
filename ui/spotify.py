"""The Spotify page: what connecting means, what the sync does and keeps, what this app may do, and the way out."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.people import SENTENCES, Session
from core.domain.spotify import NEEDED_BY, SCOPES, SEATS, Connection, PartState, Spending
from core.services.syncing import SyncState
from ui import formats, html, panels
from ui.context import app
from ui.identity import require_user
from ui.spotify_forms import connect_form, disconnect_form, sync_form
from ui.states import nothing_here, refused

PARTS = {
    "recent": "Recent plays",
    "top": "Spotify's rankings of you",
    "playlists": "Playlists",
    "saved_tracks": "Saved tracks",
    "saved_albums": "Saved albums",
    "followed": "Followed artists",
}
OUTCOMES = {
    "": "not yet",
    "done": "done",
    "waiting": "goes on in a moment",
    "budget": "waits: calls are used up",
    "quota": "waits: Spotify wants no calls",
    "rate": "waits: too fast for Spotify",
    "forbidden": "this Spotify app may not",
    "needs_reauth": "connect again",
    "not_allowed": "not listed at Spotify",
    "paused": "the app's owner has no Premium",
    "trouble": "Spotify did not answer; tried again soon",
}
_REMINDER = "spotify_reminder"
STATES = {
    "connected": "Connected",
    "needs_reauth": "Connect again",
    "not_allowed": "Not listed",
    "paused": "Paused",
}
WHY = {
    "needs_reauth": "Spotify's consent has ended or was taken back. Plays and rankings stay; playlists and saved music "
    "go after a week without news. Connect again to go on.",
    "not_allowed": f"{SENTENCES['spotify-not-listed']} Playprint looks again once a day, or when you press Sync now.",
    "paused": f"{SENTENCES['spotify-premium']} Playprint looks again every six hours, or when you press Sync now.",
}
ENDPOINTS = {
    "/me": "who you are",
    "/me/player/recently-played": "recent plays",
    "/me/top/artists": "top artists",
    "/me/top/tracks": "top tracks",
    "/me/playlists": "list of playlists",
    "/playlists/{id}/items": "contents of playlists",
    "/me/tracks": "saved tracks",
    "/me/albums": "saved albums",
    "/me/following": "followed artists",
    "POST /me/playlists": "making playlists",
    "POST /playlists/{id}/items": "putting songs into them",
}


def reminder(user_id: int) -> None:
    """Draw, on other pages, one line when a person's connection needs them; nothing otherwise.

    A tab looks once a minute: the line is about days.
    """
    if not app().settings.spotify_client_id:
        return
    until, words = st.session_state.get(_REMINDER, (0.0, ""))
    if time.monotonic() > until:
        words = _needs(user_id)
        st.session_state[_REMINDER] = (time.monotonic() + 60, words)
    if words:
        st.html(
            f'<p class="pp-warn" role="status">{html.text(words)} {html.link("/spotify", "To the Spotify page")}</p>'
        )


def _needs(user_id: int) -> str:
    """Return what a person has to know about their connection, blank when all is well."""
    connection = app().connecting.connection(user_id)
    if connection is None or (connection.state == "connected" and not connection.ends_soon(datetime.now(UTC))):
        return ""
    return WHY.get(connection.state, f"Spotify's consent ends on {formats.day(connection.ends_at.date())}.")


def unconnected(person: Session) -> None:
    """Draw what connecting means and the way to do it; or who can set it up."""
    if not app().settings.spotify_client_id:
        refused()
        staff = person.staff
        words = "This Playprint has no Spotify app yet. Your exports need none: they hold every play of all years."
        nothing_here(words, action="Set one up" if staff else "Import", href="/spotify-setup" if staff else "/imports")
        return
    left, right = st.columns([0.58, 0.42], gap="large")
    with left:
        own = app().accounts.own(person.user_id)
        proof = own.has_password and not own.has_spotify
        st.html(connect_form(person, after="/spotify", error=st.query_params.get("error", ""), proof=proof))
    with right:
        st.html(
            '<div class="pp-help"><h2>What it adds</h2><ul>'
            "<li>New plays every hour, from the day you connect. Spotify tells the last fifty and nothing older: your "
            "years come from the export.</li>"
            "<li>Spotify's own rankings of you, kept day by day.</li>"
            "<li>Your playlists, saved music and followed artists.</li></ul>"
            "<h2>What to know</h2><ul><li>A consent lasts six months; Playprint reminds you from day 150.</li>"
            "<li>A new Spotify app takes five people. The owner of this Playprint must list you first.</li>"
            "<li>Disconnecting takes everything away that came through it, at once. Imports stay.</li></ul></div>"
        )


def overview(person: Session, state: SyncState) -> None:
    """Draw the state in six figures, what is wrong and what to do about it."""
    connection = state.connection
    if connection is None:
        return
    refused()
    now, zone = datetime.now(UTC), _zone(person)
    kept = state.kept
    spent = app().spotify_calls.spending()
    ended, soon = connection.state == "needs_reauth", connection.ends_soon(now)
    ends = formats.day(connection.ends_at.date())
    facts = [
        html.Fact("State", STATES[connection.state]),
        html.Fact("Next sync", _soon(state.next_at, now)),
        html.Fact("Plays from the API", formats.number(kept.plays), change="beside exports"),
        html.Fact("Seats", f"{app().connecting.seats_taken()} of {SEATS}", change="taken by people here"),
        html.Fact("Calls in 24 hours", formats.number(spent.total), change=f"of {formats.number(spent.most)}"),
        html.Fact("Consent", "ended") if ended else html.Fact("Consent ends", ends, change="soon" if soon else ""),
    ]
    st.html(html.facts(facts))
    for words in _warnings(connection, spent, zone):
        st.html(f'<p class="pp-warn" role="status">{html.text(words)}</p>')
    missing = [words for scope, words in SCOPES.items() if scope not in connection.scopes]
    if missing:
        st.html(html.note(f"Not granted, and so left out: {'; '.join(missing)}. Connect again to change that."))
    if ended or soon or missing:
        st.html(connect_form(person, after="/spotify", again=True))


def _warnings(connection: Connection, spent: Spending, zone: ZoneInfo) -> Iterator[str]:
    """Yield what is wrong and what to do about it."""
    now = datetime.now(UTC)
    if connection.state in WHY:
        yield WHY[connection.state]
    if spent.closed_until and spent.closed_until > now:
        until = formats.moment(spent.closed_until.astimezone(zone))
        yield f"Spotify wants no calls until {until}. Stored data stays as it is."
    if connection.state != "needs_reauth" and connection.ends_soon(now):
        day = formats.day(connection.ends_at.date())
        yield f"Spotify's consent ends on {day}. Connect again before that."


def _soon(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "–"
    minutes = round((moment - now).total_seconds() / 60)
    if minutes < 1:
        return "now"
    return f"in {minutes} min" if minutes < 100 else f"in {round(minutes / 60)} h"


@st.fragment(run_every=2.0)
def _watch(outcomes: list[str]) -> None:
    """Look every two seconds while a sync is under way; the whole page follows when a part got further."""
    if _outcomes(app().syncing.parts(require_user().user_id)) != outcomes:
        st.rerun()


def _outcomes(parts: list[PartState]) -> list[str]:
    return [f"{each.outcome} {each.rows} {each.finished_at}" for each in parts]


def _under_way(state: SyncState) -> bool:
    """Return whether the worker is at it now, or will be within the minute."""
    if state.connection is None or state.connection.state != "connected":
        return False
    now = datetime.now(UTC)
    return any(each.outcome in ("", "waiting") or each.next_at <= now for each in state.parts)


def parts(person: Session, state: SyncState) -> None:
    """Draw what each part of the sync did last, and does next; then the gaps."""
    zone = _zone(person)
    if _under_way(state):
        _watch(_outcomes(state.parts))
    st.html(panels.head("What the sync does", "A part that waits goes on by itself; nothing starts from the beginning"))
    columns = [
        html.Column("Part", "name"),
        html.Column("Last run", "when"),
        html.Column("Outcome", "text"),
        html.Column("Items", "number", phone=False),
        html.Column("Next", "when", phone=False),
    ]
    st.html(html.Table("Parts of the sync", columns, [_part(each, state, zone) for each in state.parts]).html())
    if state.connection and state.connection.state != "needs_reauth":
        st.html(sync_form(person))
    if state.gaps:
        st.html(
            panels.head("Gaps", "More than fifty plays between two looks; Spotify tells no more. An export fills them")
        )
        rows = [[_when(gap.began_at, zone), _when(gap.ended_at, zone)] for gap in state.gaps[:20]]
        st.html(html.Table("Gaps", [html.Column("From", "when"), html.Column("To", "when")], rows).html())


def _part(part: PartState, state: SyncState, zone: ZoneInfo) -> list[html.Cell]:
    granted = state.connection is not None and NEEDED_BY[part.part] <= state.connection.scopes
    last = part.finished_at or part.started_at
    return [
        html.plain(PARTS[part.part]),
        _when(last, zone) if last else html.plain("–"),
        html.plain(OUTCOMES.get(part.outcome, part.outcome) if granted else "not granted"),
        html.plain(formats.number(part.rows) if part.rows else "–"),
        _when(part.next_at, zone) if granted and state.next_at else html.plain("–"),
    ]


def _when(moment: datetime, zone: ZoneInfo) -> html.Cell:
    return html.plain(formats.moment(moment.astimezone(zone)))


def calls_and_app() -> None:
    """Draw the calls of the last day and what this Spotify app may and may not do, as Spotify answered."""
    spent, found = app().spotify_calls.spending(), app().spotify_calls.capabilities()
    st.html(panels.head("What this Spotify app may do", "As Spotify answered; calls of everybody here, last 24 hours"))
    columns = [
        html.Column("Asked for", "name"),
        html.Column("Answer", "text"),
        html.Column("Calls", "number"),
        html.Column("Last", "when", phone=False),
    ]
    rows = [
        [
            html.plain(ENDPOINTS.get(each.endpoint, each.endpoint)),
            html.plain("works" if each.works else f"refused ({each.status})"),
            html.plain(f"{formats.number(spent.by_endpoint.get(each.endpoint, 0))} of {spent.most_by_endpoint}"),
            html.plain(formats.day(each.last_seen.date())),
        ]
        for each in found
    ]
    st.html(html.Table("What the app may do", columns, rows).html() if rows else html.note("Nothing was asked yet."))


def ways_out(person: Session, state: SyncState) -> None:
    """Draw what is kept and why, and how to disconnect: after a first confirmation."""
    kept = state.kept
    words = ", ".join(
        formats.plural(count, word)
        for count, word in (
            (kept.plays, "play"),
            (kept.days, "day of rankings"),
            (kept.own_playlists + kept.other_playlists, "playlist"),
            (kept.tracks, "saved track"),
            (kept.albums, "saved album"),
            (kept.artists, "followed artist"),
        )
        if count
    )
    st.html(panels.head("What is kept, and the way out"))
    counted = app().settings.spotify_counts
    how = (
        "Plays from the API count in your figures until an export replaces them; they are marked in History."
        if counted
        else "Plays from the API are shown in History and count in no figure; the owner of this Playprint chose so."
    )
    st.html(html.note(f"Kept: {words or 'nothing yet'}. {how} Nobody else sees any of it."))
    if st.checkbox("Disconnect: all of this goes, and Spotify's permission with it. Imports stay", key="sure"):
        st.html(disconnect_form(person))


def _zone(person: Session) -> ZoneInfo:
    return ZoneInfo(app().profiles.lens(person.user_id).timezone)
