"""A panel: a title that says what is seen, its picture or its table, and ways to take both away."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.selection import Selection
from ui import html, lists
from ui.context import app
from ui.controls import Scene
from ui.figures.panel import Picture
from ui.figures.panels import PANELS
from ui.states import panel


def today(scene: Scene) -> date:
    """Return the local day of whoever looks."""
    return datetime.now(UTC).astimezone(ZoneInfo(scene.viewer.lens.timezone)).date()


def picture(scene: Scene, name: str, page: str, *, selection: Selection | None = None) -> Any:
    """Draw one picture with its head; return Streamlit's selection event where it has one (else ``None``)."""
    event: Any = None
    with panel(name):
        chosen = selection or scene.selection
        who = scene.viewer
        made = scene.kept(name, lambda: PANELS[name](app().listening, who.user_id, who.lens, chosen), chosen)
        as_table = st.query_params.get("table") == name
        st.html(_head(scene, name, page, made, chosen, as_table=as_table))
        if as_table:
            st.html(lists.plain_table(made.about, made.table))
        else:
            shown: dict[str, Any] = {"key": f"{page}-{name}", "alt": made.alternative}
            if name == "timeline":  # the one picture that can be brushed
                event = st.vega_lite_chart(made.rows, made.spec, on_select="rerun", **shown)
            else:
                st.vega_lite_chart(made.rows, made.spec, **shown)
    return event


def _head(scene: Scene, name: str, page: str, made: Picture, chosen: Selection, *, as_table: bool) -> str:
    """Return the head of a panel: title, what is measured, table view and downloads."""
    query = chosen.query(profile="demo" if scene.viewer.demo else None)
    saves = " ".join(
        f'<a href="/download/figure/{name}.{form}?{html.text(query)}" download title="{hint}">{form.upper()}</a>'
        for form, hint in (("csv", "The data behind this"), ("png", "This as a picture"), ("svg", "This as a drawing"))
    )
    table = scene.here(page, table=None if as_table else name, **_kept())
    return head(made.title, made.about, f"{html.link(table, 'Chart' if as_table else 'Table')} {saves}")


def _kept() -> dict[str, str | None]:
    """Return the parameters of this page that are not part of the selection, such as an item's id."""
    return {name: st.query_params[name] for name in ("id",) if name in st.query_params}


def head(title: str, about: str = "", tools: str = "") -> str:
    """Return the heading of a panel; ``tools`` is markup made by this package."""
    sub = f'<span class="pp-sub">{html.text(about)}</span>' if about else ""
    side = f'<span class="pp-tools">{tools}</span>' if tools else ""
    return f'<div class="pp-head"><h2>{html.text(title)}</h2>{sub}{side}</div>'
