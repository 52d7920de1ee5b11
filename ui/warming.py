"""Imports everything pages need before the first person asks, so that nobody waits for it."""

import importlib
import pkgutil
import threading

import ui

# Running the shell is Streamlit's business: importing it would draw a page.
_NOT_IMPORTED = {"ui.shell"}
# What few metrics need, a second and a half of importing: pages are served meanwhile.
_LATER = ("scipy.stats", "statsmodels.tsa.seasonal", "ruptures")


def warm() -> None:
    """Import all modules of ``ui`` and, through them, the figures' and frames' libraries."""
    for module in pkgutil.walk_packages(ui.__path__, "ui."):
        if module.name not in _NOT_IMPORTED:
            importlib.import_module(module.name)
    threading.Thread(target=_warm_later, name="warming", daemon=True).start()


def _warm_later() -> None:
    for name in _LATER:
        importlib.import_module(name)
