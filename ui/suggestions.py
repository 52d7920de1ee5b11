"""Suggestions as a page shows them: what it is, why, where else it is, and the three answers."""

from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote, urlencode

import streamlit as st

from core.analytics.naming import listed
from core.domain.names import name_key
from core.domain.recommending import Feedback, Reason, Suggestion
from core.services.genre_map import read_artists, read_tree
from ui import html, links
from ui.context import Viewer, app
from ui.countries import country_name

ANSWERS = {"more": "More like this", "less": "Less", "never": "Never"}
ICONS = {"more": ":material/add:", "less": ":material/remove:", "never": ":material/block:"}
OWN = "your "  # what begins so is no playlist's name
SAID = "said"  # in the tab: the last answer, for taking it back
WORDS = {"more": "You will see more like", "less": "You will see less like", "never": "You will not see again"}
SEARCHED = {"artist": "artist", "album": "release", "track": "recording"}  # the words of MusicBrainz
TITLES = {
    "people": "people here who agreed",
    "crowd": "listeners of ListenBrainz",
    "genres": "genres you play",
    "charts": "public charts",
    "history": "your history",
    "shelf": "your lists and saved music",
}


def cards(who: Viewer, items: Sequence[Suggestion]) -> None:
    """Draw suggestions in two columns (one on a phone), each with its reasons and, for one's own, the answers."""
    for start in range(0, len(items), 2):
        for column, each in zip(st.columns(2, gap="large"), items[start : start + 2], strict=False):
            with column:
                st.html(card(who, each))
                if not who.demo:
                    _answers(who, each)


def card(who: Viewer, each: Suggestion) -> str:
    """Return one suggestion as HTML."""
    by = f'<p class="pp-under">{_by(who, each)}</p>' if each.artist else ""
    if each.kind == "artist" and (words := traits(each.name)):
        by = f'<p class="pp-under">{html.text(words)}</p>'
    why = f'<p class="pp-why">{because(who, each)}</p>'
    return (
        f'<article class="pp-sug"><h3>{html.text(each.name)}</h3>{by}{why}<p class="pp-ways">{ways(each)}</p></article>'
    )


def _by(who: Viewer, each: Suggestion) -> str:
    """Return whose a song or an album is, and on which album a song is."""
    artist = html.link(who.href("artist", id=each.artist_id), each.artist) if each.artist_id else html.text(each.artist)
    return f"{artist} · {html.text(each.album)}" if each.album else artist


def because(who: Viewer, each: Suggestion) -> str:
    """Return the reasons as one sentence; up to three, the strongest first."""
    lists = [reason for reason in each.reasons if reason.kind == "list"]
    if each.why:
        return html.text(each.why)
    if lists:
        where = "Among" if lists[0].name.startswith(OWN) else "On"
        return f"{where} {listed([_reason(who, one) for one in lists])}, and never played."
    played = [_reason(who, one) for one in each.reasons if one.id]
    asked = [_reason(who, one) for one in each.reasons if not one.id]  # answered, not played
    parts = [f"you play {listed(played)}"] if played else []
    parts += [f"you want more like {listed(asked)}"] if asked else []
    said = f"Because {' and '.join(parts)}." if parts else ""
    from_several = f" From {listed([TITLES[voice] for voice in each.voices])}." if len(each.voices) > 1 else ""
    return said + from_several


def _reason(who: Viewer, reason: Reason) -> str:
    """Return something of one's own as a link to its page."""
    words = f"“{reason.name}”" if reason.kind == "list" and not reason.name.startswith(OWN) else reason.name
    by = f" by {reason.artist}" if reason.artist and reason.kind in ("album", "track") else ""
    shown = html.link(who.href(reason.kind, id=reason.id), words) if reason.id else html.text(words)
    return shown + html.text(by)


def ways(each: Suggestion) -> str:
    """Return links to the same thing elsewhere: its own page where its id is known, else a search for its names."""
    words = " ".join(filter(None, (each.name, each.artist)))
    spotify = links.on_spotify(each.uri) or f"{links.OPEN}/search/{quote(words, safe='')}"
    kind = SEARCHED[each.kind]
    if each.mbid and each.kind != "album":
        brainz = f"https://musicbrainz.org/{kind}/{each.mbid}"
        listen = f"https://listenbrainz.org/{'artist' if kind == 'artist' else 'recording'}/{each.mbid}/"
    else:
        brainz = f"https://musicbrainz.org/search?{urlencode({'query': words, 'type': kind})}"
        found = {"artist": "artist", "album": "album", "track": "track"}[each.kind]
        listen = f"https://listenbrainz.org/search/?{urlencode({'search_term': words, 'search_type': found})}"
    pairs = (("Spotify", spotify), ("MusicBrainz", brainz), ("ListenBrainz", listen))
    return " · ".join(html.outward(way, label) for label, way in pairs)


@lru_cache(maxsize=4_096)
def traits(name: str) -> str:
    """Return the genres and the country of an artist in words, as far as they are shipped."""
    known = read_artists().get(name_key(name))
    if known is None:
        return ""
    genres = ", ".join(read_tree().names[place] for place in known.genres[:3])
    return " · ".join(filter(None, (genres, country_name(known.country) if known.country else "")))


def _answers(who: Viewer, each: Suggestion) -> None:
    """Draw the three answers; one click is enough, and the list changes at once."""
    key = f"say_{each.key.hex}"
    st.pills(
        f"Your answer to {each.name}",
        list(ANSWERS),
        format_func=lambda word: f"{ICONS[word]} {ANSWERS[word]}",
        key=key,
        label_visibility="collapsed",
        on_change=_say,
        args=(who.user_id, each, key),
    )


def _say(user_id: int, each: Suggestion, key: str) -> None:
    """Keep an answer."""
    verdict = st.session_state[key]
    if verdict:
        app().tastes.say(user_id, kind=each.kind, name=each.name, artist=each.artist, verdict=verdict)
        st.session_state[SAID] = (each.kind, each.key, each.name, verdict)


def last_answer(who: Viewer) -> None:
    """Say what the last answer did, with the button that takes it back."""
    said = st.session_state.get(SAID)
    if not said or who.demo:
        return
    kind, key, name, verdict = said
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(f'<p class="pp-banner" role="status">{html.text(f"{WORDS[verdict]} {name}.")}</p>')
        st.button("Undo", key="undo_said", on_click=_take_back, args=(who.user_id, kind, key))


def _take_back(user_id: int, kind: str, key: object) -> None:
    app().tastes.take_back(user_id, kind=kind, key=key)  # type: ignore[arg-type]  # what _say kept
    st.session_state.pop(SAID, None)


def answer_list(who: Viewer, said: Sequence[Feedback]) -> None:
    """Draw everything somebody answered, each with the button that takes it back."""
    for each in said:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            by = f' <span class="pp-by">{html.text(each.artist)}</span>' if each.artist else ""
            st.html(f"<p>{html.text(each.name)}{by} <span class='pp-by'>{each.kind}</span></p>", width="stretch")
            st.button(
                "Take back", key=f"back_{each.key.hex}", on_click=_take_back, args=(who.user_id, each.kind, each.key)
            )
