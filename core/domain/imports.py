"""What an import leaves behind: its status, its progress and its reconciliation sheet."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

ImportStatus = Literal["queued", "running", "done", "rejected", "cancelled", "failed", "undone"]


@dataclass(frozen=True, slots=True)
class Example:
    """A row that was not stored: ``row`` counts from 1 in its file; the text holds no personal data."""

    file: str
    row: int
    reason: str
    detail: str = ""


@dataclass(slots=True)
class FileSheet:
    """One file's rows, each counted exactly once; ``refused`` is the sentence of a file that could not be read."""

    name: str
    format: str
    rows_read: int = 0
    stored: int = 0
    duplicates: int = 0
    unidentified: int = 0
    errors: int = 0
    refused: str = ""


@dataclass(slots=True)
class Sheet:
    """The reconciliation sheet of an import.

    ``rows_read == stored + duplicates + unidentified + errors`` and ``sum(by_reason.values()) == rows_read``;
    ``plays`` counts stored rows that count under the default lens, ``replaced`` older rows this import displaced
    (they are not among the rows read), ``library`` what was kept of the saved library and the playlists.
    """

    rows_read: int = 0
    stored: int = 0
    plays: int = 0
    duplicates: int = 0
    replaced: int = 0
    unidentified: int = 0
    unidentified_ms: int = 0
    errors: int = 0
    by_reason: dict[str, int] = field(default_factory=dict)
    files: list[FileSheet] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    library: dict[str, int] = field(default_factory=dict)
    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One import as the database knows it; ``sheet`` is there once it is done."""

    id: int
    label: str
    status: ImportStatus
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    bytes_total: int
    bytes_done: int
    rows_read: int
    current_file: str
    message: str
    cancel_requested: bool
    sheet: Sheet | None
