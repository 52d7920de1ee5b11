"""A panel of somebody's own history, by its name."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.selection import Selection
from ui import picking
from ui.context import app
from ui.drawing import Place, draw, head
from ui.figures.panels import PANELS
from ui.scene import Scene
from ui.states import panel

__all__ = ["head", "show", "today"]
COMPARING = ("timeline", "bump")  # they show the range to compare with in themselves, or make no sense in halves

OUTSIDE = ("mainstream",)  # they change with the public charts, too


def today(scene: Scene) -> date:
    """Return the local day of whoever looks."""
    return datetime.now(UTC).astimezone(ZoneInfo(scene.viewer.lens.timezone)).date()


def show(scene: Scene, name: str, page: str, *, selection: Selection | None = None) -> None:
    """Draw the panel of a name; beside the same of the range to compare with, where one was chosen."""
    chosen = selection or scene.selection
    other = None if name in COMPARING else chosen.other()
    if other is None:
        _one(scene, name, page, chosen)
        return
    for column, side in zip(st.columns(2, gap="large"), (chosen, other), strict=True):
        with column:
            _one(replace(scene, selection=side), name, page, side, mark=side.range)


def _one(scene: Scene, name: str, page: str, chosen: Selection, *, mark: str = "") -> None:
    with panel(name):
        who = scene.viewer
        charts = app().trends.version if name in OUTSIDE else 0
        made = scene.kept(name, lambda: PANELS[name](app().listening, who.user_id, who.lens, chosen), chosen, charts)
        query = chosen.query(profile="demo" if who.demo else None)

        def follow(key: str) -> None:
            picking.follow(key, chosen)

        place = Place(name, page, "/download/figure", query, others=_kept(), follow=follow, mark=mark)
        draw(scene, place, made)


def _kept() -> dict[str, str]:
    """Return the parameters of this page that are not part of the selection, such as an item's id."""
    return {name: st.query_params[name] for name in ("id", "name", "part", "of") if name in st.query_params}
