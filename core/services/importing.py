"""Importing: what the page, the command and the worker do with an upload, and how it is undone."""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.domain.errors import ImportCancelled, ImportRejected, NotFound, Unavailable
from core.domain.imports import ImportRecord, ImportStatus, Sheet
from core.domain.names import clean
from core.domain.wording import counted
from core.importing import refusals
from core.importing.archive import Limits
from core.importing.plan import Plan, make_plan
from core.logs import logger
from core.repositories.database import Database
from core.repositories.imports import Imports, finish
from core.repositories.listens import Listens
from core.services.import_progress import Progress, Reporter
from core.services.import_storing import Storing
from core.services.import_undoing import undo

__all__ = ["Importing", "Limits", "Progress", "Upload"]

log = logger(__name__)
_CUT_OFF = "This import was cut off and stored nothing: import its files again."


@dataclass(frozen=True, slots=True)
class Upload:
    """One file to import: where it lies and what the person calls it."""

    path: Path
    label: str


class Importing:
    """Imports of everybody; every method takes the person first."""

    def __init__(self, db: Database, *, limits: Limits | None = None, secret: bytes, pause_s: float = 0.3) -> None:
        """Work on ``db``; ``secret`` keys the hashes of accounts; progress is told every ``pause_s`` seconds."""
        self._db, self._limits, self._secret, self._pause_s = db, limits or Limits(), secret, pause_s
        self._imports, self._listens = Imports(db), Listens(db)

    def create(self, user_id: int, *, label: str, bytes_total: int) -> int:
        """Return the id of a new import that waits to be run; ``bytes_total`` is the size of its files on disk."""
        return self._imports.create(user_id, label=clean(label) or "upload", bytes_total=bytes_total)

    def records(self, user_id: int) -> list[ImportRecord]:
        """Return a person's imports, newest first."""
        return self._imports.records(user_id)

    def record(self, user_id: int, *, import_id: int) -> ImportRecord:
        """Return one import; raise ``NotFound`` for none or another person's."""
        return self._imports.record(user_id, import_id=import_id)

    def cancel(self, user_id: int, *, import_id: int) -> None:
        """Stop an import that waits or runs; nothing of it is stored. One that has ended stays as it is."""
        self._imports.cancel(user_id, import_id=import_id)
        self._imports.close_cut_off(user_id, message=_CUT_OFF)

    def undo(self, user_id: int, *, import_id: int) -> int:
        """Remove exactly what an import stored, put back what it replaced; return how many listens were removed.

        Raises:
            NotFound: there is no such import of this person.
            Conflict: it is not done.
        """
        self._imports.record(user_id, import_id=import_id)
        removed = undo(self._listens, user_id, import_id=import_id)
        log.info("import.undone", user_id=user_id, import_id=import_id, removed=removed)
        return removed

    def run(
        self,
        user_id: int,
        *,
        import_id: int,
        uploads: Sequence[Upload],
        other_account: bool = False,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> ImportRecord:
        """Import the uploads as one and return the record, which says how it ended; one that has ended is left alone.

        Bad input raises nothing: the record is ``rejected`` and its message says why. A run that was cut off by a
        crash starts over. ``other_account`` confirms that an export of another Spotify account may be mixed in.

        Raises:
            NotFound: there is no such import of this person, or the person was deleted meanwhile.
            Unavailable: the database cannot be reached; the import can be run again.
        """
        with self._imports.alive(import_id=import_id):
            self._imports.close_cut_off(user_id, message=_CUT_OFF)
            record = self._imports.record(user_id, import_id=import_id)
            if self._imports.start(user_id, import_id=import_id):
                reporter = Reporter(
                    self._imports,
                    user_id,
                    import_id=import_id,
                    bytes_total=record.bytes_total,
                    on_progress=on_progress,
                    pause_s=self._pause_s,
                )
                self._run(user_id, import_id, uploads, other_account=other_account, reporter=reporter)
        return self._imports.record(user_id, import_id=import_id)

    def _run(
        self, user_id: int, import_id: int, uploads: Sequence[Upload], *, other_account: bool, reporter: Reporter
    ) -> None:
        """Store the uploads, and note in the record how that ended."""
        log.info("import.started", user_id=user_id, import_id=import_id, files=len(uploads))
        try:
            sheet = self._store(user_id, import_id, uploads, other_account=other_account, reporter=reporter)
        except ImportRejected as refusal:
            log.info("import.rejected", user_id=user_id, import_id=import_id, code=refusal.code)
            self._close(user_id, import_id, "rejected", refusal.message)
        except ImportCancelled as wish:
            log.info("import.cancelled", user_id=user_id, import_id=import_id)
            self._close(user_id, import_id, "cancelled", wish.message)
        except KeyboardInterrupt:
            self._close(user_id, import_id, "cancelled", "Cancelled: nothing of this import was stored.")
            raise
        except (NotFound, Unavailable):
            raise
        except Exception:
            log.exception("import.failed", user_id=user_id, import_id=import_id)
            message = f"Import {import_id} failed through a mistake of ours and stored nothing; the log says more."
            self._close(user_id, import_id, "failed", message)
        else:
            log.info("import.finished", user_id=user_id, import_id=import_id, read=sheet.rows_read, stored=sheet.stored)

    def give_up(self, user_id: int, *, import_id: int) -> None:
        """Note that an import was cut off too often to be tried again; one that has ended stays as it is."""
        log.error("import.given_up", user_id=user_id, import_id=import_id)
        message = f"Import {import_id} was cut off again and again and stored nothing; the worker's log says more."
        self._close(user_id, import_id, "failed", message)

    def _store(
        self, user_id: int, import_id: int, uploads: Sequence[Upload], *, other_account: bool, reporter: Reporter
    ) -> Sheet:
        """Read and store the uploads in one transaction, the record's end included."""
        if not uploads:
            raise refusals.no_history("An import without files")
        plan = make_plan([(upload.path, upload.label) for upload in uploads], self._limits)
        with self._listens.writing(user_id) as writing:
            account = self._account(user_id, plan, other_account=other_account)
            reporter.report(at_once=True)
            sheet = Storing(writing, import_id, plan, self._limits, reporter).run()
            done = max(reporter.bytes_total, reporter.bytes_done)
            finish(
                writing,
                import_id=import_id,
                sheet=sheet,
                message=_message(sheet),
                bytes_done=done,
                account_hash=account,
            )
        return sheet

    def _account(self, user_id: int, plan: Plan, *, other_account: bool) -> bytes | None:
        """Return the keyed hash of the account an export is of, ``None`` where it does not say.

        Raises:
            ImportRejected: it differs from the account of an earlier import, and nobody confirmed that.
        """
        hashes = {
            hmac.digest(self._secret, f"spotify:{name}".encode(errors="replace"), hashlib.sha256)
            for name in plan.usernames
        }
        known = self._imports.account_hashes(user_id)
        strange = hashes - known if known else set()
        if (strange or len(hashes) > 1) and not other_account:
            raise refusals.other_account()
        return min(strange or hashes, default=None)

    def _close(self, user_id: int, import_id: int, status: ImportStatus, message: str) -> None:
        """Note how an import ended that stored nothing."""
        self._imports.close(user_id, import_id=import_id, status=status, message=message)


def _message(sheet: Sheet) -> str:
    """Return in one sentence what a finished import brought."""
    if not sheet.rows_read:
        kept = sum(sheet.library.values())
        return (
            f"Kept {counted(kept, 'saved thing', 'saved things')}."
            if kept
            else "The files hold no plays, so nothing was stored."
        )
    if not sheet.stored and not sheet.duplicates:
        return "None of its rows is a play that can be stored; the sheet says why."
    if not sheet.stored:
        return "Nothing new: everything in it that can be used was here already."
    refused = sum(bool(file.refused) for file in sheet.files)
    unread = f" {counted(refused, 'file', 'files')} could not be read." if refused else ""
    return f"{counted(sheet.stored, 'listen is', 'listens are')} new.{unread}"
