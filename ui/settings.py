"""The settings page: profile, timezone, what counts as a play, what is left out."""

from dataclasses import replace

import streamlit as st

from core.domain.errors import NotFound, PlayprintError
from core.domain.lens import Exclusion, Lens, Rule
from core.domain.listen import Kind, Platform
from core.domain.people import Session
from core.services.profiles import timezones
from ui import html, panels
from ui.context import app

RULES: dict[Rule, str] = {
    "seconds": "Lasted at least so many seconds",
    "half": "Lasted at least half of the track",
    "start": "Every start",
}
KINDS = {
    Kind.MUSIC: "Music",
    Kind.VIDEO: "Music videos",
    Kind.PODCAST: "Podcasts",
    Kind.AUDIOBOOK: "Audiobooks",
}


def profile(person: Session) -> None:
    """Draw the name."""
    st.html(panels.head("Profile"))
    with st.form("profile", border=False):
        name = st.text_input("Name", value=person.name, max_chars=40, width=320)
        if st.form_submit_button("Save name"):
            _saved(lambda: app().profiles.rename(person.user_id, name=name), "Saved; it shows from the next page on.")


def lens(person: Session) -> None:
    """Draw what counts and in which timezone; every figure follows at once."""
    now = app().profiles.lens(person.user_id)
    st.html(panels.head("What counts", "Nothing is deleted: the rules apply when figures are computed"))
    with st.form("lens", border=False):
        zones = timezones()
        zone = st.selectbox(
            "Timezone",
            zones,
            index=zones.index(now.timezone) if now.timezone in zones else 0,
            help="Days, weeks and hours are counted here, summer time included.",
            width=320,
        )
        rule = st.radio(
            "A listen counts as a play when it",
            list(RULES),
            index=list(RULES).index(now.rule),
            format_func=RULES.__getitem__,
        )
        seconds = st.number_input("Seconds", 0, 600, value=now.minimum_ms // 1000, step=5, width=160)
        kinds = st.multiselect(
            "Kinds", list(KINDS), default=[k for k in KINDS if k in now.kinds], format_func=KINDS.__getitem__, width=480
        )
        merged = st.toggle("The same recording on single, album and deluxe counts as one track", now.merge_recordings)
        featured = st.toggle("Credit featured artists: a play counts for everybody named on the track", now.featured)
        private = st.toggle("Count private sessions", now.incognito)
        if st.form_submit_button("Save rules", type="primary"):
            changed = replace(
                now,
                timezone=zone,
                rule=rule,
                minimum_ms=int(seconds) * 1000,
                kinds=tuple(kinds),
                merge_recordings=merged,
                featured=featured,
                incognito=private,
            )
            _saved(lambda: app().profiles.save_lens(person.user_id, lens=changed), "Saved; every figure follows.")


def exclusions(person: Session) -> None:
    """Draw what is left out of the statistics, with a way back for each, and ways to leave more out."""
    now = app().profiles.lens(person.user_id)
    st.html(panels.head("Left out", "Stored, but not counted: the children's music, the alarm clock"))
    for exclusion in now.exclusions:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.html(f"<span>{html.text(_words(person, now, exclusion))}</span>", width="content")
            key = f"include_{exclusion.kind}_{exclusion.value}"
            if st.button("Count again", key=key):
                app().profiles.include(person.user_id, exclusion=exclusion)
                st.rerun()
    if not now.exclusions:
        st.html(html.note("Nothing is left out. Artists, albums and tracks are left out from their own pages."))
    with st.form("leave_out", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        hour = st.selectbox("Leave out an hour of the day", [None, *range(24)], format_func=_hour, width=230)
        device = st.selectbox("Leave out a device", [None, *Platform], format_func=_device, width=230)
        if st.form_submit_button("Leave out"):
            _leave_out(person, hour, device)


def _hour(hour: int | None) -> str:
    return "–" if hour is None else f"{hour}:00 to {hour}:59"


def _device(device: Platform | None) -> str:
    return "–" if device is None else device.name.title()


def _leave_out(person: Session, hour: int | None, device: Platform | None) -> None:
    if hour is not None:
        app().profiles.exclude(person.user_id, exclusion=Exclusion("hour", hour))
    if device is not None:
        app().profiles.exclude(person.user_id, exclusion=Exclusion("platform", int(device)))
    st.rerun()


def _words(person: Session, lens: Lens, exclusion: Exclusion) -> str:
    """Return an exclusion in words; its name is looked up through a lens without exclusions, where it is visible."""
    if exclusion.kind == "hour":
        return f"Hour: {_hour(exclusion.value)}"
    if exclusion.kind == "platform":
        return f"Device: {_device(Platform(exclusion.value))}"
    try:
        item = app().listening.item(
            person.user_id, kind=exclusion.kind, id=exclusion.value, lens=replace(lens, exclusions=())
        )
    except NotFound:
        return f"{exclusion.kind.title()}: no longer in your history"
    return f"{exclusion.kind.title()}: {item.name}" + (f" – {item.artist}" if exclusion.kind != "artist" else "")


def _saved(save: object, words: str) -> None:
    """Save and say so, or say what is wrong."""
    try:
        save()  # type: ignore[operator]
    except PlayprintError as error:
        st.html(f'<p class="pp-error" role="alert">{html.text(error.message)}</p>')
    else:
        st.toast(words)
