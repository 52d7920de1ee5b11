"""Each panel about how, where and on what somebody listens, and of podcasts: its words, its rows, its drawing."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
import vl_convert
from heard import REASONS, Heard, library, listen
from lone import Lone

from core.analytics.knowledge import Knowledge
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.listen import Flag, Platform, country_code
from core.domain.period import Period
from core.domain.selection import Selection
from ui.countries import countries, country_name
from ui.figures import panels_habits
from ui.figures.base import standalone
from ui.figures.panel import Listing, Panel, Picture, Strip
from ui.figures.panels_habits import PANELS
from ui.figures.shapes import address, shapes

LENS = Lens("Europe/Berlin")
NAMES = {
    *("skips", "skips-over-time", "skip-reasons", "skipped-artists", "skipped-tracks", "modes", "devices"),
    *("devices-over-time", "modes-over-time", "repeats", "repeat-curve", "on-your-mind", "obsessions", "binges"),
    *("countries", "country-list", "artist-map", "shows", "episodes", "spoken", "spoken-timeline"),
}
TODAY = date(2024, 6, 1)
EVER = Selection("all", Period(date(2023, 1, 1), TODAY), today=TODAY)
TOLD = Flag.SHUFFLE_KNOWN | Flag.OFFLINE_KNOWN | Flag.INCOGNITO_KNOWN | Flag.SKIPPED_KNOWN


def life() -> list[Heard]:
    """Return a year and five months: three plays a day, some skipped, a week in Hong Kong, a podcast on Mondays."""
    heard = []
    for n in range((TODAY - date(2023, 1, 1)).days):
        day = date(2023, 1, 1) + timedelta(days=n)
        away = date(2023, 7, 3) <= day < date(2023, 7, 10)
        common = {
            "country": country_code("HK" if away else "DE"),
            "platform": int(Platform.SPEAKER if day.year == 2024 else Platform.MOBILE),
            "flags": int(TOLD | (Flag.SHUFFLE if n % 3 else Flag(0))),
        }
        heard += [listen(f"{day}T18:{10 * i:02}", track, **common) for i, track in enumerate([1, 3, 4])]
        if n % 4 == 0:
            heard.append(listen(f"{day}T19:00", 3, ms=5_000, reason_end=2, **common))
        if day.weekday() == 0:
            heard.append(listen(f"{day}T07:00", 6, ms=1_200_000, kind=2, **common))
    heard += [listen(f"2023-11-11T2{i // 6}:{i % 6}9", 8, reason_end=1, flags=int(TOLD)) for i in range(9)]
    return heard


COUNTRIES = np.array([0, *[country_code(letters) for letters in ("IS", "SE", "AU")]], dtype=np.int16)
ORDINARY = Lone(library(life()).knowing(Knowledge("known", countries=COUNTRIES)))
ONE, NONE = Lone(library([listen("2023-05-01T20:00")])), Lone(library([]))


def made(name: str, listening: Lone = ORDINARY, selection: Selection = EVER) -> Panel:
    return PANELS[name](listening, 1, LENS, selection)


def encoded(spec: dict) -> set[str]:
    """Return the fields a specification reads from its rows."""
    parts = [spec, *spec.get("layer", [])]
    channels = [channel for part in parts for value in part.get("encoding", {}).values()
                for channel in (value if isinstance(value, list) else [value])]  # fmt: skip
    return {channel["field"] for channel in channels if "field" in channel} - {"shape"}


def drawn(panel: Picture) -> str:
    return vl_convert.vegalite_to_svg(
        standalone(panel.spec, panel.rows, title=panel.title, subtitle=panel.about), allowed_base_urls=[]
    )


def test_every_panel_has_its_name() -> None:
    assert set(PANELS) >= NAMES


@pytest.mark.parametrize("name", PANELS)
@pytest.mark.parametrize("listening", [ORDINARY, ONE, NONE], ids=["ordinary", "one", "none"])
@pytest.mark.parametrize("metric", ["plays", "hours"])
def test_a_panel_says_what_it_shows_and_can_be_drawn(name: str, listening: Lone, metric: str) -> None:
    panel = made(name, listening, replace(EVER, metric=metric))
    assert panel.title
    assert panel.about
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", panel.definition)
    words = f"{panel.title} {panel.about} {panel.n} {panel.explained} "
    assert not re.search(r"None|nan| 1 (plays|listens|tracks|countries|episodes)\b", f" {words}"), words
    if isinstance(panel, Picture):
        assert panel.alternative
        assert encoded(panel.spec) <= set(panel.rows.column_names)
        assert drawn(panel).startswith("<svg")
    elif isinstance(panel, Listing):
        fields = {part for c in panel.columns for part in (c.field, c.under, c.under_id, c.until) if part}
        fields |= {c.id for c in panel.columns if c.kind in ("name", "filter")}
        assert fields <= set(panel.frame.columns)
        assert panel.empty
    else:
        assert panel.frame.height == 1


@pytest.mark.parametrize("name", sorted(NAMES))
def test_filters_that_leave_nothing_leave_words(name: str) -> None:
    panel = made(name, selection=replace(EVER, filters=Filters(search="nothing is called so")))
    assert panel.title
    if isinstance(panel, Listing):
        assert panel.frame.height == 0
    if isinstance(panel, Picture):
        assert drawn(panel).startswith("<svg")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("devices", "Most on: phone or tablet, 71 % of plays"),
        ("devices-over-time", "From phone or tablet in January 2023 to speaker in May 2024"),
        ("countries", "Listened in 2 countries, 99 % in Germany"),
        ("country-list", "Most in Germany, there above all ABBA"),
        ("artist-map", "Artists from 3 countries"),
        ("shows", "Longest with: No name given, 25 h"),
        ("obsessions", "1 obsession; the strongest: uri:8, 9 plays"),
        ("repeats", "100 % of plays were repeats"),
        ("skipped-tracks", "Skipped most: Waterloo, 20 % of the time"),
    ],
)
def test_titles_state_what_is_seen(name: str, title: str) -> None:
    assert made(name).title.replace("\u202f", " ").startswith(title)


def test_the_source_of_a_filter_ignores_it() -> None:
    inside = replace(EVER, filters=Filters(countries=("HK",), platforms=(Platform.MOBILE,)))
    assert set(made("countries", selection=inside).frame["country"]) == {"DE", "HK"}
    assert set(made("country-list", selection=inside).frame["country"]) == {"DE", "HK"}
    assert made("binges", selection=inside).title == "No artist four times in a row here"
    abroad = made("devices", selection=replace(EVER, filters=Filters(platforms=(Platform.SPEAKER,))))
    assert set(abroad.frame["device"]) == {"mobile", "speaker"}


def test_podcasts_never_count_as_music_and_show_alone_where_there_is_nothing_else() -> None:
    alone = Lone(library([h for h in life() if h.kind == 2]))
    assert made("spoken", alone).title == made("spoken").title
    assert made("episodes", alone).frame.equals(made("episodes").frame)
    assert made("repeats", alone).title == "Too few plays to speak of repeats"
    music = Lone(library([h for h in life() if h.kind == 1]))
    strip = made("spoken", music)
    assert isinstance(strip, Strip)
    assert strip.numbers == ()
    assert "No podcast" in f"{strip.title} {strip.about}"


def test_a_small_country_is_drawn_and_the_map_fetches_nothing() -> None:
    panel = made("countries")
    assert isinstance(panel, Picture)
    assert address() in json.dumps(panel.spec)
    whole = standalone(panel.spec, panel.rows, title="", subtitle="")
    assert "url" not in json.dumps(whole)
    assert "Hong Kong" in drawn(panel)


def test_every_country_has_a_name_and_can_be_drawn() -> None:
    marks = {one["id"]: one for one in shapes()["objects"]["marks"]["geometries"]}
    assert set(marks) == set(countries())
    assert len(marks) == 250
    assert {marks[letters]["type"] for letters in ("HK", "SG", "XK", "GI", "TV")} == {"Point"}
    assert all(one.name and one.name != one.letters for one in countries().values())
    assert country_name("XK") == "Kosovo"
    assert country_name("ZY") == "ZY", "letters nobody knows stay as they are"


def test_months_before_spotify_noted_skips_say_so() -> None:
    early = Lone(library([listen(f"2021-05-{n:02}T20:00") for n in range(1, 29)]))
    then = Selection("2021", Period.year(2021), today=TODAY)
    assert "Before October 2022" in made("skips-over-time", early, then).explained
    assert "Before October 2022" not in made("skips-over-time").explained


def test_words_nobody_knows_stay_as_they_are() -> None:
    assert panels_habits.ENDINGS.get("trackdone") == "Track ended"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(REASONS, 1, "a new word")
        panel = made("endings", Lone(library(life())))
    assert isinstance(panel, Picture)
    assert "a new word" in panel.rows["name"].to_pylist()
    for words in (panels_habits.BEGINNINGS, panels_habits.ENDINGS):
        assert len(set(words.values())) == len(words), "two bars of one name would lie on each other"
