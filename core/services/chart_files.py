"""Chart files into stored charts: given by hand, uploaded, or dropped into a folder; each wholly or not at all."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import islice, takewhile
from pathlib import Path, PurePosixPath
from typing import Any

from core.domain.errors import InvalidInput
from core.domain.trends import ChartKey, Kind, Series, Snapshot, Window
from core.logs import logger
from core.repositories.chart_files import ChartFileNotes, NotedFile
from core.repositories.chart_rows import ChartRows
from core.repositories.database import Database
from core.services.chart_unpacking import (
    Content,
    Given,
    chart_files,
    checksum,
    checksum_of,
    content,
    contents,
    label,
    packed,
)
from core.trends.chart_credits import JOINT
from core.trends.chart_csv import read_chart

AT_ONCE = 200  # files parsed, then stored in one transaction
SETTLED_SECONDS = 10
LOG = logger("charts")


@dataclass(frozen=True, slots=True)
class ByHand:
    """What somebody says about files instead of their names; blank or None: what the names say."""

    region: str = ""
    day: date | None = None
    window: Window | None = None
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: its own chart and days, its rows, how many charts it gave and what became of those.

    ``stored`` charts are new, ``kept`` ones were there and stay as they were; ``message``: why it was refused, else "".
    """

    name: str
    sha256: str = ""
    key: ChartKey | None = None
    first: date | None = None
    until: date | None = None
    entries: int = 0
    stored: int = 0
    kept: int = 0
    message: str = ""

    @property
    def snapshots(self) -> int:
        """Return how many charts the file gave: that of its artists is one too."""
        return self.stored + self.kept

    def answer(self) -> dict[str, Any]:
        """Return this for programs."""
        key = self.key
        return {
            "name": self.name,
            "stored": self.stored,
            "kept": self.kept,
            "entries": self.entries,
            "source": key.source if key else None,
            "country": key.region if key else None,
            "kind": key.kind if key else None,
            "window": key.window if key else None,
            "first": self.first.isoformat() if self.first else None,
            "until": self.until.isoformat() if self.until else None,
            "error": self.message or None,
        }


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that is read and not stored yet."""

    name: str
    sha256: str
    charts: tuple[Snapshot, ...] = ()
    message: str = ""


class ChartFiles:
    """Where chart files become charts."""

    def __init__(self, db: Database, folder: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """``folder`` is where an operator drops files."""
        self._rows, self._notes, self._now = ChartRows(db), ChartFileNotes(db), now
        self._folder = folder
        self._sizes: dict[Path, int] = {}
        self._done: dict[Path, tuple[int, int]] = {}

    @property
    def folder(self) -> Path:
        """Return the folder for files, made for this system's user alone where it is not there yet."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._folder

    def series(self) -> list[Series]:
        """Return every chart that is stored, of any source."""
        return self._rows.series()

    def files(self, most: int = 200) -> list[NotedFile]:
        """Return the files that were read or refused last, newest first."""
        return self._notes.files(most)

    def counts(self) -> tuple[int, int]:
        """Return how many files were read and how many refused, ever."""
        return self._notes.counts()

    def take(
        self, given: Iterable[Given], by_hand: ByHand = ByHand(), *, on_taken: Callable[[Taken], None] | None = None
    ) -> list[Taken]:
        """Store the charts of files and note what became of each; files inside a zip are told one by one.

        ``on_taken`` is called after each file. A file that is refused stores nothing and does not stop the others;
        charts that are stored and over stay as they are.

        Raises:
            Unavailable: the database cannot be reached; what was stored until then stays.
        """
        told: list[Taken] = []
        for taken in self._all(given, by_hand):
            told.append(taken)
            if on_taken:
                on_taken(taken)
        self._tell_sources(told)
        return told

    def look(self, *, stop: Callable[[], bool] = lambda: False) -> list[Taken]:
        """Take what is new in the folder: files that lie there whole and whose content was not looked at before.

        Nothing in the folder is changed. A refused file is looked at again under another name. ``stop`` is asked before
        each file whether the rest should wait for the next look.
        """
        sums, stamps = self._new_sums()
        known = self._notes.known(list(sums.values())) if sums else {}
        fresh: dict[str, Given] = {}
        for file, sha256 in sums.items():
            name, message = known.get(sha256, ("", ""))
            if sha256 not in known or (message and name != label(file.name)):
                fresh.setdefault(sha256, file)
        told = self.take(takewhile(lambda _: not stop(), fresh.values()))
        if not stop():
            self._done |= stamps
        return told

    def _new_sums(self) -> tuple[dict[Given, str], dict[Path, tuple[int, int]]]:
        """Return the files of the folder that are new to this process: the sums of their contents, and their stamps.

        Stamps are those from before the contents were read: what is written meanwhile is looked at next time.
        """
        sums, stamps = {}, {}
        for file in chart_files(self.folder):
            stamp = _stamp(file.path)
            if stamp and self._is_whole(file.path, stamp):
                try:
                    sums[file], stamps[file.path] = checksum(file.path), stamp
                except OSError as error:
                    LOG.warning("charts.unreadable", errno=error.errno)
        return sums, stamps

    def _is_whole(self, path: Path, stamp: tuple[int, int]) -> bool:
        """Return whether a file is new to this process and nobody writes to it any more."""
        if self._done.get(path) == stamp:
            return False
        earlier, self._sizes[path] = self._sizes.get(path), stamp[0]
        return earlier == stamp[0] or self._now().timestamp() - stamp[1] / 1e9 > SETTLED_SECONDS

    def _all(self, given: Iterable[Given], by_hand: ByHand) -> Iterator[Taken]:
        """Yield what becomes of each file; single files go in groups, a zip goes alone."""
        waiting: list[Given] = []
        for file in given:
            if packed(file):
                yield from self._zip(file, by_hand)
            else:
                waiting.append(file)
            if len(waiting) >= AT_ONCE:
                yield from self._singles(waiting, by_hand)
                waiting = []
        yield from self._singles(waiting, by_hand)

    def _singles(self, given: Sequence[Given], by_hand: ByHand) -> Iterator[Taken]:
        taken = self._store([self._read(content(file), by_hand) for file in given])
        self._note([_noted(each) for each in taken])
        yield from taken

    def _zip(self, given: Given, by_hand: ByHand) -> Iterator[Taken]:
        """Yield what becomes of the files of a zip; it is noted as one file, once all of it was read."""
        sum256, snapshots, entries, refused = "", 0, 0, list[str]()
        inside = contents(given)
        try:
            sum256 = checksum_of(given)
            while group := [self._read(each, by_hand) for each in islice(inside, AT_ONCE)]:
                for taken in self._store(group):
                    snapshots, entries = snapshots + taken.snapshots, entries + taken.entries
                    if taken.message:
                        refused.append(f"{taken.name}: {taken.message}")
                    yield taken
        except InvalidInput as error:
            refused.append(error.message)
            yield Taken(label(given.name), sum256, message=error.message)
        if not snapshots and not refused:
            refused.append("The zip holds no file; put in the CSV files of charts.")
            yield Taken(label(given.name), sum256, message=refused[0])
        more = f" ({len(refused) - 1:,} more in it were refused.)" if len(refused) > 1 else ""
        self._note([NotedFile(sum256, label(given.name), snapshots, entries, (refused[0] + more) if refused else "")])

    def _read(self, found: Content, by_hand: ByHand) -> _Read:
        """Return a file's charts, not stored yet, or why it is refused."""
        if found.message:
            return _Read(found.name, found.sha256, message=found.message)
        try:
            charts = read_chart(
                found.data,
                PurePosixPath(found.name).name,
                now=self._now(),
                region=by_hand.region,
                day=by_hand.day,
                window=by_hand.window,
                kind=by_hand.kind,
                known=_joined(),
            )
        except InvalidInput as refused:
            return _Read(found.name, found.sha256, message=refused.message)
        return _Read(found.name, found.sha256, charts)

    def _store(self, read: list[_Read]) -> list[Taken]:
        """Store the charts of files in one transaction; return what became of each file."""
        charts = [chart for each in read for chart in each.charts]
        there = self._notes.complete([(chart.key, chart.first) for chart in charts]) if charts else set()
        fresh: dict[tuple[ChartKey, date], Snapshot] = {}
        for chart in charts:
            earlier = fresh.get((chart.key, chart.first))
            if (chart.key, chart.first) not in there and not (earlier and earlier.complete):
                fresh[chart.key, chart.first] = chart
        if fresh:
            self._rows.store(fresh.values())
        return [_settled(each, there) for each in read]

    def _note(self, files: list[NotedFile]) -> None:
        self._notes.note([file for file in files if file.sha256], now=self._now())

    def _tell_sources(self, told: Sequence[Taken]) -> None:
        """Note when each source last had something new."""
        for source in sorted({each.key.source for each in told if each.key and each.stored}):
            self._rows.note(source, ok=True, now=self._now())


def _settled(read: _Read, there: set[tuple[ChartKey, date]]) -> Taken:
    """Return what became of a file's charts; what it stores is there for the files after it."""
    if not read.charts:
        return Taken(read.name, read.sha256, message=read.message)
    own, kept = read.charts[0], sum((chart.key, chart.first) in there for chart in read.charts)
    there |= {(chart.key, chart.first) for chart in read.charts if chart.complete}
    stored = len(read.charts) - kept
    return Taken(read.name, read.sha256, own.key, own.first, own.until, len(own.entries), stored, kept)


def _noted(taken: Taken) -> NotedFile:
    return NotedFile(taken.sha256, taken.name, taken.snapshots, taken.entries, taken.message)


def _stamp(path: Path) -> tuple[int, int] | None:
    """Return size and time of a file; None where it has gone."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


@lru_cache(maxsize=1)
def _joined() -> frozenset[str]:
    """Return the artists of the shipped genres whose own name holds what joins names."""
    from core.services.genre_map import read_artists

    return frozenset(name for name in read_artists() if JOINT in name)
