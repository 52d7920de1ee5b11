"""What is left out of the statistics: the list with what each rule hides, and a form that shows it beforehand."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from core.analytics.items import Found
from core.analytics.library import By
from core.domain.errors import NotFound
from core.domain.lens import Exclusion, ExclusionKind, Lens
from core.domain.listen import Platform, country_code, country_letters
from core.services.left_out import Effect, effect, hidden
from ui import formats, html, panels
from ui.context import Viewer, app
from ui.countries import country_name
from ui.scene import Scene
from ui.states import panel

KINDS: dict[ExclusionKind, str] = {
    "artist": "Artist",
    "album": "Album",
    "track": "Track",
    "hour": "Hour",
    "platform": "Device",
    "country": "Country",
}
THINGS: tuple[By, ...] = ("artist", "album", "track")
SEARCHED = 200  # of each kind, before the one wanted is picked out
OFFERED = 20
WIDTH = 720


def left_out_part(scene: Scene) -> None:
    """Draw what is left out, with a way back for each, and the form to leave more out."""
    with panel("left-out"):
        _list(scene.viewer)
    with panel("leave-out"):
        _form(scene.viewer)


def _list(who: Viewer) -> None:
    about = "Stored, but not counted: the children's music, the alarm clock"
    st.html(panels.head("Left out of your statistics", about))
    if not who.lens.exclusions:
        st.html(html.note("Nothing is left out. Choose something below, or open its own page."))
    for exclusion in who.lens.exclusions:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", width=WIDTH):
            name = html.text(words(who, exclusion))
            quiet = html.text(hides(*_hidden(who, exclusion), who.locale))
            st.html(f'<div>{name}<p class="pp-note">{quiet}</p></div>', width="stretch")
            key = f"include_{exclusion.kind}_{exclusion.value}"
            if st.button("Count again", key=key, help=f"Count again: {formats.unmarked(words(who, exclusion))}"):
                app().profiles.include(who.user_id, exclusion=exclusion)
                st.rerun()


def _effect(who: Viewer, exclusion: Exclusion) -> Effect:
    """Return what a rule hides, kept while data and lens stay as they are."""
    listening = app().listening
    asked = ("effect", who.lens, exclusion)
    return listening.kept(
        who.user_id, asked, lambda: effect(listening, who.user_id, lens=who.lens, exclusion=exclusion)
    )


def _hidden(who: Viewer, exclusion: Exclusion) -> tuple[int, int]:
    """Return the plays and milliseconds a stored rule hides, kept while data and lens stay as they are."""
    listening = app().listening
    asked = ("hidden", who.lens, exclusion)
    return listening.kept(
        who.user_id, asked, lambda: hidden(listening, who.user_id, lens=who.lens, exclusion=exclusion)
    )


def hides(plays: int, ms: int, locale: str) -> str:
    """Return how much a rule hides: ``hides 1,204 plays, 61 h``."""
    if not plays and not ms:
        return "hides nothing at the moment"
    return f"hides {formats.plural(plays, 'play', locale=locale)}, {time(ms, locale)}"


def time(ms: int, locale: str) -> str:
    """Return a listening time: hours, with minutes where they are few."""
    return formats.hours(ms, locale=locale) if ms >= 36_000_000 else formats.duration(ms)


def words(who: Viewer, exclusion: Exclusion) -> str:
    """Return an exclusion in words; its name is looked up through a lens without exclusions, where it is visible."""
    kind, value = KINDS[exclusion.kind], exclusion.value
    if exclusion.kind == "hour":
        return f"{kind}: {value}:00 to {value}:59"
    if exclusion.kind == "platform":
        return f"{kind}: {Platform(value).name.title()}"
    if exclusion.kind == "country":
        return f"{kind}: {country_name(country_letters(value) or '')}"
    try:
        item = app().listening.item(who.user_id, kind=exclusion.kind, id=value, lens=bare(who.lens))
    except NotFound:
        return f"{kind}: no longer in your history"
    return f"{kind}: {item.name}" + (f" – {item.artist}" if exclusion.kind != "artist" and item.artist else "")


def bare(lens: Lens) -> Lens:
    """Return a lens that leaves nothing out."""
    return replace(lens, exclusions=())


def _form(who: Viewer) -> None:
    """Draw the choice of something to leave out; what it would hide is shown before anything is stored."""
    st.html(panels.head("Leave something out", "It stays stored; nothing changes until you say so"))
    kind = st.segmented_control(
        "What kind of thing",
        list(KINDS),
        format_func=KINDS.__getitem__,
        default="artist",
        required=True,
        key="out_kind",
    )
    value = _thing(who, kind) if kind in THINGS else _value(who, kind)
    if value is None:
        return
    exclusion = Exclusion(kind, value)
    if exclusion in who.lens.exclusions:
        st.html(html.note("This is left out already; the list above can count it again."))
        return
    st.html(_preview(_effect(who, exclusion), who.locale))
    if st.button("Leave it out", key="out_save", type="primary"):
        app().profiles.exclude(who.user_id, exclusion=exclusion)
        st.toast("Left out; every figure follows.")
        st.rerun()


def _thing(who: Viewer, kind: str) -> int | None:
    """Draw the search for an artist, album or track of one's own history; return the id of the one chosen."""
    text = st.text_input(f"Part of the name of the {kind}", key=f"out_find_{kind}", width=420)
    if not text.strip():
        return None
    lens = replace(bare(who.lens), featured=False)  # what an artist is a guest on is not theirs to hide
    found = app().listening.search(who.user_id, text, lens=lens, limit=3 * SEARCHED)
    known = {thing.id: _label(thing) for thing in found if thing.kind == kind}
    if not known:
        st.html(html.note(f"No {kind} in your history has this in its name."))
        return None
    return _choice("Which one", dict(list(known.items())[:OFFERED]), f"out_{kind}")


def _label(thing: Found) -> str:
    """Return a found thing in words, with its plays: names alone can be equal."""
    by = f" – {thing.artist}" if thing.kind != "artist" and thing.artist else ""
    return f"{thing.name or 'Unknown'}{by} ({formats.plural(thing.plays, 'play')})"


def _value(who: Viewer, kind: ExclusionKind) -> int | None:
    """Draw the choice of an hour, a device family or a country of one's history."""
    choices = app().listening.choices(who.user_id, lens=bare(who.lens))
    options: dict[str, dict[int, str]] = {
        "hour": {hour: f"{hour}:00 to {hour}:59" for hour in range(24)},
        "platform": {int(family): family.name.title() for family in choices.platforms},
        "country": {country_code(letters): country_name(letters) for letters in choices.countries},
    }
    if not options[kind]:
        st.html(html.note("Your history does not say; only the extended history does."))
        return None
    return _choice(KINDS[kind], options[kind], f"out_{kind}")


def _choice(label: str, options: Mapping[int, str], key: str) -> int | None:
    return st.selectbox(
        label, list(options), index=None, format_func=lambda id: options.get(id, ""), key=key, width=420,
        placeholder="Choose",
    )  # fmt: skip


def _preview(found: Effect, locale: str) -> str:
    """Return what a rule would change, in sentences."""
    sentences = [f"{hides(found.plays, found.ms_played, locale).capitalize()}."]
    before, after = found.before.top, found.after.top
    if after[:1] != before[:1]:
        sentences.append(f"Your top artist becomes {after[0]}." if after else "No artist is left.")
    if after and after != before:
        sentences.append(f"Your top five are then {', '.join(after)}.")
    gone = found.before.artists - found.after.artists
    if gone == 1:
        sentences.append("One artist would not appear any more.")
    elif gone > 1:
        sentences.append(f"{formats.plural(gone, 'artist', locale=locale)} would not appear any more.")
    return f'<p class="pp-say" role="status">{html.text(" ".join(sentences))}</p>'
