"""The job queue: defers work by its name; what a name does is the worker's business."""

from collections.abc import Sequence
from contextlib import suppress
from threading import Lock
from typing import TypedDict

from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from psycopg_pool import NullConnectionPool

from core.domain.errors import Unavailable

RUN_IMPORT = "imports.run"
IMPORTS = "imports"
RUN_SYNC = "spotify:sync"
SPOTIFY = "spotify"
SEND_MAIL = "accounts:mail"
MAIL = "mail"
BEHIND_IMPORTS = -1  # priority: somebody waits for an import, nobody for a sync


class UploadedFile(TypedDict):
    """One file of an import: where it lies (absolute path) and what its person called it."""

    path: str
    label: str


class Queue:
    """The queue of one database; safe to share between threads. Jobs run in whichever worker is free first."""

    def __init__(self, database_url: str) -> None:
        """Prepare to defer jobs in the database at ``database_url``; nothing is opened yet."""
        self._url = database_url
        self._app = App(connector=SyncPsycopgConnector())
        self._opening = Lock()
        self._open = False

    def defer_import(
        self, user_id: int, *, import_id: int, files: Sequence[UploadedFile], other_account: bool = False
    ) -> None:
        """Ask for an import to be run; the worker removes the files when it has ended.

        Imports of one person run one after another, those of different persons side by side.

        Raises:
            Unavailable: the database cannot be reached.
        """
        try:
            self._opened().configure_task(RUN_IMPORT, queue=IMPORTS, lock=f"user:{user_id}").defer(
                user_id=user_id,
                import_id=import_id,
                files=[dict(file) for file in files],  # type: ignore[arg-type]
                other_account=other_account,
            )
        except ConnectorException as error:
            raise Unavailable("The database cannot be reached; please try again in a minute.") from error

    def defer_sync(self, user_id: int, *, in_seconds: int = 0) -> None:
        """Ask for a slice of a person's Spotify sync; asked again while that waits, nothing changes.

        It never runs beside an import of the same person.

        Raises:
            Unavailable: the database cannot be reached.
        """
        job = self._opened().configure_task(
            RUN_SYNC,
            queue=SPOTIFY,
            lock=f"user:{user_id}",
            queueing_lock=f"spotify:{user_id}",
            priority=BEHIND_IMPORTS,
            schedule_in={"seconds": in_seconds} if in_seconds else None,
        )
        try:
            with suppress(AlreadyEnqueued):
                job.defer(user_id=user_id)
        except ConnectorException as error:
            raise Unavailable("The database cannot be reached; please try again in a minute.") from error

    def defer_mail(self, user_id: int) -> None:
        """Ask for a link for a new password to be mailed to a person; the job says who, the worker makes the link.

        Raises:
            Unavailable: the database cannot be reached.
        """
        try:
            self._opened().configure_task(SEND_MAIL, queue=MAIL).defer(user_id=user_id)
        except ConnectorException as error:
            raise Unavailable("The database cannot be reached; please try again in a minute.") from error

    def close(self) -> None:
        """Close what was opened."""
        with self._opening:
            if self._open:
                self._app.close()
                self._open = False

    def _opened(self) -> App:
        """Return the queue's application; each job opens a connection of its own, since jobs are rare."""
        with self._opening:
            if not self._open:
                self._app.open(NullConnectionPool(self._url, open=True, name="queue"))
                self._open = True
        return self._app
