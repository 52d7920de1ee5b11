"""Ranges with a name: in the range picker, and the small form that names one."""

import streamlit as st

from core.domain.errors import PlayprintError
from core.domain.selection import range_token
from core.services.ranges import LONGEST_NAME
from ui import formats, html
from ui.context import app
from ui.scene import Scene


def named(user_id: int) -> dict[str, str]:
    """Return token → name of a person's ranges, the latest first, for the range picker; of two names the later one.

    A tab asks once, and again after it changed a name: this is drawn on every page.
    """
    if "range_names" not in st.session_state:
        st.session_state["range_names"] = {range_token(each.period): each.name for each in app().ranges.all(user_id)}
    names: dict[str, str] = st.session_state["range_names"]
    return names


def save_form(scene: Scene) -> None:
    """Draw a field that names the range shown, and the names there are with a way to forget each."""
    if scene.viewer.demo:
        return
    user_id = scene.viewer.user_id
    with st.form("name_range", border=False):
        days = formats.days(scene.selection.shown)
        name = st.text_input(f"Name for {days}", max_chars=LONGEST_NAME, placeholder="Summer by the sea")
        if st.form_submit_button("Name this range"):
            _save(scene, name)
    for known in app().ranges.all(user_id):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            words = f"{html.text(known.name)}{html.note(formats.days(known.period))}"
            st.html(f"<div>{words}</div>", width="stretch")
            label = f"Forget the name {formats.unmarked(known.name)}"
            if st.button(":material/close:", key=f"forget_{known.name}", help=label, type="tertiary"):
                app().ranges.forget(user_id, name=known.name)
                _changed()


def _save(scene: Scene, name: str) -> None:
    """Store the name and draw the page anew, or say what is wrong with it."""
    try:
        app().ranges.save(scene.viewer.user_id, name=name, period=scene.selection.shown)
    except PlayprintError as error:
        st.html(f'<p class="pp-error" role="alert">{html.text(error.message)}</p>')
    else:
        _changed()


def _changed() -> None:
    """Draw the page anew with the names as they are now."""
    st.session_state.pop("range_names", None)
    st.rerun()
