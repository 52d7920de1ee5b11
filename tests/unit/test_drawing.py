"""Files of panels: a picture of any name, rows that a program can read."""

import json
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ui.figures.panel import Picture
from web.drawing import csv_bytes, drawn, json_bytes

SPEC = {
    "mark": "bar",
    "encoding": {"x": {"field": "plays", "type": "quantitative"}, "y": {"field": "name", "type": "nominal"}},
}


def picture(name: str) -> Picture:
    frame = pl.DataFrame({"name": [name, "Another"], "plays": [3, 2]})
    return Picture(f"{name} leads", "Plays", frame, frame, frame.to_arrow(), SPEC, "A picture", credit=name)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
@example("Ring\x07 my \x00bell\x1b")
@example("0\x80\x80" + "\U00010000" * 40)
@example("\ufffe\uffff<&>")
def test_any_name_can_be_drawn(name: str) -> None:
    """The renderer ends the process over some characters: without care this test does not fail, it never returns."""
    svg = drawn(picture(name), "svg", source="Playprint")
    assert ET.fromstring(svg).tag.endswith("svg")


def test_a_picture_says_whose_it_is() -> None:
    words = "".join(ET.fromstring(drawn(picture("A"), "svg", source="from here, today")).itertext())
    assert "A leads" in words
    assert "Plays" in words
    assert "from here, today" in words
    assert drawn(picture("A\x07"), "png", source="")[:4] == b"\x89PNG"


def test_lists_keep_their_holes_and_formulas_are_texts() -> None:
    frame = pl.DataFrame(
        {"name": ["=1+1"], "ranks": [[3, None, 1]], "values": [None]}, schema_overrides={"values": pl.List(pl.Int64)}
    )
    assert csv_bytes(frame).decode() == "name,ranks,values\n'=1+1,3; ; 1,\n"


def test_programs_get_names_numbers_and_days_as_they_are() -> None:
    frame = pl.DataFrame({"name": ["=1+1"], "share": [float("nan")], "first": [date(2026, 1, 5)], "ranks": [[3, None]]})
    told = json.loads(json_bytes({"as_of": datetime(2026, 1, 5, tzinfo=UTC)}, frame))
    assert told == {
        "as_of": "2026-01-05T00:00:00+00:00",
        "rows": [{"name": "=1+1", "share": None, "first": "2026-01-05", "ranks": [3, None]}],
    }
