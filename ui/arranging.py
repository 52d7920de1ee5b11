"""How panels lie on a page: rows of names with widths, parts of a page to choose from."""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain

import streamlit as st

from core.domain.selection import Selection
from ui.panels import show
from ui.scene import Scene

# Rows of cells: each the name of a panel, or of several under each other, and its share of the width.
Rows = Sequence[Sequence[tuple[str | tuple[str, ...], float]]]


def arrange(scene: Scene, page: str, rows: Rows, *, selection: Selection | None = None) -> None:
    """Draw rows of personal panels; two ranges side by side take a whole row for each panel."""

    def one(name: str) -> None:
        show(scene, name, page, selection=selection)

    lay(rows, one, alone=scene.selection.versus is not None)


def lay(rows: Rows, one: Callable[[str], None], *, alone: bool = False) -> None:
    """Lay panels out in rows; ``one`` draws the panel of a name. ``alone``: each in a row of its own."""
    for row in rows:
        cells = [(names,) if isinstance(names, str) else names for names, _ in row]
        if len(row) == 1 or alone:
            for name in chain(*cells):
                one(name)
            continue
        for column, names in zip(st.columns([width for _, width in row], gap="large"), cells, strict=True):
            with column:
                for name in names:
                    one(name)


def part_of(parts: Mapping[str, str]) -> str:
    """Draw the switch between the parts of a page (name in the address: label) and return the one chosen."""
    first = next(iter(parts))
    part = st.query_params.get("part", first)
    part = part if part in parts else first
    st.session_state["pick_part"] = part
    st.segmented_control(
        "Part",
        list(parts),
        format_func=lambda name: parts.get(name, name),
        key="pick_part",
        required=True,
        label_visibility="collapsed",
        on_change=lambda: st.query_params.__setitem__("part", st.session_state["pick_part"]),
    )
    return part


def number_of(label: str, name: str, allowed: Sequence[int], default: int, words: Callable[[int], str]) -> None:
    """Draw the choice of a number that stands in the address as ``name``; the default is left out of it."""
    asked, key = st.query_params.get(name, ""), f"pick_{name}"
    st.session_state[key] = int(asked) if asked in map(str, allowed) else default

    def picked() -> None:
        chosen = st.session_state[key]
        if chosen == default:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = str(chosen)

    st.segmented_control(label, allowed, format_func=words, key=key, required=True, on_change=picked)
