"""The demo profile on real PostgreSQL: made once whoever asks, anew for a new simulator, refused in plain words."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from core.cache import Cache
from core.demo import VERSION
from core.demo.catalogue import read_catalogue
from core.demo.life import Life, live
from core.domain.errors import InvalidInput, Unavailable
from core.domain.imports import Sheet
from core.repositories.database import Database
from core.services.accounts import Accounts
from core.services.demo import CATALOGUE, Demo
from core.services.importing import Importing
from core.services.profiles import Profiles


@pytest.fixture(scope="module")
def life() -> Life:
    return live(read_catalogue(CATALOGUE))


@pytest.fixture
def make(fresh_db: Database) -> Iterator[Callable[..., Demo]]:
    """Return a function that makes a ``Demo`` as another process would, with its own connections."""
    opened: list[Database] = []

    def made(**options: object) -> Demo:
        opened.append(Database(fresh_db.url))
        return Demo(opened[-1], importing(opened[-1]), **options)

    yield made
    for db in opened:
        db.dispose()


def importing(db: Database) -> Importing:
    return Importing(db, secret=b"0" * 32)


def done(db: Database, person: int) -> list[Sheet]:
    return [record.sheet for record in importing(db).records(person) if record.status == "done" and record.sheet]


def test_it_is_made_once_and_its_sheet_balances(
    fresh_db: Database, make: Callable[..., Demo], redis_url: str, tmp_path: Path, life: Life
) -> None:
    demo, other = make(), make()
    assert demo.user_id() is None
    with ThreadPoolExecutor() as both:
        assert sorted(both.map(lambda each: each.seed(tmp_path / "demo"), [demo, other])) == [False, True]
    assert not make().seed(tmp_path / "demo"), "a later start finds it"
    assert list((tmp_path / "demo").iterdir()) == []

    person = demo.user_id()
    assert person is not None
    assert person == other.user_id() == Accounts(fresh_db, Cache(redis_url)).demo().id
    assert Profiles(fresh_db).lens(person).timezone == "Europe/Berlin"
    (sheet,) = done(fresh_db, person)
    assert sheet.rows_read == len(life.ts) == sum(file.rows_read for file in sheet.files)
    assert sheet.rows_read == sheet.stored + sheet.duplicates + sheet.unidentified + sheet.errors
    assert sum(sheet.by_reason.values()) == sheet.rows_read
    assert (sheet.errors, sheet.replaced) == (0, 0)
    nothing = np.array([item.kind == "nothing" for item in life.items])[life.item]
    assert sheet.unidentified == nothing.sum()
    assert sheet.duplicates == 37
    known = np.array([life.items[item].kind == "music" for item in life.item])
    assert abs(sheet.plays - (known & (life.ms >= 30_000)).sum()) <= sheet.duplicates
    assert sheet.first is not None
    assert sheet.last is not None
    assert (sheet.first.year, sheet.last.year) == (2018, 2026)


def test_a_new_simulator_and_a_killed_import_make_it_anew(
    fresh_db: Database, make: Callable[..., Demo], tmp_path: Path
) -> None:
    first = make()
    assert first.seed(tmp_path)
    person = first.user_id()
    assert person is not None
    label = f"Demo life, version {VERSION + 1}"
    left = importing(fresh_db).create(person, label=label, bytes_total=1)  # as a killed process leaves it behind

    assert make(version=VERSION + 1).seed(tmp_path)
    newest, oldest = importing(fresh_db).records(person)
    assert (newest.id, newest.label, newest.status) == (left, label, "done")
    assert oldest.status == "undone"
    assert oldest.sheet is not None
    assert newest.sheet is not None
    assert newest.sheet.stored == oldest.sheet.stored
    assert not make(version=VERSION + 1).seed(tmp_path)


def test_what_is_wrong_is_said(make: Callable[..., Demo], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(Unavailable, match="cannot be used"):
        make().seed(tmp_path / "file")
    with pytest.raises(InvalidInput, match="holds no catalogue"):
        make(catalogue=tmp_path).seed(tmp_path / "demo")
    assert make().user_id() is None
