"""The discover page: what to hear next, from people with a similar taste, open lists and one's own history."""

from collections.abc import Callable
from urllib.parse import urlencode

import streamlit as st

from core.domain.recommending import DEFAULT_DIAL, DIAL, Dial, Kind, Suggestion, parse_dial, parse_kind
from core.services.recommending import Suggested
from ui import html, suggestions
from ui.arranging import Rows, arrange, part_of
from ui.context import Viewer, app
from ui.drawing import head
from ui.model_card import model_part
from ui.scene import Scene
from ui.states import nothing_here, panel, refused, succeeded

PARTS = {
    "new": "New to you",
    "again": "From your history",
    "mixes": "Mixes",
    "answers": "Your answers",
    "model": "How it works",
}
KINDS = {"artist": "Artists", "album": "Albums", "track": "Songs"}
DIALS: dict[Dial, str] = {
    "familiar": "Familiar",
    "balanced": "Balanced",
    "curious": "Curious",
    "adventurous": "Adventurous",
}
SHOWN = 24
AGAIN: Rows = [[("next-songs", 0.5), ("forgotten", 0.5)], [("deep-cuts", 1)]]
SORTS_OF_MIXES = {"time": "Time of day and week", "season": "Time of year", "era": "Eras", "year": "Years"}
SEASONS = ("december", "march", "june", "september")
LEADS = {
    "people": "Led by people of this Playprint who agreed and play what you play.",
    "crowd": "Led by what listeners of ListenBrainz play beside your artists (its open lists, CC0).",
    "genres": "From the genres and countries of what you play: Playprint's own map of well-known artists. It needs "
    "nobody else's listening and no network.",
    "shelf": "From your own playlists and saved music, and from public charts.",
    "none": "",
}
FORMS = {"csv": "CSV", "jspf": "JSPF", "xspf": "XSPF"}
SORTS = {"artist": "artists", "album": "albums", "track": "songs"}


def show(scene: Scene) -> None:
    """Draw the page."""
    st.title("Discover", anchor=False)
    refused()
    succeeded()
    part = part_of(PARTS)
    if part == "again":
        st.html(_take_again(scene.viewer))
        arrange(scene, "discover", AGAIN)
    else:
        _DRAW[part](scene)


def _take_again(who: Viewer) -> str:
    """Return the ways to take the lists of one's own history along."""
    lists = {"next": "What comes next", "forgotten": "Forgotten favourites", "deep": "Little-played songs"}
    ways = "".join(f'<span class="pp-take">{label} {takes(who, what)}</span>' for what, label in lists.items())
    return f'<p class="pp-tools pp-takes">{ways}</p>'


def _new(scene: Scene) -> None:
    """Draw what somebody never played, with the dial from familiar to adventurous."""
    who = scene.viewer
    kind, dial = _choices()
    suggestions.last_answer(who)
    with panel("suggestions"):
        made = app().recommending.suggest(who.user_id, kind=kind, dial=dial, lens=who.lens, n=SHOWN)
        st.html(head(_title(made, kind), LEADS[made.tier], takes(who, "new", of=kind, dial=dial) if made.items else ""))
        if not made.items:
            _nothing(who, made, kind)
            return
        suggestions.cards(who, made.items)


def _title(made: Suggested, kind: Kind) -> str:
    count = len(made.items)
    return f"{count} {SORTS[kind][:-1] if count == 1 else SORTS[kind]} you have not played" if count else "Nothing yet"


def _choices() -> tuple[Kind, Dial]:
    """Draw the two switches, kept in the address, and return what is chosen."""
    kind, dial = parse_kind(st.query_params.get("of", "")), parse_dial(st.query_params.get("dial", ""))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        _switch("Kind", "of", KINDS, kind, "artist")
        _switch("Familiar or adventurous", "dial", DIALS, dial, DEFAULT_DIAL)
    return kind, dial


def _switch(label: str, name: str, options: dict[str, str] | dict[Dial, str], chosen: str, default: str) -> None:
    key = f"pick_{name}"
    st.session_state[key] = chosen

    def picked() -> None:
        value = st.session_state[key]
        if value == default:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = value

    words: dict[str, str] = {str(token): text for token, text in options.items()}
    st.segmented_control(
        label, list(words), format_func=lambda token: words[token], key=key, required=True, on_change=picked
    )


def _nothing(who: Viewer, made: Suggested, kind: Kind) -> None:
    """Say why there is nothing, and what brings something."""
    if who.demo:
        nothing_here(made.note or "There is nothing to suggest in the demo.")
        return
    words = made.note or "You have heard everything that is known here to suggest."
    nothing_here(words, action="Import your account data" if kind != "artist" else "How it works",
                 href="/imports" if kind != "artist" else "/discover?part=model")  # fmt: skip


def takes(who: Viewer, what: str, **params: str) -> str:
    """Return links to take a list along in each form, and to save it as a Spotify playlist."""
    query = urlencode({**params, **({"profile": "demo"} if who.demo else {})})
    songs = params.get("of", "track") == "track"
    forms = FORMS if songs else {"csv": "CSV"}
    saved = [
        f'<a href="/download/suggestions/{what}.{form}?{html.text(query)}" download>{label}</a>'
        for form, label in forms.items()
    ]
    if songs and not who.demo:
        way = urlencode({"what": what, **params})
        saved.append(html.link(f"/save-playlist?{way}", "Save to Spotify"))
    return " ".join(saved)


def _mixes(scene: Scene) -> None:
    """Draw the mixes of a sort, the first songs of each; all of them in its files."""
    who = scene.viewer
    with panel("mixes"):
        made = app().recommending.mixes(who.user_id, lens=who.lens)
        if not made:
            nothing_here(
                "A mix needs ten songs that belong to a time of day, a season or a year; there are too few yet."
            )
            return
        sorts = {sort: those for sort in SORTS_OF_MIXES if (those := [mix for mix in made if _sort(mix.name) == sort])}
        asked = st.query_params.get("of", "")
        sort = asked if asked in sorts else next(iter(sorts))
        _switch("Mixes by", "of", {each: SORTS_OF_MIXES[each] for each in sorts}, sort, next(iter(sorts)))
        for start in range(0, len(sorts[sort]), 2):
            for column, mix in zip(st.columns(2, gap="large"), sorts[sort][start : start + 2], strict=False):
                with column:
                    tools = takes(who, "mix", name=mix.name)
                    st.html(head(mix.title, mix.about, tools) + _songs(who, mix.songs[:8], len(mix.songs)))


def _sort(name: str) -> str:
    """Return which sort a mix is of, by its name."""
    if name in SEASONS:
        return "season"
    return next((sort for sort in ("era", "year") if name.startswith(f"{sort}-")), "time")


def _songs(who: Viewer, songs: tuple[Suggestion, ...], count: int) -> str:
    """Return the first songs of a mix as a list."""
    rows = "".join(
        f"<li>{html.link(who.href('track', id=each.id), each.name)} "
        f'<span class="pp-by">{html.link(who.href("artist", id=each.artist_id), each.artist)}</span></li>'
        for each in songs
    )
    more = f'<p class="pp-note">and {count - len(songs)} more in its files</p>' if count > len(songs) else ""
    return f'<ol class="pp-mix">{rows}</ol>{more}'


def _answers(scene: Scene) -> None:
    """Draw everything somebody said: what they kept, what they want less of, what they never want to see."""
    who = scene.viewer
    suggestions.last_answer(who)
    said = [] if who.demo else app().tastes.of(who.user_id)
    if not said:
        nothing_here("You have not answered any suggestion yet: more, less and never stand under each.")
        return
    for verdict, title, about in (
        ("more", "Kept", "You asked for more like these; they are yours to listen to"),
        ("less", "Less of", "They are not suggested, and where genres speak, what is like them comes later"),
        ("never", "Never", "They are not suggested; of an artist none of their songs and albums"),
    ):
        those = [each for each in said if each.verdict == verdict]
        if those:
            tools = takes(who, "kept") if verdict == "more" else ""
            st.html(head(f"{title}: {len(those)}", about, tools))
            suggestions.answer_list(who, those)


_DRAW: dict[str, Callable[[Scene], None]] = {
    "new": _new,
    "mixes": _mixes,
    "answers": _answers,
    "model": model_part,
}
__all__ = ["DIAL", "PARTS", "show", "takes"]
