"""Profiles on a real PostgreSQL."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.domain.errors import InvalidInput, NotFound
from core.domain.lens import Exclusion, Lens
from core.domain.listen import Kind
from core.domain.people import Refused
from core.repositories.database import Database
from core.services.profiles import Profiles, timezones


@pytest.fixture
def profiles(db: Database) -> Profiles:
    return Profiles(db)


def test_a_new_person_has_the_default_lens(profiles: Profiles, person: Callable[..., int]) -> None:
    assert profiles.lens(person()) == Lens()


def test_a_lens_comes_back_as_it_was_saved(profiles: Profiles, person: Callable[..., int]) -> None:
    alice, charlie = person("alice"), person("charlie")
    lens = Lens("Europe/Berlin", "half", 0, (Kind.MUSIC, Kind.PODCAST), incognito=False, merge_recordings=False)
    profiles.save_lens(alice, lens=lens)
    assert profiles.lens(alice) == lens
    assert profiles.lens(charlie) == Lens()


def test_exclusions_are_a_persons_own_and_outlive_the_lens(profiles: Profiles, person: Callable[..., int]) -> None:
    alice, charlie = person("alice"), person("charlie")
    night, artist = Exclusion("hour", 3), Exclusion("artist", 7)
    for exclusion in (night, artist, night):
        profiles.exclude(alice, exclusion=exclusion)
    profiles.save_lens(alice, lens=Lens(timezone="Asia/Tokyo"))
    assert profiles.lens(alice) == Lens(timezone="Asia/Tokyo", exclusions=(artist, night))
    profiles.include(charlie, exclusion=night)
    profiles.include(alice, exclusion=artist)
    assert profiles.lens(alice).exclusions == (night,)
    assert profiles.lens(charlie).exclusions == ()


@pytest.mark.parametrize(
    "change",
    [
        {"timezone": "Berlin"},
        {"timezone": ""},
        {"timezone": "../etc/passwd"},
        {"rule": "never"},
        {"minimum_ms": -1},
        {"minimum_ms": 600_001},
        {"kinds": ()},
    ],
)
def test_a_lens_out_of_range_is_refused(
    profiles: Profiles, person: Callable[..., int], change: dict[str, object]
) -> None:
    with pytest.raises(InvalidInput):
        profiles.save_lens(person(), lens=replace(Lens(), **change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [("hour", 24), ("platform", 8), ("artist", 0), ("track", 2**31), ("country", 0), ("country", 677), ("genre", 1)],
)
def test_what_cannot_be_left_out(profiles: Profiles, person: Callable[..., int], wrong: tuple[str, int]) -> None:
    with pytest.raises(InvalidInput):
        profiles.exclude(person(), exclusion=Exclusion(*wrong))  # type: ignore[arg-type]


def test_renaming(profiles: Profiles, person: Callable[..., int]) -> None:
    alice, charlie = person("alice"), person("charlie")
    assert profiles.rename(alice, name=f"  Alice   {alice} ") == f"Alice {alice}"
    with pytest.raises(Refused) as taken:
        profiles.rename(charlie, name=f"ALICE {alice}")
    assert taken.value.code == "taken"


def test_timezones_hold_the_usual_ones(profiles: Profiles, person: Callable[..., int]) -> None:
    assert {"UTC", "Europe/Berlin", "America/New_York"} <= set(timezones())
    alice = person()
    profiles.set_timezone(alice, timezone="Europe/Berlin")
    assert profiles.lens(alice).timezone == "Europe/Berlin"


def test_nobody_has_no_profile(profiles: Profiles) -> None:
    with pytest.raises(NotFound):
        profiles.lens(2**30)
    with pytest.raises(NotFound):
        profiles.save_lens(2**30, lens=Lens())
