"""Writes docs/metrics.md from the docstrings of the figures: ``python docs/make_metrics.py``."""

import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.analytics import clock, counting, discovery, library, skipping, streaks, timeline  # noqa: E402

TARGET = ROOT / "docs" / "metrics.md"
MODULES = (counting, timeline, clock, discovery, streaks, skipping, library)
OPENING = """# Metrics

How every figure is defined. This page is made from the code by `python docs/make_metrics.py`; a test fails when it
is stale.

A *listen* is one row of your history. Which listens are visible and which of them are *plays* is what your lens says:
by default music that lasted 30 s, with recordings of the same music merged. Time and skips are taken over all visible
listens, also the short ones. Days are those of the lens's timezone, by the end of a listen. All figures are functions
of a *view*: a library seen through one lens, period and set of filters.
"""


def functions(module: ModuleType) -> Iterator[tuple[str, Callable[..., object]]]:
    """Yield the functions and properties of a module that state a source, in the order of its file."""
    members = list(vars(module).values())
    members += [part for member in members if inspect.isclass(member) for part in vars(member).values()]
    for member in members:
        function = getattr(member, "func", getattr(member, "fget", member))
        own = inspect.isfunction(function) and function.__module__ == module.__name__
        if own and "Source:" in (inspect.getdoc(function) or ""):
            yield function.__qualname__, function


def section(name: str, function: Callable[..., object]) -> str:
    """Return the Markdown of one figure: its name, what it returns, its columns, its source."""
    text = inspect.getdoc(function) or ""
    body, _, source = text.partition("Source:")
    paragraphs = [" ".join(part.split()) for part in body.replace("Columns:", "\n\nColumns:").split("\n\n")]
    kept = [part for part in paragraphs if part]
    return "\n\n".join([f"### {name}", *kept, f"*Source:* {' '.join(source.split())}"]).replace("``", "`")


def page() -> str:
    """Return the whole page."""
    parts = [OPENING.rstrip()]
    for module in MODULES:
        parts.append(f"## {(inspect.getdoc(module) or '').splitlines()[0].rstrip('.')}")
        parts += [section(name, function) for name, function in functions(module)]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    TARGET.write_text(page())
