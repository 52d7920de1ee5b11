"""The settings page: profile, timezone, what counts as a play."""

from dataclasses import replace

import streamlit as st

from core.domain.errors import PlayprintError
from core.domain.lens import Rule
from core.domain.listen import Kind
from core.domain.people import Session
from core.services.profiles import timezones
from ui import formats, html, panels
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


def rules(person: Session) -> None:
    """Say where what is left out and what was deleted is seen."""
    count = len(app().profiles.lens(person.user_id).exclusions)
    st.html(panels.head("Rules", "What should not count"))
    words = f"{formats.plural(count, 'thing')} left out." if count else "Nothing is left out."
    st.html(html.note(words, action="Leave things out, or see what you deleted", href="/rules"))


def _saved(save: object, words: str) -> None:
    """Save and say so, or say what is wrong."""
    try:
        save()  # type: ignore[operator]
    except PlayprintError as error:
        st.html(f'<p class="pp-error" role="alert">{html.text(error.message)}</p>')
    else:
        st.toast(words)
