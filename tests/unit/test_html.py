from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from ui import html

NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[x](javascript:alert(1))",
    "$\\alpha$ & co",
    "a\u202eb",
]


class Tags(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data


@given(st.text())
def test_foreign_text_stays_text_in_every_piece(foreign: str) -> None:
    for markup, tags in [
        (html.link("/artist?id=1", foreign, title=foreign), ["a"]),
        (html.plain(foreign).html, []),
        (html.bar(1, 2, foreign).html, ["span", "span"]),
        (html.spark([1, 2], foreign).html, ["span"]),
        (html.note(foreign), ["p"]),
        (html.name("/a", foreign, under=foreign).html, ["div", "a", "div"] if foreign else ["div", "a"]),
        (html.facts([html.Fact(foreign, foreign, foreign, "up", foreign)]), None),
    ]:
        parsed = Tags(markup)
        assert tags is None or parsed.tags == tags
        assert not [name for name, _ in parsed.attributes if name.startswith("on")]


def test_nasty_names_cannot_make_an_element_or_turn_the_line_around() -> None:
    for nasty in NASTY:
        parsed = Tags(html.Table("t", [html.Column("n", "name")], [[html.name("/a", nasty)]]).html())
        assert {"script", "img"}.isdisjoint(parsed.tags)
        assert "\u202e" not in parsed.words


def test_a_table_names_its_headers_and_marks_the_sorted_one() -> None:
    table = html.Table(
        "Artists", [html.Column("#", "rank"), html.Column("Plays", "number", "?sort=plays", sorted=True)]
    )
    markup = table.html()
    assert "<caption>Artists</caption>" in markup
    assert 'aria-sort="descending"' in markup
    assert 'href="?sort=plays"' in markup


def test_a_rank_change_is_said_in_words_and_not_by_colour_alone() -> None:
    assert "▲3" in html.rank_change(3).html
    assert 'title="down 2"' in html.rank_change(-2).html
    assert "new" in html.rank_change(None).html
    assert "–" in html.rank_change(0).html
