"""Chart files that were read or refused, many at once, and which charts are stored already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text

from core.domain.trends import ChartKey
from core.repositories.database import Database

# The files with these contents.
_KNOWN = text("select sha256, name, message from chart_files where sha256 = any(:sha256s)")
_FILES = text(
    """
    select sha256, name, snapshots, entries, message, read_at from chart_files
    order by read_at desc, name desc limit :most
    """
)
# How many were read and how many refused.
_COUNTS = text("select count(*) filter (where message = ''), count(*) filter (where message <> '') from chart_files")
# The newest look at a content is what is told of it.
_NOTE = text(
    """
    insert into chart_files (sha256, name, snapshots, entries, message, read_at)
    select sha256, name, snapshots, entries, message, :now
    from unnest(cast(:sha256s as text[]), cast(:names as text[]), cast(:snapshots as int[]), cast(:entries as int[]),
                cast(:messages as text[])) as n (sha256, name, snapshots, entries, message)
    on conflict (sha256) do update set name = excluded.name, snapshots = excluded.snapshots,
        entries = excluded.entries, message = excluded.message, read_at = excluded.read_at
    """
)
# Which of these charts are stored and over, so that they stay as they are.
_COMPLETE = text(
    """
    select r.source, r.kind, r.per, r.region, s.starts_on
    from unnest(cast(:sources as text[]), cast(:kinds as text[]), cast(:pers as text[]), cast(:regions as text[]),
                cast(:days as date[])) as w (source, kind, per, region, day)
    join chart_series r on (r.source, r.kind, r.per, r.region) = (w.source, w.kind, w.per, w.region)
    join chart_snapshots s on s.series_id = r.id and s.starts_on = w.day
    where s.complete
    """
)


@dataclass(frozen=True, slots=True)
class NotedFile:
    """A file's content as it was read: how many charts and rows it gave; ``message``: why it was refused, else ""."""

    sha256: str
    name: str
    snapshots: int
    entries: int
    message: str
    read_at: datetime | None = None


class ChartFileNotes:
    """What is noted of chart files."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def known(self, sha256s: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Return (name, why it was refused) of the contents that were looked at before, by their sum."""
        with self._db.read() as connection:
            rows = connection.execute(_KNOWN, {"sha256s": list(sha256s)})
            return {sha256: (name, message) for sha256, name, message in rows}

    def files(self, most: int) -> list[NotedFile]:
        """Return the files looked at last, newest first."""
        with self._db.read() as connection:
            return [NotedFile(*row) for row in connection.execute(_FILES, {"most": most})]

    def counts(self) -> tuple[int, int]:
        """Return how many contents were read and how many refused."""
        with self._db.read() as connection:
            read, refused = connection.execute(_COUNTS).one()
        return read, refused

    def note(self, files: Iterable[NotedFile], *, now: datetime) -> None:
        """Note files in one transaction; of equal contents the last one's name stays."""
        last = {file.sha256: file for file in files}
        if not last:
            return
        columns = {"sha256s": "sha256", "names": "name", "snapshots": "snapshots", "entries": "entries"}
        columns["messages"] = "message"
        values = {name: [getattr(file, column) for file in last.values()] for name, column in columns.items()}
        with self._db.begin() as connection:
            connection.execute(_NOTE, {**values, "now": now})

    def complete(self, charts: Sequence[tuple[ChartKey, date]]) -> set[tuple[ChartKey, date]]:
        """Return those of the charts, by key and first day, that are stored and over."""
        keys = [key for key, _ in charts]
        asked = {
            "sources": [key.source for key in keys],
            "kinds": [key.kind for key in keys],
            "pers": [key.window for key in keys],
            "regions": [key.region for key in keys],
            "days": [day for _, day in charts],
        }
        with self._db.read() as connection:
            rows = connection.execute(_COMPLETE, asked)
            return {(ChartKey(source, kind, per, region), day) for source, kind, per, region, day in rows}
