"""Writes docs/metrics.md from the docstrings of the figures: ``python docs/make_metrics.py``."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ui.definitions import chapters  # noqa: E402

TARGET = ROOT / "docs" / "metrics.md"
OPENING = """# Metrics

How every figure is defined. This page is made from the code by `python docs/make_metrics.py`; a test fails when it
is stale.

A *listen* is one row of your history. Which listens are visible and which of them are *plays* is what your lens says:
by default music that lasted 30 s, with recordings of the same music merged. Time and skips are taken over all visible
listens, also the short ones. Days are those of the lens's timezone, by the end of a listen. All figures are functions
of a *view*: a library seen through one lens, period and set of filters.
"""


def page() -> str:
    """Return the whole page."""
    parts = [OPENING.rstrip()]
    for theme, figures in chapters():
        parts += [f"## {theme}", *(text for _, text in figures)]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    TARGET.write_text(page())
