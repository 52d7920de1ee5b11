"""Playlists: all of them, what they share, what is in none; and one of them: its songs, its listening, its upkeep."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

import streamlit as st

from core.domain.playlists import ListAsk, PlaylistHead
from core.domain.recommending import DEFAULT_DIAL
from ui import discover, formats, html, suggestions
from ui.arranging import Rows, lay, part_of
from ui.context import app
from ui.controls import draw_head, open_scene
from ui.drawing import Place, draw, head
from ui.figures.list_panels import LIST_PANELS
from ui.figures.list_songs import entries
from ui.scene import Scene
from ui.states import nothing_here, panel, refused, succeeded

_R = TypeVar("_R")
PARTS = {"lists": "Your playlists", "overlap": "Overlap", "none": "In no playlist"}
ROWS: dict[str, Rows] = {
    "lists": [[("lists-compared", 1)]],
    "overlap": [[("lists-overlap", 1)], [("lists-pairs", 0.5), ("lists-subsets", 0.5)]],
    "none": [[("lists-none", 1)]],
}
ONE_PARTS = {"songs": "Songs", "listening": "Listening", "makeup": "What it is", "upkeep": "Clean up", "on": "Continue"}
ONE_ROWS: dict[str, Rows] = {
    "songs": [[("list-facts", 1)], [("list-songs", 1)]],
    "listening": [[("list-listening", 1)], [("list-fading", 0.5), ("list-clock", 0.5)]],
    "makeup": [
        [("list-artists", 0.5), ("list-genres", 0.5)],
        [("list-years", 0.5), ("list-taste", 0.5)],
        [("list-growth", 0.6), ("list-versions", 0.4)],
    ],
    "upkeep": [
        [("list-duplicates", 0.5), ("list-never", 0.5)],
        [("list-skipped", 0.5), ("list-local", 0.5)],
    ],
}
FILES = "/download/list"
CONTINUED = 24


@dataclass(frozen=True, slots=True)
class ListGround:
    """What a page of playlists stands on: a personal scene, and which playlist."""

    scene: Scene
    key: str

    @property
    def locale(self) -> str:
        """Return the looker's language."""
        return self.scene.locale

    def href(self, page: str, **params: object) -> str:
        """Return the address of another page about the same history."""
        return self.scene.href(page, **params)

    def here(self, target: str, /, **changes: str | None) -> str:
        """Return this page's address with some parameters changed."""
        return self.scene.here(target, **{"list": self.key or None, **changes})

    def kept(self, name: str, make: Callable[[], _R], *more: Hashable) -> _R:
        """Return what ``make`` gives, kept while history and playlists stay as they are."""
        stamp = app().playlists.stamp(self.scene.viewer.user_id)
        return self.scene.kept(name, make, "lists", self.key, stamp, *more)


def show_panel(ground: ListGround, name: str, page: str) -> None:
    """Draw a panel of playlists."""
    with panel(name):
        who, ask = ground.scene.viewer, ListAsk(ground.key, ground.scene.selection)
        made = ground.kept(name, lambda: LIST_PANELS[name](app().playlists, who.user_id, who.lens, ask), "made")
        query = ground.scene.selection.query(list=ground.key or None, profile="demo" if who.demo else None)
        others = {key: st.query_params[key] for key in ("part",) if key in st.query_params}
        draw(ground, Place(name, page, FILES, query, others=others), made)


def show_all() -> None:
    """Draw the page of all playlists."""
    scene = open_scene("Playlists")
    draw_head(scene, "Playlists")
    refused()
    succeeded()
    heads = app().playlists.heads(scene.viewer.user_id)
    if not heads:
        _none_yet(scene)
        return
    part = part_of(PARTS)
    ground = ListGround(scene, "")
    if part == "none":
        st.html(f'<p class="pp-tools">{_takes(ground, "none", "Of your whole history")}</p>')
    lay(ROWS[part], lambda name: show_panel(ground, name, "playlists"))
    if part == "lists":
        _uncounted(scene, [each for each in heads if each.gone or not (each.counted and each.readable)])


def _none_yet(scene: Scene) -> None:
    """Say where playlists come from."""
    if scene.viewer.demo:
        nothing_here("The demo has no playlists.")
        return
    st.html(
        '<div class="pp-empty"><h2>No playlists here yet</h2><p>They come with your <strong>Account data</strong> '
        "(Playlist1.json and YourLibrary.json), which Spotify sends within about five days. The extended streaming "
        f"history holds none.</p><p>{html.link('/imports', 'Import it')} just as it came. No Spotify app and no key "
        "are needed.</p></div>"
    )


def _uncounted(scene: Scene, heads: list[PlaylistHead]) -> None:
    """Draw the lists no figures are made of, and why."""
    if not heads:
        return
    rows = []
    for each in heads:
        way = scene.href("playlist", list=each.key)
        name = html.link(way, each.name or "Untitled") if each.readable else html.text(each.name or "Untitled")
        rows.append(f'<li>{name} <span class="pp-by">{html.text(_why(each))}</span></li>')
    st.html(
        head(f"{len(heads)} more", "Lists no figures are made of here") + f'<ul class="pp-shelf">{"".join(rows)}</ul>'
    )


def _why(each: PlaylistHead) -> str:
    """Return why no figures are made of a list."""
    if each.gone:
        return "no longer in your newest export"
    if not each.readable:
        return "somebody else's: Spotify does not tell what is on it"
    return "known from Spotify's own service alone: an export of your account data makes figures of it"


def show_one() -> None:
    """Draw the page of one playlist."""
    scene = open_scene("Playlist")
    who, key = scene.viewer, st.query_params.get("list", "")
    found = next((each for each in app().playlists.heads(who.user_id) if each.key == key), None)
    if found is None or not found.readable:
        st.title("Playlist", anchor=False)
        nothing_here("There is no such playlist here.", action="To all playlists", href=scene.href("playlists"))
        return
    st.html(f'<p class="pp-crumb">{html.link(scene.href("playlists"), "Playlists")}</p>')
    draw_head(scene, found.name or "Untitled")
    refused()
    succeeded()
    ground = ListGround(scene, key)
    tools = f'<span class="pp-tools">{_takes(ground, "songs", "The whole list")}</span>'
    st.html(f'<p class="pp-lens">{_about(found)} {tools}</p>')
    if not found.counted:
        nothing_here(f"No figures are made of it: it is {_why(found)}.", action="Import", href="/imports")
        show_panel(ground, "list-songs", "playlist")
        return
    part = part_of(ONE_PARTS)
    if part == "on":
        _continued(ground)
        return
    if part == "upkeep":
        _upkeep(ground)
    lay(ONE_ROWS[part], lambda name: show_panel(ground, name, "playlist"))


def _about(found: PlaylistHead) -> str:
    """Return description, followers and age of a playlist in words."""
    words = [
        entries(found.items),
        formats.plural(found.followers, "follower") if found.followers else "",
        f"changed {formats.day(found.modified_on)}" if found.modified_on else "",
        f"{found.versions} versions" if found.versions > 1 else "",
        found.description,
    ]
    return html.text(" · ".join(filter(None, words)))


def _links(ground: ListGround, what: str) -> str:
    """Return links to take a list of songs along in each form, and to save it as a new Spotify playlist."""
    who = ground.scene.viewer
    query = urlencode({"list": ground.key, **({"profile": "demo"} if who.demo else {})})
    saved = [
        f'<a href="/download/playlist/{what}.{form}?{html.text(query)}" download>{label}</a>'
        for form, label in discover.FORMS.items()
    ]
    if not who.demo:
        saved.append(html.link(f"/save-playlist?{urlencode({'what': what, 'list': ground.key})}", "Save to Spotify"))
    return " ".join(saved)


def _takes(ground: ListGround, what: str, label: str) -> str:
    """Return the same behind a word that says which songs they hold."""
    return f'<span class="pp-take">{label} {_links(ground, what)}</span>'


def _upkeep(ground: ListGround) -> None:
    """Say what the suggestions are for, with the list as it would be afterwards."""
    words = (
        "What could go: the same song twice, songs you never played, songs you skip. Playprint changes nothing on "
        "Spotify; take the list along as it would be without them."
    )
    st.html(head("Clean up", words, _links(ground, "cleaned")))


def _continued(ground: ListGround) -> None:
    """Draw the songs that go on from the list."""
    who = ground.scene.viewer
    suggestions.last_answer(who)
    with panel("continue"):
        made = app().recommending.on_from(who.user_id, ground.key, dial=DEFAULT_DIAL, lens=who.lens, n=CONTINUED)
        tools = discover.takes(who, "continue", list=ground.key) if made.items else ""
        title = f"{formats.plural(len(made.items), 'song')} that could go on this list" if made.items else "Nothing yet"
        st.html(head(title, "Songs you play around these, lists they share, and what is like them", tools))
        if not made.items:
            nothing_here(made.note)
            return
        suggestions.cards(who, made.items)
