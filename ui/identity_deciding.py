"""What every decision about together and apart goes through: said beforehand, made with a button, taken back."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.domain.errors import PlayprintError
from core.domain.rules import IdentityRule, Preview
from core.services.identities import artist_called
from ui import formats, html
from ui.context import app
from ui.scene import Scene

DECIDED = "decided"  # the decision just made, offered to be taken back


def just_decided(scene: Scene) -> None:
    """Say what was decided a moment ago, with the way back."""
    decision, where = st.session_state.get(DECIDED, (None, None))
    if decision is None or where not in (None, _where()):
        return
    st.session_state[DECIDED] = decision, _where()
    with st.container(horizontal=True, vertical_alignment="center"):
        way = html.link("/rules", "Rules")
        st.html(f'<p role="status">Done; every figure follows. You find it under {way}.</p>', width="content")
        if st.button("Undo", key="undo_decided"):
            tried(lambda: app().identities.undo(scene.viewer.user_id, decision=decision), "Taken back.")


def _where() -> str:
    """Return what the page is about: on another one nobody asks to take the last decision back."""
    return str(st.query_params.get("id", ""))


def decide(
    scene: Scene,
    rules: Callable[[], Sequence[IdentityRule]],
    words: Callable[[Preview, str], str],
    label: str,
    do: Callable[[], int],
    *,
    artist_name: str = "",
) -> None:
    """Say what a decision would change, and draw the button that makes it."""
    try:
        name = artist_called(artist_name) if artist_name else ""
        preview = app().identities.preview(scene.viewer.user_id, rules=rules(), artist_name=name)
    except PlayprintError as error:
        st.html(f'<p class="pp-error" role="alert">{html.text(error.message)}</p>')
        return
    st.html(f'<p class="pp-say" role="status">{html.text(words(preview, scene.viewer.locale))}</p>')
    if st.button(label, key=f"do_{label}", type="primary"):
        tried(do, "Done; every figure follows.", keep=True)


def tried(do: Callable[[], int | None], words: str, *, keep: bool = False) -> None:
    """Do it and draw the page anew, or say what is wrong; ``keep``: it is a decision to be offered for undoing."""
    try:
        decision = do()
    except PlayprintError as error:
        st.html(f'<p class="pp-error" role="alert">{html.text(error.message)}</p>')
        return
    st.session_state.pop(DECIDED, None)
    if keep:
        st.session_state[DECIDED] = decision, None  # the page drawn next says so
    st.toast(words)
    st.rerun()


def choice(label: str, options: dict[int, str], *, key: str) -> int | None:
    """Draw the choice of one thing by its label; return its id."""
    return st.selectbox(
        label, list(options), index=None, format_func=lambda id: options.get(id, ""), key=key, width=420,
        placeholder="Choose",
    )  # fmt: skip


def named(name: str, artist: str, plays: int) -> str:
    """Return a thing with its artist and plays: names alone can be equal."""
    by = f" – {artist}" if artist else ""
    return f"{name or 'Unknown'}{by} ({formats.plural(plays, 'play')})"
