"""How far an import is: told to the database and to the caller now and then, and whether it should stop."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from core.domain.errors import ImportCancelled
from core.repositories.imports import Imports

PAUSE_S = 0.3


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a running import; ``bytes_done`` of ``bytes_total`` as they lie on disk."""

    bytes_done: int
    bytes_total: int
    rows_read: int
    current_file: str


class Reporter:
    """Counts bytes and rows; every ``PAUSE_S`` seconds stores them in a transaction of their own."""

    def __init__(
        self,
        imports: Imports,
        user_id: int,
        *,
        import_id: int,
        bytes_total: int,
        on_progress: Callable[[Progress], None] | None = None,
        pause_s: float = PAUSE_S,
    ) -> None:
        self._imports, self._user_id, self._import_id = imports, user_id, import_id
        self._tell, self._pause_s, self._last = on_progress, pause_s, 0.0
        self.bytes_total, self.bytes_done, self.rows_read, self.file = bytes_total, 0, 0, ""

    def bytes(self, count: int) -> None:
        """Count bytes read from disk."""
        self.bytes_done += count
        self.report()

    def rows(self, count: int) -> None:
        """Count rows read."""
        self.rows_read += count
        self.report()

    def begin_file(self, label: str) -> None:
        """Note which file is being read."""
        self.file = label
        self.report()

    def report(self, *, at_once: bool = False) -> None:
        """Store and tell the state if the last time is long enough ago.

        Raises:
            ImportCancelled: the person asked for it.
        """
        if not at_once and monotonic() - self._last < self._pause_s:
            return
        self._last = monotonic()
        state = Progress(min(self.bytes_done, self.bytes_total), self.bytes_total, self.rows_read, self.file)
        if self._tell:
            self._tell(state)
        cancelled = self._imports.progress(
            self._user_id,
            import_id=self._import_id,
            bytes_done=state.bytes_done,
            rows_read=state.rows_read,
            current_file=state.current_file,
        )
        if cancelled:
            raise ImportCancelled("Cancelled: nothing of this import was stored.")
