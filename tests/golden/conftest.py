"""The demo's life, imported once for the ring by the real importer, beside what its simulator knows of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from core.analytics.building import build
from core.analytics.library import Library
from core.analytics.listed import Listed, Matcher
from core.analytics.selecting import select
from core.analytics.view import View
from core.demo.calendar import HOME
from core.demo.catalogue import read_catalogue
from core.demo.export import write_export
from core.demo.life import Life, live_with_truth
from core.demo.listing import Account
from core.demo.shelves import account_of
from core.demo.truth import Truth
from core.demo.truth_of_lists import ListsTruth, truth_of_lists
from core.domain.lens import Lens
from core.domain.playlist_items import item_of
from core.domain.playlists import PlaylistItem
from core.repositories.database import Database
from core.repositories.library import LibraryReader
from core.repositories.playlists import PlaylistRows
from core.repositories.users import Users
from core.services.demo import CATALOGUE
from core.services.importing import Importing, Upload

LENS = Lens(timezone=HOME)


@pytest.fixture(scope="session")
def lived() -> tuple[Life, Truth]:
    return live_with_truth(read_catalogue(CATALOGUE))


@pytest.fixture(scope="session")
def truth(lived: tuple[Life, Truth]) -> Truth:
    return lived[1]


@pytest.fixture(scope="session")
def account(lived: tuple[Life, Truth]) -> Account:
    return account_of(read_catalogue(CATALOGUE), lived[0])


@pytest.fixture(scope="session")
def lists_truth(lived: tuple[Life, Truth], account: Account) -> ListsTruth:
    return truth_of_lists(lived[0], account)


@pytest.fixture(scope="session")
def imported(
    lived: tuple[Life, Truth],
    account: Account,
    another_db: Callable[[], AbstractContextManager[Database]],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Library, dict[str, list[PlaylistItem]]]:
    """Return the library and the playlists of the demo's export, imported as everybody's is."""
    path = tmp_path_factory.mktemp("golden") / "my_spotify_data.zip"
    write_export(lived[0], path, account)
    with another_db() as db:
        person = Users(db).add_once(name="Demo", name_key=" demo", role="demo").id
        importing = Importing(db, secret=b"0" * 32)
        import_id = importing.create(person, label="Demo", bytes_total=path.stat().st_size)
        record = importing.run(person, import_id=import_id, uploads=[Upload(path, path.name)])
        assert record.status == "done"
        read, rows = LibraryReader(db).read(person), PlaylistRows(db)
        sent = {(each.import_id, each.position): each.name for each in rows.exported(person)}
        told = rows.exported_items(person, list(sent))
    lists = {name: [item_of(entry) for entry in told[place]] for place, name in sent.items()}
    return build(read.rows, version=read.version), lists


@pytest.fixture(scope="session")
def demo(imported: tuple[Library, dict[str, list[PlaylistItem]]]) -> Library:
    return imported[0]


@pytest.fixture(scope="session")
def listed(imported: tuple[Library, dict[str, list[PlaylistItem]]]) -> dict[str, Listed]:
    """Return the demo person's playlists by name, beside her library."""
    matcher = Matcher(imported[0])
    return {name: matcher.match(items, key=name, name=name) for name, items in imported[1].items()}


@pytest.fixture(scope="session")
def view(demo: Library) -> View:
    """Return everything the demo person played, by the clock of her home."""
    return select(demo, LENS)
