"""What Spotify's API told, shown as Spotify's: rankings and playlists, with links back and no more than twenty each."""

from typing import Any, Literal

import streamlit as st

from core.domain.people import Session
from core.domain.spotify import TimeRange
from core.services.syncing import SyncState
from ui import formats, html, panels
from ui.context import app

RANGES: dict[TimeRange, str] = {
    "short_term": "Last four weeks",
    "medium_term": "Last six months",
    "long_term": "Last year",
}
MOST = 20
OPEN = "https://open.spotify.com"


def shelves(person: Session, state: SyncState) -> None:
    """Draw Spotify's own rankings of the person, and their playlists."""
    if state.kept.days:
        _rankings(person)
    if state.kept.own_playlists + state.kept.other_playlists:
        _playlists(person)


def _rankings(person: Session) -> None:
    kinds: tuple[tuple[Literal["artist", "track"], str], ...] = (("artist", "Artists"), ("track", "Tracks"))
    st.html(panels.head("Spotify's own ranking of you", "From Spotify; how it is made is Spotify's secret"))
    chosen = st.segmented_control(
        "Range", list(RANGES), default="short_term", format_func=RANGES.__getitem__, required=True,
        label_visibility="collapsed", key="spotify_range",
    )  # fmt: skip
    for place, (kind, title) in zip(st.columns(2, gap="large"), kinds, strict=True):
        found = app().syncing.latest_top(person.user_id, kind=kind, time_range=chosen, limit=MOST)
        with place:
            if found is None or not found.items:
                st.html(html.note(f"{title}: Spotify ranks nothing for this range."))
                continue
            items = "".join(f"<li>{_linked(item)}</li>" for item in found.items)
            st.html(
                f'<h3 class="pp-small">{title}</h3><ol class="pp-shelf">{items}</ol>'
                f'<p class="pp-source">As of {formats.day(found.day)} · Listen on Spotify by the names</p>'
            )


def _linked(item: dict[str, Any]) -> str:
    """Return a name as Spotify writes it, linked to where Spotify has it."""
    name = html.text(item.get("name") or "without a name")
    by = f' <span class="pp-by">{html.text(item["artist"])}</span>' if item.get("artist") else ""
    address = address_of(item.get("uri") or "")
    return f'<a href="{html.text(address)}" target="_blank" rel="noreferrer">{name}</a>{by}' if address else name + by


def address_of(uri: str) -> str:
    """Return the address of a Spotify URI on Spotify's own site, blank for local files and what is none."""
    parts = uri.split(":")
    if len(parts) != 3 or parts[0] != "spotify" or not parts[2].isalnum():
        return ""
    return f"{OPEN}/{parts[1]}/{parts[2]}"


def _playlists(person: Session) -> None:
    found = app().syncing.playlists(person.user_id, limit=MOST)
    st.html(panels.head("Playlists", "From Spotify; the contents of other people's lists are not told to new apps"))
    words = {"read": "", "waiting": "contents still to come", "forbidden": "contents not available"}
    columns = [html.Column("Playlist", "name"), html.Column("Tracks", "number"), html.Column("Contents", "text")]
    rows = []
    for each in found:
        whose = "" if each.own else "together with others" if each.collaborative else "somebody else's"
        address = f"{OPEN}/playlist/{each.id}" if each.id.isalnum() else ""
        linked = (
            f'<a href="{html.text(address)}" target="_blank" rel="noreferrer">{html.text(each.name)}</a>'
            if address
            else html.text(each.name)
        )
        under = f'<div class="pp-under">{whose}</div>' if whose else ""
        name = html.Cell(f'<div class="pp-clip">{linked}</div>{under}')
        rows.append([name, html.plain(formats.number(each.total)), html.plain(words.get(each.contents, ""))])
    st.html(html.Table("Playlists", columns, rows).html())
