"""The panels of the overview: figures with their change, brushing, the latest listens."""

from datetime import date

import streamlit as st

from core.analytics.counting import Totals
from core.analytics.library import By
from ui import formats, html, lists, panels
from ui.context import app
from ui.scene import Scene
from ui.states import panel


def figures(scene: Scene) -> None:
    """Draw this range in six figures with the change against the range before."""
    with panel("figures"):
        today = panels.today(scene)
        st.html(scene.kept("figures", lambda: html.facts(_figures(scene, today)), today))


def _figures(scene: Scene, today: date) -> list[html.Fact]:
    who, locale, asked = scene.viewer, scene.viewer.locale, scene.asked()
    sums = app().listening.totals(who.user_id, versus=scene.selection.versus, **asked)
    now, before = sums.now, sums.before
    new = app().listening.discoveries(who.user_id, by="artist", **asked).height
    new_before = _new_before(scene) if before else None
    streak = app().listening.streaks(who.user_id, today=today, **asked)

    scale = _scale(scene)

    def then(name: str) -> float | None:
        return getattr(before, name) * scale if before else None

    if scale != 1:  # how many are different does not grow with the days
        new_before = None
    return [
        _fact("Hours", formats.hours(now.ms_played, locale=locale), now.ms_played, then("ms_played")),
        _fact("Plays", formats.number(now.plays, locale=locale), now.plays, then("plays")),
        _fact(
            "Artists", formats.number(now.artists, locale=locale), now.artists, then("artists") if scale == 1 else None
        ),
        _fact("New artists", formats.number(new, locale=locale), new, new_before),
        html.Fact(
            "Longest streak",
            formats.plural(streak.longest.days if streak.longest else 0, "day", locale=locale),
            _current(streak.current.days if streak.current else 0),
            hint="Days in a row with at least one play",
        ),
        _skips(now, before, locale),
    ]


def _scale(scene: Scene) -> float:
    """Return what sums of a chosen range are multiplied by, so that they compare with as many days as are shown."""
    chosen, days = scene.selection.versus, scene.selection.shown.days
    if chosen is None or not chosen.days or not days or abs(days - chosen.days) <= 1:  # a leap day makes no difference
        return 1.0
    return days / chosen.days


def _new_before(scene: Scene) -> int | None:
    """Return how many artists were new in the range before."""
    earlier = scene.selection.versus or scene.selection.shown.before()
    if earlier is None:
        return None
    asked = {**scene.asked(), "period": earlier}
    return app().listening.discoveries(scene.viewer.user_id, by="artist", **asked).height


def _fact(label: str, value: str, now: float, before: float | None) -> html.Fact:
    changed = formats.change(now, before)
    direction: html.Change = (
        "up" if changed.startswith("+") else "down" if changed.startswith(formats.MINUS) else "same"
    )
    return html.Fact(label, value, changed, direction if changed else "")


def _current(days: int) -> str:
    return f"{days} running now" if days else ""


def _skips(now: Totals, before: Totals | None, locale: str) -> html.Fact:
    """Return the skip share; its change is in points, and only a source that tells about skips has one."""
    hint = "Listens skipped, of those whose source says so"
    if now.skip_share is None:
        return html.Fact("Skipped", "–", "the source does not say", hint=hint)
    value = formats.share(now.skip_share, locale=locale)
    if before is None or before.skip_share is None:
        return html.Fact("Skipped", value, hint=hint)
    points = round((now.skip_share - before.skip_share) * 100)
    sign, direction = ("+", "up") if points > 0 else (formats.MINUS, "down") if points < 0 else ("±", "same")
    return html.Fact("Skipped", value, f"{sign}{abs(points)} pt", direction, hint)  # type: ignore[arg-type]


def top_five(scene: Scene, kind: By) -> None:
    """Draw the first five of a ranked list with a link to all of them."""
    with panel(f"top-{kind}"):
        st.html(scene.kept(f"top-{kind}", lambda: _top_five(scene, kind)))


def _top_five(scene: Scene, kind: By) -> str:
    frame = app().listening.top(
        scene.viewer.user_id, by=kind, metric=scene.order, limit=5, versus=scene.selection.versus, **scene.asked()
    )
    head = panels.head(lists.PLURAL[kind], "", html.link(scene.href("charts", of=kind), "All"))
    return head + (
        html.note("No plays in this range.") if frame.is_empty() else lists.short_ranking(scene, kind, frame)
    )


def discoveries(scene: Scene) -> None:
    """Draw the artists heard for the first time that were played most."""
    with panel("discoveries"):
        st.html(scene.kept("discoveries", lambda: _discoveries(scene)))


def _discoveries(scene: Scene) -> str:
    frame = app().listening.discoveries(scene.viewer.user_id, by="artist", **scene.asked())
    head = panels.head("Discoveries", f"{formats.plural(frame.height, 'artist')} heard for the first time")
    if frame.is_empty():
        return head + html.note("Nobody new in this range.")
    return head + lists.short_ranking(scene, "artist", frame.head(8), ranked=False, caption="Discoveries")


def latest(scene: Scene) -> None:
    """Draw the newest listens of the range."""
    with panel("latest"):
        st.html(scene.kept("latest", lambda: _latest(scene)))


def _latest(scene: Scene) -> str:
    page = app().listening.page(scene.viewer.user_id, limit=8, **scene.asked())
    head = panels.head("Latest listens", "", html.link(scene.href("history"), "All"))
    return head + lists.listens(scene, page.rows)
