"""Named ranges on a real PostgreSQL."""

from collections.abc import Callable
from datetime import date

import pytest

from core.domain.errors import InvalidInput, NotFound
from core.domain.period import Period
from core.repositories.database import Database
from core.services.ranges import Ranges

SUMMER = Period(date(2023, 6, 1), date(2023, 9, 1))


@pytest.fixture
def ranges(db: Database) -> Ranges:
    return Ranges(db)


def names(ranges: Ranges, user: int) -> dict[str, Period]:
    return {known.name: known.period for known in ranges.all(user)}


def test_a_name_comes_back_and_the_same_name_replaces(ranges: Ranges, person: Callable[..., int]) -> None:
    alice, charlie = person("alice"), person("charlie")
    assert ranges.save(alice, name="  Summer \t 2023 ", period=SUMMER) == "Summer 2023"
    ranges.save(charlie, name="summer 2023", period=Period.year(2020))
    ranges.save(alice, name="Year", period=Period.year(2024))
    ranges.save(alice, name="SUMMER 2023", period=Period.month(2023, 7))
    assert names(ranges, alice) == {"Year": Period.year(2024), "SUMMER 2023": Period.month(2023, 7)}
    assert names(ranges, charlie) == {"summer 2023": Period.year(2020)}
    ranges.forget(alice, name="Year")
    ranges.forget(alice, name="no such name")
    assert list(names(ranges, alice)) == ["SUMMER 2023"]


@pytest.mark.parametrize("name", ["", "  ", "\0", "x" * 41])
def test_a_name_that_cannot_be(ranges: Ranges, person: Callable[..., int], name: str) -> None:
    with pytest.raises(InvalidInput):
        ranges.save(person(), name=name, period=SUMMER)


@pytest.mark.parametrize("period", [Period(), Period(date(2024, 1, 1)), Period(date(2024, 1, 1), date(2024, 1, 1))])
def test_a_range_without_an_end_has_no_name(ranges: Ranges, person: Callable[..., int], period: Period) -> None:
    with pytest.raises(InvalidInput):
        ranges.save(person(), name="x", period=period)


def test_a_hundred_names_are_the_most(ranges: Ranges, person: Callable[..., int]) -> None:
    user = person()
    for number in range(100):
        ranges.save(user, name=f"Range {number}", period=SUMMER)
    with pytest.raises(InvalidInput, match="forget one"):
        ranges.save(user, name="one more", period=SUMMER)
    ranges.save(user, name="range 7", period=Period.year(2021))
    assert len(ranges.all(user)) == 100


def test_nobody_names_no_range(ranges: Ranges) -> None:
    with pytest.raises(NotFound):
        ranges.save(2**30, name="x", period=SUMMER)
    assert ranges.all(2**30) == []
