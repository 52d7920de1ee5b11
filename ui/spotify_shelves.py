"""What Spotify's API told, shown as Spotify's: rankings and playlists, with links back and no more than twenty each."""

from typing import Any, Literal

import streamlit as st

from core.domain.people import Session
from core.domain.spotify import TimeRange
from core.repositories.spotify_library import KeptPlaylist
from core.services.syncing import SyncState
from ui import formats, html, links, panels
from ui.context import app

RANGES: dict[TimeRange, str] = {
    "short_term": "Last four weeks",
    "medium_term": "Last six months",
    "long_term": "Last year",
}
CONTENTS = {"waiting": "contents still to come", "forbidden": "contents not available"}
MOST = 20


def shelves(person: Session, state: SyncState) -> None:
    """Draw Spotify's own rankings of the person, and their playlists."""
    if state.kept.days:
        _rankings(person)
    lists = state.kept.own_playlists + state.kept.other_playlists
    if lists:
        _playlists(person, lists)


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
    name = item.get("name") or "without a name"
    by = f' <span class="pp-by">{html.text(item["artist"])}</span>' if item.get("artist") else ""
    address = links.on_spotify(item.get("uri") or "")
    return (html.outward(address, name) if address else html.text(name)) + by


def _playlists(person: Session, total: int) -> None:
    found = app().syncing.playlists(person.user_id, limit=MOST)
    shown = f"The first {len(found)} of {formats.number(total)}" if total > len(found) else ""
    about = "From Spotify; the contents of other people's lists are not told to new apps"
    st.html(panels.head("Playlists", " · ".join(filter(None, [shown, about]))))
    st.html(f'<div><ul class="pp-shelf pp-names">{"".join(map(_playlist, found))}</ul></div>')


def _playlist(each: KeptPlaylist) -> str:
    """Return a playlist's name, linked to where Spotify has it, and what is known of it."""
    whose = "" if each.own else "together with others" if each.collaborative else "somebody else's"
    # Spotify does not say how long other people's lists are.
    count = formats.plural(each.total, "track") if each.total or each.own else ""
    facts = (count, whose, CONTENTS.get(each.contents, ""))
    about = html.text(" · ".join(filter(None, facts)))
    address = links.on_spotify(f"spotify:playlist:{each.id}")
    linked = html.outward(address, each.name) if address else html.text(each.name)
    return f'<li>{linked} <span class="pp-by">{about}</span></li>'
