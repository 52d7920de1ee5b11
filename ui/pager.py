"""Paging through a long list by address."""

from dataclasses import dataclass

import polars as pl
import streamlit as st

from ui import formats, html
from ui.scene import Scene


@dataclass(frozen=True, slots=True)
class Pager:
    """Where in a list one is; ``html`` shows it with links to the pages around."""

    words: str
    earlier: str
    later: str

    def html(self) -> str:
        """Return the links."""
        parts = [f"<span>{html.text(self.words)}</span>"]
        parts += [html.link(self.earlier, "‹ Previous")] if self.earlier else []
        parts += [html.link(self.later, "Next ›")] if self.later else []
        return f'<nav class="pp-pager" aria-label="Pages">{" ".join(parts)}</nav>'


def page_number(pages: int) -> int:
    """Return the page of the address, 1 to ``pages``."""
    asked = st.query_params.get("page", "1")
    return max(1, min(int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1, max(1, pages)))


def place(scene: Scene, page: str, total: int, size: int, **kept: str | None) -> tuple[Pager, int]:
    """Return the pager of a list of ``total`` rows and the offset of the page of the address."""
    pages = -(-total // size)
    number = page_number(pages)
    first, last = (number - 1) * size + 1, min(number * size, total)
    words = f"{formats.number(first)}–{formats.number(last)} of {formats.number(total)}"
    earlier = scene.here(page, page=str(number - 1), **kept) if number > 1 else ""
    later = scene.here(page, page=str(number + 1), **kept) if number < pages else ""
    return Pager(words, earlier, later), (number - 1) * size


def pager(scene: Scene, page: str, frame: pl.DataFrame, size: int, **kept: str | None) -> tuple[Pager, pl.DataFrame]:
    """Return the pager of a frame and its rows on the page of the address."""
    made, offset = place(scene, page, frame.height, size, **kept)
    return made, frame.slice(offset, size)
