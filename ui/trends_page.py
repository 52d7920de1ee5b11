"""The trends page: the charts of a source in parts, a search, and what to do where there is nothing."""

import streamlit as st

from core.services.trends import Settled
from ui import formats, html
from ui.arranging import lay, part_of
from ui.context import app, locale
from ui.drawing import head
from ui.figures.trend_telling import KINDS
from ui.figures.trend_words import in_words
from ui.identity import session
from ui.trend_controls import compare_field, draw_head
from ui.trends import PARTS, ROWS, PublicGround, open_ground
from ui.trends import show as show_panel

PAGE = "trends"
MOST_FOUND = 20
MOST_CHOICES = 100  # of the chart, to choose from for comparing


def show() -> None:
    """Draw the page."""
    ground, trends = open_ground(), app().trends
    settled = trends.settle(ground.ask)
    if settled is None:
        _nothing()
        return
    ground = PublicGround(settled.ask, locale())
    draw_head(title(settled), settled, trends.available())
    words = st.query_params.get("q", "").strip()[:100]
    if words:
        found(ground, words)
    part = part_of(PARTS)
    if part == "compare":
        compare_field(ground, ground.kept("choices", lambda: _choices(ground)))
    lay(ROWS[part], lambda name: show_panel(ground, name, PAGE))


def title(settled: Settled) -> str:
    """Return what the page shows, as its heading."""
    return f"What {in_words(settled.key.region)} listens to"


def found(ground: PublicGround, words: str) -> None:
    """Draw what a search found; each can be opened or compared."""
    everything = app().trends.search(words)
    frame = everything.head(MOST_FOUND)
    if frame.is_empty():
        st.html(head(f"Nothing called “{words}” is on any chart here") + html.note("Try a part of the name."))
        return
    columns = [
        html.Column("Name", "name"),
        html.Column("What"),
        html.Column("Best place", "number"),
        html.Column("Compare", spoken=True),
    ]
    rows = []
    for row in frame.iter_rows(named=True):
        way = ground.href("trend", id=row["id"])
        ids = ",".join(map(str, (*ground.ask.ids, row["id"])[-5:]))
        beside = ground.here(PAGE, with_=ids, part="compare", of=row["kind"])
        rows.append(
            [
                html.name(way, row["name"], under=row["artist"]),
                html.plain(KINDS[row["kind"]].removesuffix("s").lower()),
                html.plain(row["peak_rank"] or "–"),
                html.Cell(html.link(beside, "Compare")),
            ]
        )
    table = html.Table(f"Found for {words}", columns, rows, low=True).html()
    close = html.link(ground.here(PAGE), "Close")
    count = formats.plural(frame.height, "hit", locale=ground.locale)
    count = f"the best {count}" if everything.height > frame.height else count
    st.html(head(f"Found for “{words}”", count, close) + table)


def _choices(ground: PublicGround) -> dict[int, str]:
    """Return what can be compared, by id: the top of the chart, and what is chosen already."""
    trends = app().trends
    labels: dict[int, str] = {}
    for id in ground.ask.ids:
        thing = trends.thing(id)
        if thing is not None:
            labels[id] = label(thing.name, thing.artist)
    chart = trends.chart(ground.ask)
    if chart is not None:
        top = chart.frame.head(MOST_CHOICES)
        for id, name, artist in top.select("id", "name", "artist").iter_rows():
            if id:
                labels.setdefault(id, label(name, artist))
    return labels


def label(name: str, artist: str) -> str:
    """Return a thing in a few words, as plain text of a choice."""
    return f"{name} – {artist}" if artist else name


def _nothing() -> None:
    """Say that there are no charts yet and what fills them."""
    st.title("Trends", anchor=False)
    person = session()
    more = (
        f"<p>{html.link('/trends-admin', 'Put in chart files or look at the sources')}.</p>"
        if person is not None and person.staff
        else "<p>Whoever runs this instance can put in chart files or switch sources on.</p>"
    )
    own = "" if person else f"<p>Meanwhile, look at {html.link('/demo', 'the demo profile')}.</p>"
    st.html(
        '<div class="pp-empty"><h2>No charts here yet</h2>'
        "<p>They come from open sources by themselves, the first ones within minutes of the first start "
        f"where this machine may ask outside.</p>{more}{own if app().settings.demo else ''}</div>"
    )
