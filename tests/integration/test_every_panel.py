"""Every panel on a real person: an ordinary range, nothing, a single listen; and what each must say about itself."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from panels_checked import METRICS, check

from benchmarks.person import add_catalogue, add_person
from core.cache import Cache
from core.domain.lens import Lens
from core.domain.period import Period
from core.domain.selection import Selection, parse_selection, with_item
from core.repositories.database import Database
from core.services.listening import Listening
from ui.figures.base import standalone
from ui.figures.panel import Panel, Picture
from ui.figures.panels import PANELS

LENS = Lens("Europe/Berlin")


@dataclass(frozen=True)
class House:
    """Somebody's listening, and a selection of theirs."""

    listening: Listening
    user_id: int
    selection: Selection

    def make(self, name: str, selection: Selection) -> Panel:
        return PANELS[name](self.listening, self.user_id, LENS, selection)


@pytest.fixture(scope="module")
def house(another_db: Callable[[], AbstractContextManager[Database]], redis_url: str) -> Iterator[House]:
    with another_db() as db:
        add_catalogue(db)
        user_id = add_person(db, listens=12_000, name="panels")
        listening = Listening(db, Cache(redis_url, namespace="panels"), memory_bytes=10**8)
        first, last = listening.span(user_id, lens=LENS) or (date.min, date.min)
        selection = parse_selection({"range": "all"}, first=first, last=last, today=last)
        artist = int(listening.top(user_id, by="artist", lens=LENS, limit=1)["id"][0])
        yield House(listening, user_id, replace(selection, filters=with_item(selection.filters, "artist", artist)))


def whole(house: House, name: str) -> Selection:
    """Return all of the history; of one artist for panels about one thing."""
    from ui.figures import panels_items

    about_one = name in panels_items.PANELS or name == "affinity-parts"
    return house.selection if about_one else house.selection.without("artist")


def days(selection: Selection, start: date, end: date) -> Selection:
    return replace(selection, range=f"{start}..{end - timedelta(days=1)}", period=Period(start, end))


@pytest.mark.parametrize("name", sorted(PANELS))
def test_a_panel_of_a_whole_history(house: House, name: str) -> None:
    made = house.make(name, whole(house, name))
    check(made)
    assert made.explained.strip(), "one sentence that explains it"
    assert made.definition in METRICS, f"{made.definition} is no metric of the definitions"


@pytest.mark.parametrize("name", sorted(PANELS))
def test_a_panel_of_nothing_says_so(house: House, name: str) -> None:
    check(house.make(name, days(whole(house, name), date(1999, 1, 1), date(2000, 1, 1))))


@pytest.mark.parametrize("name", sorted(PANELS))
def test_a_panel_of_one_day_and_of_one_hour(house: House, name: str) -> None:
    selection = whole(house, name)
    first = house.listening.span(house.user_id, lens=LENS)
    assert first
    check(house.make(name, days(selection, first[0], first[0] + timedelta(days=1))))
    check(house.make(name, replace(selection, metric="hours", filters=replace(selection.filters, hours=(3,)))))


@pytest.mark.parametrize("name", sorted(PANELS))
def test_a_picture_draws_itself_alone(house: House, name: str) -> None:
    import vl_convert

    made = house.make(name, whole(house, name))
    if not isinstance(made, Picture):
        return
    spec = standalone(made.spec, made.rows, title=made.title, subtitle=made.about)
    assert vl_convert.vegalite_to_svg(spec).startswith("<svg")
