"""What is clicked or brushed in a picture goes into the address: then every panel of the page follows."""

from datetime import UTC, datetime
from typing import Any

import streamlit as st

from core.domain.period import Period
from core.domain.selection import Selection, range_token
from ui.figures.base import Spec

DAYS, PICK = "days", "pick"


def names(spec: Spec) -> set[str]:
    """Return which of the selections this module follows a specification has."""
    parts = [spec, *spec.get("layer", []), *spec.get("hconcat", []), *spec.get("vconcat", [])]
    return {param["name"] for part in parts for param in part.get("params", [])} & {DAYS, PICK}


def follow(key: str, selection: Selection | None = None) -> None:
    """Put what was picked in the picture ``key`` into the address, take out what was let go; called before the page.

    Days are brushed only where there is a ``selection`` of days.
    """
    event = st.session_state.get(key)
    chosen = (_brushed(event, selection) if selection else {}) | _clicked(event)
    before: dict[str, str] = st.session_state.get(f"picked {key}", {})
    st.session_state[f"picked {key}"] = chosen
    if chosen == before:
        return
    for name in before.keys() - chosen.keys():
        st.query_params.pop(name, None)
    for name, value in chosen.items():
        st.query_params[name] = value
    st.query_params.pop("page", None)


def _brushed(event: Any, selection: Selection) -> dict[str, str]:
    """Return the brushed days as an address parameter."""
    picked = (event or {}).get("selection", {}).get(DAYS, {})
    ends = picked.get("start") or [] if isinstance(picked, dict) else []
    if len(ends) != 2:
        return {}
    first, last = (datetime.fromtimestamp(ms / 1000, UTC).date() for ms in sorted(ends))
    token = range_token(Period(first, last).clip(first, last))
    return {} if selection.brush is None and token == selection.range else {"brush": token}


def _clicked(event: Any) -> dict[str, str]:
    """Return what was clicked: the fields ``pick_NAME`` of the mark as address parameters."""
    points = (event or {}).get("selection", {}).get(PICK) or []
    first = points[0] if isinstance(points, list) and points else {}
    return {
        name.removeprefix("pick_"): str(value)
        for name, value in first.items()
        if name.startswith("pick_") and value is not None
    }
