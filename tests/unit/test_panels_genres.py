"""Each panel of genres, decades and places: its words, its rows, its drawing."""

import re
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
import vl_convert
from heard import Heard, library, listen
from lone import Lone

from core.analytics.knowledge import OWN, Genres, Knowledge
from core.analytics.library import Library
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.listen import country_code
from core.domain.period import Period
from core.domain.selection import Selection
from ui.figures.base import standalone
from ui.figures.panel import Listing, Panel, Picture
from ui.figures.panels_genres import CREDIT, PANELS

LENS = Lens("Europe/Berlin")
NAMES = {"genres", "genre-stream", "genre-list", "genre-breadth", "decades", "artist-places"}
EVER = Selection("all", Period(date(2023, 1, 1), date(2024, 1, 1)), today=date(2024, 1, 1))


def year() -> list[Heard]:
    """Return a year: Björk in the first half, ABBA (twice as often) in the second, and somebody unknown throughout."""
    heard = []
    for n in range(365):
        day = date(2023, 1, 1) + timedelta(days=n)
        heard += [listen(f"{day}T18:{10 * i:02}", 1 if n < 180 else 3) for i in range(1 if n < 180 else 2)]
        heard.append(listen(f"{day}T20:00", 4))
    return heard


def knowing(made: Library) -> Lone:
    """Return the service over a library that knows Björk (11) and ABBA (12), but not the other ABBA (13)."""
    codes = [made.code("artist", id) for id in (11, 12)]
    entries = [(c, g, w) for c, mine in zip(codes, ([(0, 0.75), (2, 0.25)], [(1, 1.0)]), strict=True)
               for g, w in mine if c >= 0]  # fmt: skip
    artist, genre, weight = (np.array([e[n] for e in entries], dtype) for n, dtype in enumerate((int, int, float)))
    tree = Genres(("art pop", "disco", "house"), ("Electronic", "Funk & disco", "Pop"), np.array([2, 1, 0]),
                  artist, genre, weight, np.full(len(made.artists), OWN))  # fmt: skip
    lands = np.array([country_code({11: "IS", 12: "SE"}.get(i, "")) for i in made.artists["id"]], dtype=np.int16)
    years = np.array([{21: 1993, 22: 1992}.get(i, 0) for i in made.albums["id"]], dtype=np.int16)
    return Lone(made.knowing(Knowledge("known", tree, years, lands)))


ORDINARY = knowing(library(year()))
ONE, NONE = knowing(library([listen("2023-05-01T20:00")])), Lone(library([]))
UNKNOWN = Lone(library(year()))


def made(name: str, listening: Lone = ORDINARY, selection: Selection = EVER) -> Panel:
    return PANELS[name](listening, 1, LENS, selection)


def encoded(spec: dict) -> set[str]:
    """Return the fields a specification reads from its rows."""
    parts = [spec, *spec.get("layer", [])]
    channels = [channel for part in parts for value in part.get("encoding", {}).values()
                for channel in (value if isinstance(value, list) else [value])]  # fmt: skip
    return {channel["field"] for channel in channels if "field" in channel}


def test_every_panel_has_its_name() -> None:
    assert set(PANELS) == NAMES


@pytest.mark.parametrize("name", PANELS)
@pytest.mark.parametrize("listening", [ORDINARY, ONE, NONE, UNKNOWN], ids=["ordinary", "one", "none", "unknown"])
@pytest.mark.parametrize("metric", ["plays", "hours"])
def test_a_panel_says_what_it_shows_and_can_be_drawn(name: str, listening: Lone, metric: str) -> None:
    panel = made(name, listening, replace(EVER, metric=metric))
    assert panel.title
    assert panel.about
    assert re.fullmatch(r"genres\.[a-z_]+", panel.definition)
    words = f" {panel.title} {panel.about} {panel.n} {panel.explained} "
    assert not re.search(r"None|nan| 1 (plays|genres|artists|countries|years)\b", words), words
    assert panel.credit
    if isinstance(panel, Picture):
        assert panel.alternative
        assert encoded(panel.spec) <= set(panel.rows.column_names)
        chart = standalone(panel.spec, panel.rows, title=panel.title, subtitle=panel.about)
        assert vl_convert.vegalite_to_svg(chart).startswith("<svg")
    elif isinstance(panel, Listing):
        fields = {c.field for c in panel.columns} | {c.id for c in panel.columns if c.kind == "name"}
        assert fields <= set(panel.frame.columns)
        assert panel.empty
    else:
        assert panel.frame.height == 1


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("genres", "Most is Funk & disco, 40 %"),
        ("genre-stream", "More Funk & disco: 0 % at first, 67 % lately"),
        ("genre-list", "3 genres, first of all disco"),
        ("genre-breadth", "As varied as 2.3 genres played alike"),
        ("decades", "Most from the 1990s; half of it was 31 years old or older"),
        ("artist-places", "Artists from 2 countries, 40 % from Sweden"),
    ],
)
def test_titles_state_what_is_seen(name: str, title: str) -> None:
    assert made(name).title.replace("\u202f", " ") == title


@pytest.mark.parametrize("name", ["genres", "genre-stream", "genre-list"])
def test_what_is_unknown_is_shown_with_its_share_and_the_tags_are_credited(name: str) -> None:
    panel = made(name)
    assert "Unknown" in panel.frame["name"].to_list()
    assert panel.credit == CREDIT


def test_a_click_filters_by_a_family_and_the_picture_stays_whole() -> None:
    chosen = replace(EVER, filters=Filters(genres=("Pop",)))
    for name in ("genres", "genre-stream"):
        assert made(name, selection=chosen).rows.equals(made(name).rows)
        picks = set(made(name).rows["pick_genre"].to_pylist())
        assert picks == {"Funk & disco", "Pop", "Electronic", "Unknown"}
    assert made("genre-list", selection=chosen).frame["name"].to_list() == ["art pop", "house"]


def test_filters_that_leave_nothing_leave_words() -> None:
    nothing = replace(EVER, filters=Filters(search="nothing is called so"))
    assert {made(name, selection=nothing).title for name in NAMES} == {"No plays in this range"}
