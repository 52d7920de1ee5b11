"""Every panel of playlists on a real person: ordinary, strange and empty lists; and what each must say about itself."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from exports import Importer
from panels_checked import METRICS, check

from benchmarks.person import add_catalogue, add_person
from core.cache import Cache
from core.domain.lens import Lens
from core.domain.period import Period
from core.domain.playlists import ListAsk
from core.domain.selection import Selection, parse_selection
from core.repositories.database import Database
from core.services.listening import Listening
from core.services.playlists import Playlists
from ui.figures.base import standalone
from ui.figures.list_panels import ALL, LIST_PANELS, ONE
from ui.figures.panel import Listing, Panel, Picture

LENS = Lens("Europe/Berlin")
NAMES = ("Ordinary", "Same again", "Unheard", "One", "Empty", "")


@dataclass(frozen=True)
class House:
    """Somebody's playlists, by name, beside their listening; somebody else has no playlists."""

    lists: Playlists
    user_id: int
    stranger: int
    keys: dict[str, str]
    selection: Selection

    def make(self, name: str, called: str = "Ordinary", selection: Selection | None = None) -> Panel:
        ask = ListAsk("" if name in ALL else self.keys[called], selection or self.selection)
        return LIST_PANELS[name](self.lists, self.user_id, LENS, ask)


def entry(row: dict[str, Any], added: str | None = None) -> dict[str, Any]:
    """Return an entry of an export."""
    track = {"trackName": row["name"], "artistName": row["artist"], "albumName": "", "trackUri": row["uri"]}
    return {"track": track, "addedDate": added}


def sent(heard: list[dict[str, Any]]) -> dict[str, Any]:
    """Return an export of playlists over what somebody heard."""
    unheard = [
        entry({"name": f"Never {n}", "artist": f'<b>"No" & {n}', "uri": f"spotify:track:{n:022}"}) for n in (1, 2)
    ]
    odd = [
        {"localTrack": {"uri": "spotify:local:My+Band:Tapes:Lake+Song:221"}, "addedDate": None},
        {"episode": {"episodeName": "Talk", "showName": "Show", "episodeUri": "spotify:episode:" + "1" * 22}},
    ]
    ordinary = [entry(row, f"20{20 + n % 4}-0{1 + n % 9}-11") for n, row in enumerate(heard[:60])]
    lists = {
        "Ordinary": [*ordinary, *unheard, *odd, entry(heard[0], "2023-05-05")],
        "Same again": ordinary[:20],
        "Unheard": unheard,
        "One": [entry(heard[0], "2023-01-01")],
        "Empty": [],
        "": odd,
    }
    return {
        "playlists": [{"name": name, "lastModifiedDate": "2024-01-01", "items": items} for name, items in lists.items()]
    }


@pytest.fixture(scope="module")
def house(
    another_db: Callable[[], AbstractContextManager[Database]], redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    with another_db() as db:
        add_catalogue(db)
        user_id = add_person(db, listens=12_000, name="lists")
        stranger = add_person(db, listens=300, name="without lists")
        listening = Listening(db, Cache(redis_url, namespace="list-panels"), memory_bytes=10**8)
        first, last = listening.span(user_id, lens=LENS) or (date.min, date.min)
        library = listening.library(user_id)
        top = listening.top(user_id, by="track", lens=LENS, limit=80)["id"].to_list()
        uris = dict(library.tracks.select("id", "uri").iter_rows())
        names = {row["id"]: row for row in listening.top(user_id, by="track", lens=LENS, limit=80).to_dicts()}
        heard = [{**names[id], "uri": uris[id]} for id in top]
        importer = Importer(db, tmp_path_factory.mktemp("lists"))
        old = sent(heard[5:])
        for number, export in enumerate((old, sent(heard)), start=1):
            for each in export["playlists"]:
                each["lastModifiedDate"] = f"2024-0{number}-01"
            assert (
                importer.run(user_id, importer.write(f"Playlist{number}.json", json.loads(json.dumps(export)))).status
                == "done"
            )
        lists = Playlists(db, listening, counts_api=False)
        selection = parse_selection({"range": "all"}, first=first, last=last, today=last)
        keys = {head.name: head.key for head in lists.heads(user_id)}
        yield House(lists, user_id, stranger, keys, selection)


def held(made: Panel) -> None:
    """Hold a panel to what every panel says about itself, and say it in good English."""
    check(made)
    assert made.about.strip()
    assert made.explained.strip(), "one sentence that explains it"
    assert made.definition in METRICS, f"{made.definition} is no metric of the definitions"
    assert "entrys" not in f"{made.title} {made.about} {made.n}"
    if isinstance(made, Listing):
        assert len([one for one in made.columns if one.phone and one.kind != "rank"]) <= 4, "too wide for a phone"


def days(selection: Selection, start: date, end: date) -> Selection:
    return replace(selection, range=f"{start}..{end - timedelta(days=1)}", period=Period(start, end))


@pytest.mark.parametrize("name", sorted(LIST_PANELS))
def test_a_panel_of_an_ordinary_list(house: House, name: str) -> None:
    made = house.make(name)
    held(made)
    if isinstance(made, Picture):
        assert not made.empty or name == "list-years", made.empty
    elif isinstance(made, Listing):
        assert not made.frame.is_empty() or name == "list-skipped"


@pytest.mark.parametrize("called", NAMES[1:])
@pytest.mark.parametrize("name", sorted(ONE))
def test_a_panel_of_a_strange_list(house: House, name: str, called: str) -> None:
    made = house.make(name, called)
    held(made)
    if called == "Empty" and isinstance(made, Picture):
        assert made.empty.endswith("."), "nothing to draw is said in words"


@pytest.mark.parametrize("called", ["Ordinary", "Unheard", "Empty"])
@pytest.mark.parametrize("name", sorted(LIST_PANELS))
def test_a_panel_of_no_plays_and_of_one_day(house: House, name: str, called: str) -> None:
    held(house.make(name, called, days(house.selection, date(1999, 1, 1), date(2000, 1, 1))))
    first = house.selection.period.start
    assert first
    held(house.make(name, called, days(house.selection, first, first + timedelta(days=1))))
    hour = replace(house.selection, metric="hours", filters=replace(house.selection.filters, hours=(3,)))
    held(house.make(name, called, hour))


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_panel_without_any_playlist(house: House, name: str) -> None:
    held(LIST_PANELS[name](house.lists, house.stranger, LENS, ListAsk("", house.selection)))


@pytest.mark.parametrize("name", sorted(LIST_PANELS))
def test_a_picture_of_playlists_draws_itself_alone(house: House, name: str) -> None:
    import vl_convert

    for called in ("Ordinary", "Empty"):
        made = house.make(name, called)
        if isinstance(made, Picture):
            spec = standalone(made.spec, made.rows, title=made.title, subtitle=made.about)
            assert vl_convert.vegalite_to_svg(spec).startswith("<svg")
