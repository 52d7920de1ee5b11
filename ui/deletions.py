"""Deleting listens: from a selection of History, one by one, and the list of deletions with their ways back."""

from collections.abc import Callable
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.deletions import Chosen, Deletion, DeletionPreview, OneListen
from core.domain.errors import PlayprintError
from core.domain.selection import filter_params
from ui import formats, html, panels
from ui.chips import filter_words
from ui.context import Viewer, app
from ui.exclusions import WIDTH, time
from ui.scene import Scene
from ui.states import panel

MANY = 100  # listens from which one has to tick that one is sure
DONE, TURN = "just_deleted", "deletions_made"
AGAIN = (
    "Deleted listens stay deleted when you import the same history again. Spotify keeps its own record of them; "
    "Playprint cannot delete anything there."
)


def menu(scene: Scene, listed: Callable[[], list[dict[str, Any]]]) -> None:
    """Draw what deletes the listens that are shown, or one of those ``listed`` on this page."""
    if scene.viewer.demo:
        return
    key = f"delete_{st.session_state.get(TURN, 0)}"  # a new one, which is closed, after each deletion
    opened = st.popover("Delete…", icon=":material/delete:", on_change="rerun", key=key)
    if opened.open:
        with opened, panel("delete"):
            rows = listed()
            if not rows:
                st.html(html.note("The list shows nothing that could be deleted."))
                return
            _selection(scene)
            _one(scene, rows)


def _narrowed(scene: Scene) -> bool:
    """Return whether the list is less than the history: a filter, or a range that is not all of it."""
    shown = scene.selection.shown
    inside = (shown.start and shown.start > scene.first) or (shown.end and shown.end <= scene.last)
    return bool(filter_params(scene.selection.filters) or inside)


def _selection(scene: Scene) -> None:
    """Draw what deleting all that is shown would take, and the button that does."""
    if not _narrowed(scene):
        st.html(html.note("To delete many listens at once, narrow the list: by a search, a filter or a range."))
        return
    found = app().deleting.preview(scene.viewer.user_id, **scene.asked())
    count = formats.plural(found.listens, "listen", locale=scene.viewer.locale)
    st.html(panels.head("Delete this listen" if found.listens == 1 else f"Delete these {count}"))
    st.html(_preview(found, scene.viewer))
    many = found.listens > MANY
    sure = not many or st.checkbox(f"Yes, delete all {formats.number(found.listens)} listens", key="delete_sure")
    if st.button(
        "Delete them" if found.listens > 1 else "Delete it", key="delete_now", type="primary", disabled=not sure
    ):
        chosen = Chosen(scene.viewer.lens, scene.selection.shown, scene.selection.filters)
        _delete(scene, _label(scene), chosen, found.listens)


def _label(scene: Scene) -> str:
    """Return what a person recognises a selection by: its filters and its days."""
    return " · ".join([*(words for _, words in filter_words(scene)), formats.days(scene.selection.shown)])


def _preview(found: DeletionPreview, who: Viewer) -> str:
    """Return what would go, in sentences and examples."""
    zone = ZoneInfo(who.lens.timezone)
    plays = formats.plural(found.plays, "play", locale=who.locale)
    span = ""
    if found.first and found.last:
        days = [formats.day(moment.astimezone(zone).date()) for moment in (found.first, found.last)]
        span = f", from {days[0]} to {days[1]}" if days[0] != days[1] else f", on {days[0]}"
    sentence = (
        f"{formats.plural(found.listens, 'listen', locale=who.locale)} with {plays}, "
        f"{time(found.ms_played, who.locale)}{span}. This is everything the list shows, "
        "short listens too, whatever counts as a play."
    )
    examples = "".join(f"<li>{html.text(_example(*example))}</li>" for example in found.examples)
    return f'<p class="pp-say">{html.text(sentence)}</p><ul>{examples}</ul>{html.note(AGAIN)}'


def _example(ended: Any, name: str | None, artist: str | None) -> str:
    return f"{name or 'Unknown track'}{f' – {artist}' if artist else ''}, {formats.moment(ended)}"


def _one(scene: Scene, rows: list[dict[str, Any]]) -> None:
    """Draw the choice of one listen of this page, and the button that deletes it."""
    st.html(panels.head("Delete one listen"))
    options = {place: _example(row["ended"], row["name"], row["artist"]) for place, row in enumerate(rows)}
    place = st.selectbox(
        "Which of the listens on this page", list(options), index=None, format_func=lambda at: options.get(at, ""),
        key=f"delete_which_{len(rows)}", placeholder="Choose",
    )  # fmt: skip
    if place is not None and st.button("Delete it", key="delete_one_now", type="primary"):
        row = rows[place]
        one = OneListen(row["ended"].astimezone(UTC), row["track_id"], row["ms_played"])
        _delete(scene, options[place], one, None)


def _delete(scene: Scene, label: str, chosen: OneListen | Chosen, expected: int | None) -> None:
    """Delete and draw the page anew, or say what is in the way."""
    try:
        made = app().deleting.delete(scene.viewer.user_id, label=label, chosen=chosen, expected=expected)
    except PlayprintError as error:
        st.html(f'<p class="pp-error" role="alert">{html.text(error.message)}</p>')
        return
    st.session_state[DONE] = (made.id, made.listens, scene.selection.query())
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.query_params.pop("page", None)
    st.rerun()


def just_deleted(scene: Scene) -> None:
    """Say what was just deleted, with the way back beside it, until one looks at something else."""
    deletion_id, count, shown = st.session_state.get(DONE, (0, 0, ""))
    who = scene.viewer
    if who.demo or shown != scene.selection.query():
        st.session_state.pop(DONE, None)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        listens = formats.plural(count, "listen", locale=who.locale)
        st.html(f'<p class="pp-banner" role="status">{html.text(listens)} deleted.</p>', width="content")
        if st.button("Undo", key="delete_undo"):
            _undo(who.user_id, deletion_id)


def _undo(user_id: int, deletion_id: int) -> None:
    """Take a deletion back and draw the page anew."""
    st.session_state.pop(DONE, None)
    try:
        count = app().deleting.undo(user_id, deletion_id=deletion_id)
    except PlayprintError as error:
        st.toast(error.message)
    else:
        st.toast(f"{formats.plural(count, 'listen')} back in your history.")
    st.rerun()


def deleted_part(scene: Scene) -> None:
    """Draw the deletions, newest first, each with its way back and the last step."""
    who = scene.viewer
    st.html(panels.head("Deleted listens", "Kept aside until you remove them for good"))
    known = app().deleting.deletions(who.user_id)
    if not known:
        st.html(html.note("Nothing is deleted. History deletes what it shows.", action="To History", href="/history"))
        return
    st.html(html.note(AGAIN))
    for deletion in known:
        with panel(f"deletion-{deletion.id}"):
            _deletion(who, deletion)


def _deletion(who: Viewer, deletion: Deletion) -> None:
    when = formats.moment(deletion.created_at.astimezone(ZoneInfo(who.lens.timezone)))
    count = formats.plural(deletion.listens, "listen", locale=who.locale)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", width=WIDTH):
        words = f"{html.text(deletion.label)}{html.note(f'{count}, deleted {when}')}"
        st.html(f"<div>{words}</div>", width="stretch")
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            if st.button("Undo", key=f"undo_{deletion.id}", help=f"Put back: {formats.unmarked(deletion.label)}"):
                _undo(who.user_id, deletion.id)
            with st.popover("For good…"):
                st.html(
                    html.note(
                        "Playprint forgets these listens entirely and nobody can bring them back here. But it does "
                        "not know them any more either: an import that still holds them would store them again."
                    )
                )
                if st.button("Remove for good", key=f"purge_{deletion.id}", type="primary"):
                    _purge(who.user_id, deletion.id)


def _purge(user_id: int, deletion_id: int) -> None:
    st.session_state.pop(DONE, None)
    app().deleting.purge(user_id, deletion_id=deletion_id)
    st.toast("Removed for good.")
    st.rerun()
