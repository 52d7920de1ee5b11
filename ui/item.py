"""The page of one artist, album or track: what it is to me, along time, by hour, with what belongs to it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from core.analytics.items import ItemFacts
from core.analytics.library import By
from core.domain.errors import NotFound
from ui import formats, html, links, lists
from ui.arranging import part_of
from ui.chips import chips
from ui.context import app
from ui.controls import draw_head, open_scene
from ui.genre_forms import genre_form, genre_line
from ui.identities import credits, merge_form  # noqa: A004 - who else is on it
from ui.item_parts import draw, leave_out, parts
from ui.scene import Scene
from ui.states import nothing_here


def show(kind: By) -> None:
    """Draw the page of the thing whose database id is in the address."""
    scene = open_scene(lists.NAMES[kind])
    asked = st.query_params.get("id", "")
    try:
        if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
            raise NotFound("This address names nothing; choose something from Charts.")
        id = app().identities.now(scene.viewer.user_id, kind=kind, id=int(asked))
        facts = app().listening.item(scene.viewer.user_id, kind=kind, id=id, **scene.asked())
    except NotFound as error:
        st.title(lists.NAMES[kind], anchor=False)
        nothing_here(error.message, action="To Charts", href=scene.href("charts"))
        return
    if id != int(asked):  # what was merged into another leads on
        st.query_params["id"] = str(id)
    _crumb(scene, facts)
    draw_head(scene, facts.name or "Unknown")
    chips(scene, kind)
    _figures(scene, facts)
    part = part_of(parts(scene))
    if kind == "track":
        credits(scene, facts)
    if kind == "artist" and part == "story":
        genre_line(scene, facts.id)
    draw(scene, facts, part)
    if kind == "artist" and part == "story":
        credits(scene, facts)
    if part == "right":
        if kind == "artist":
            genre_form(scene, facts.id)
        merge_form(scene, facts)
        leave_out(scene, facts)


def _crumb(scene: Scene, facts: ItemFacts) -> None:
    """Draw where this belongs: chart, artist, album."""
    plural = lists.PLURAL[facts.kind]
    steps = [html.link(scene.href("charts", of=facts.kind), plural)]
    if facts.kind != "artist" and facts.artist_id:
        steps.append(html.link(scene.href("artist", id=facts.artist_id), facts.artist))
    if facts.kind == "track" and facts.album_id:
        steps.append(html.link(scene.href("album", id=facts.album_id), facts.album))
    charted = app().trends.called(facts.kind, facts.name, "" if facts.kind == "artist" else facts.artist)
    beside = f" · {html.link(links.href('trend', params={'id': charted}), 'On public charts')}" if charted else ""
    st.html(f'<p class="pp-crumb">{" › ".join(steps)}{beside}</p>')


def _figures(scene: Scene, facts: ItemFacts) -> None:
    """Draw plays, time, place and share in the range, and the first and last listen ever."""
    locale, sums = scene.viewer.locale, facts.totals
    skipped = "–" if sums.skip_share is None else formats.share(sums.skip_share, locale=locale)
    time = formats.hours(sums.ms_played, locale=locale)
    rank = f"{formats.number(facts.rank, locale=locale)}." if facts.rank else "–"
    st.html(
        html.facts(
            [
                html.Fact("Plays", formats.number(sums.plays, locale=locale), time),
                html.Fact("Place", rank, f"of all {lists.PLURAL[facts.kind].lower()}"),
                html.Fact("Share", formats.share(facts.share, locale=locale), "of plays in the range"),
                html.Fact("Skipped", skipped, f"of {formats.plural(sums.starts, 'listen', locale=locale)}"),
                _moment("First listen", facts.first, scene),
                _moment("Last listen", facts.last, scene),
            ]
        )
    )


def _moment(label: str, moment: datetime | None, scene: Scene) -> html.Fact:
    if moment is None:
        return html.Fact(label, "–")
    local = moment.astimezone(ZoneInfo(scene.viewer.lens.timezone))
    return html.Fact(label, f"{local:%b %Y}", formats.moment(local))
