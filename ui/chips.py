"""What narrows a page just now, as chips: each says what is shown and takes itself away with one click."""

from collections.abc import Iterable
from itertools import pairwise

import streamlit as st

from core.analytics.library import By
from core.domain.selection import filter_params, range_token
from ui import formats, html
from ui.context import app
from ui.figures.panels import WEEKDAYS_FULL
from ui.scene import Scene

WORDS = {"skipped": {"yes": "skipped", "no": "not skipped"}, "shuffle": {"yes": "shuffled", "no": "not shuffled"}}
ITEMS: dict[str, By] = {"artist": "artist", "album": "album", "track": "track"}
PAGE_PARAMS = ("id", "name", "part", "of", "sort")


def chips(scene: Scene, page: str) -> None:
    """Draw a chip for every filter, the brushed days and the range compared with; nothing where there are none."""
    selection = scene.selection
    kept = {name: st.query_params[name] for name in PAGE_PARAMS if name in st.query_params}
    shown = [_chip(words, [(_here(scene, page, kept, **{name: None}), "×", f"Without {words}")])
             for name, words in filter_words(scene)]  # fmt: skip
    if selection.brush:
        zoom = _here(scene, page, kept, range=range_token(selection.brush), brush=None)
        ways = [(zoom, "Zoom in", "Make this the range"), (_here(scene, page, kept, brush=None), "×", "Whole range")]
        shown.append(_chip(formats.days(selection.brush), ways))
    if selection.versus:
        ways = [(_here(scene, page, kept, vs=None), "×", "Without comparing")]
        shown.append(_chip(f"compared with {formats.days(selection.versus)}", ways))
    if shown:
        st.html(f'<div class="pp-chips" role="group" aria-label="Showing only">{"".join(shown)}</div>')


def _here(scene: Scene, page: str, kept: dict[str, str], **changes: str | None) -> str:
    return scene.here(page, **{**kept, **changes})


def _chip(words: str, ways: Iterable[tuple[str, str, str]]) -> str:
    """Return one chip: what it shows, and links of (address, sign, what it does)."""
    links = "".join(
        f'<a href="{html.text(href)}" target="_self" title="{html.text(title)}" aria-label="{html.text(title)}">'
        f"{html.text(sign)}</a>"
        for href, sign, title in ways
    )
    return f'<span class="pp-chip">{html.text(words)}{links}</span>'


def filter_words(scene: Scene) -> Iterable[tuple[str, str]]:
    """Yield (address parameter, words) of each filter that is set."""
    for name, value in filter_params(scene.selection.filters).items():
        if name in ITEMS:
            yield name, ", ".join(_named(scene, ITEMS[name], int(id)) for id in value.split(","))
        elif name == "weekday":
            yield name, ", ".join(WEEKDAYS_FULL[int(day)] for day in value.split(","))
        elif name == "hour":
            yield name, _hours([int(hour) for hour in value.split(",")])
        elif name == "q":
            yield name, f"“{value}”"
        else:
            yield name, WORDS.get(name, {}).get(value, value.replace(",", ", "))


def _hours(hours: list[int]) -> str:
    """Return hours in words: one stretch, or one by one."""
    if all(later == earlier + 1 for earlier, later in pairwise(hours)):
        return f"{hours[0]}:00–{hours[-1]}:59"
    return ", ".join(f"{hour}:00" for hour in hours)


def _named(scene: Scene, by: By, id: int) -> str:
    """Return the name of an artist, album or track; ``nothing known`` for an id of somebody else's."""
    library = app().listening.library(scene.viewer.user_id)
    code = library.code(by, id)
    frames = {"artist": library.artists, "album": library.albums, "track": library.tracks}
    return str(frames[by]["name"][code]) if code >= 0 else f"an unknown {by}"
