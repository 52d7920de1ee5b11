"""The demo profile: an invented person whose export goes through the very importer everybody's goes through."""

import tempfile
import time
from pathlib import Path

from core.demo import VERSION
from core.demo.calendar import HOME
from core.demo.catalogue import read_catalogue
from core.demo.export import write_export
from core.demo.life import live
from core.demo.shelves import account_of
from core.domain.errors import Unavailable
from core.domain.imports import ImportRecord
from core.logs import logger
from core.repositories.database import Database
from core.repositories.locks import Work, alone
from core.repositories.profiles import ProfileRows
from core.repositories.users import Users
from core.services.importing import Importing, Upload
from core.settings import ROOT

CATALOGUE = ROOT / "data" / "demo" / "catalogue"
_FILE = "my_spotify_data.zip"
# A key no typed name can have: keys of names are stripped.
_KEY = " demo"

log = logger(__name__)


class Demo:
    """The demo person, made once for an instance and kept up to date with the simulator."""

    def __init__(
        self, db: Database, importing: Importing, *, catalogue: Path = CATALOGUE, version: int = VERSION
    ) -> None:
        """``catalogue`` is the folder of the music the demo person listens to, ``version`` the simulator's."""
        self._db, self._importing, self._catalogue = db, importing, catalogue
        self._version, self._label = version, f"Demo life, version {version}"
        self._users = Users(db)
        self._found: int | None = None

    def user_id(self) -> int | None:
        """Return the demo person's id, None until their listens have been imported; asks the database until then."""
        if self._found is None:
            user = self._users.by_key(_KEY)
            if user is not None and any(record.status == "done" for record in self._importing.records(user.id)):
                self._found = user.id
        return self._found

    def seed(self, folder: Path) -> bool:
        """Make the demo profile of this version where it is absent; return whether it was made now.

        The export is written to ``folder`` for as long as its import takes. Listens of an earlier version are taken
        back first. Of several processes that ask at once one does the work, the others wait for it.

        Raises:
            Unavailable: the folder cannot be written, or the import did not end well.
            InvalidInput: the catalogue cannot be read.
        """
        person = self._users.add_once(name="Demo", name_key=_KEY, role="demo").id
        if self._is_current(person):
            return False
        with alone(self._db, Work.DEMO):
            if self._is_current(person):
                return False
            started = time.monotonic()
            ProfileRows(self._db).save(person, timezone=HOME)
            record = self._import(person, folder)
            took = round((time.monotonic() - started) * 1000)
        log.info("demo.seeded", user_id=person, version=self._version, read=record.rows_read, took_ms=took)
        return True

    def _is_current(self, person: int) -> bool:
        """Return whether the listens of this version are there."""
        return any(each.status == "done" and each.label == self._label for each in self._importing.records(person))

    def _import(self, person: int, folder: Path) -> ImportRecord:
        """Write the export and import it."""
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder) as place:
                path = Path(place) / _FILE
                catalogue = read_catalogue(self._catalogue)
                life = live(catalogue)
                write_export(life, path, account_of(catalogue, life))
                import_id = self._record(person, path.stat().st_size)
                record = self._importing.run(person, import_id=import_id, uploads=[Upload(path, _FILE)])
        except OSError as error:
            raise Unavailable(
                f"{folder} cannot be used: {error.strerror}; free it or set PLAYPRINT_DEMO=false."
            ) from error
        if record.status != "done":
            raise Unavailable(f"The demo profile could not be made: {record.message}")
        return record

    def _record(self, person: int, size: int) -> int:
        """Take earlier versions back; return the import to run: one a killed process left behind, else a new one."""
        left = None
        for each in self._importing.records(person):
            if each.status == "done":
                self._importing.undo(person, import_id=each.id)
            if each.status in ("queued", "running") and each.label == self._label:
                left = each.id
        return left or self._importing.create(person, label=self._label, bytes_total=size)
