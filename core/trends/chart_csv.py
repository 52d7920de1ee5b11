"""Chart files: those charts.spotify.com lets a person download, and plain ones of ``rank,title,artist,value``."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from core.domain.errors import InvalidInput
from core.domain.names import clean
from core.domain.trends import ChartKey, Entry, Kind, Snapshot, Window
from core.trends.chart_credits import artist_chart
from core.trends.chart_names import Named, read_name, read_region, stretch
from core.trends.chart_sheet import MOST_ROWS, Sheet, read_sheet, shown

SPOTIFY, FILES = "spotify", "files"
_SPOTIFY_COLUMNS = {"uri", "artist_names", "track_name"}
_URI = re.compile(
    r"(?:spotify:|https://open\.spotify\.com/)(track|artist|album)[:/]([A-Za-z0-9]{22})(?:\?.*)?", re.ASCII
)
_GROUPED = re.compile(r"\d{1,3}(?:([,.'’ \u00a0\u2009\u202f])\d{3})(?:\1\d{3})*", re.ASCII)
_LONGEST_NAME = 1_000
_MOST_VALUE = 10**15
_MOST_TOLD = 30_000  # days on a chart; more does not fit into what is stored
_Read = Callable[[str, int, str], Any]  # (cell, line, column) to what it says; raises InvalidInput
_BY_HAND = "name it like chart-de-weekly-2026-08-20.csv, or give country and date by hand"


def read_chart(
    data: bytes,
    name: str,
    *,
    now: datetime,
    region: str = "",
    day: date | None = None,
    window: Window | None = None,
    kind: Kind | None = None,
    known: frozenset[str] = frozenset(),
) -> tuple[Snapshot, ...]:
    """Return the chart in a file, and for a chart of songs the chart of artists that follows from it.

    Region, last day and window are what the file's name says (a window of nothing: a week; Spotify's files of days
    tell by their columns) unless given here. ``known``: artists whose name holds ", " (``chart_credits``). ``now`` is
    the time of the snapshot; a chart whose last day is over is complete.

    Raises:
        InvalidInput: it is no such file, or what it is of is not known; one sentence with the line and what to do.
    """
    sheet = read_sheet(data)
    columns = {cell.strip().casefold() for cell in sheet.header}
    spotify = columns >= _SPOTIFY_COLUMNS
    kind = kind or ("album" if "album" in sheet.places else "track" if "title" in sheet.places else "artist")
    entries = _entries(sheet, kind)
    named = read_name(name) if not (region and day) else _named(name)
    window = window or named.window or ("day" if "days_on_chart" in columns else "week")
    key = ChartKey(SPOTIFY if spotify else FILES, kind, window, _region(region, named))
    first, until = _days(window, day or named.day, now)
    chart = Snapshot(key, first, until, until <= now.date(), now, entries)
    artists = artist_chart(chart, known) if kind == "track" else None
    return (chart, artists) if artists else (chart,)


def _named(name: str) -> Named:
    """Return what a name says where nothing hangs on its date."""
    try:
        return read_name(name)
    except InvalidInput:
        return Named()


def _region(given: str, named: Named) -> str:
    """Return the region given by hand, else by name."""
    found = read_region(given) if given else named.region
    if not found:
        raise InvalidInput(f"The file's name does not say which country this chart is of; {_BY_HAND}.")
    return found


def _days(window: Window, last: date | None, now: datetime) -> tuple[date, date]:
    """Return the first day and the first day after of a chart whose last day is known."""
    if last is None:
        raise InvalidInput(f"The file's name does not say the last day of this chart; {_BY_HAND}.")
    first, until = stretch(window, last)
    if (first if window in ("month", "year") else last) > now.date():
        raise InvalidInput(f"The chart's date {last} is in the future; is the year right?")
    return first, until


def _entries(sheet: Sheet, kind: Kind) -> tuple[Entry, ...]:
    """Return the rows as places of a chart, by rank."""
    fields = _fields(sheet, kind)
    cells = list(zip(*sheet.rows, strict=True))
    try:
        columns = [_column(read, cells[at]) if at >= 0 else [blank] * len(sheet.rows) for read, at, blank in fields]
    except InvalidInput:
        columns = []
    if not columns or len(set(columns[0])) < len(sheet.rows):
        _refuse(sheet, fields)
    return tuple(sorted(map(Entry, *columns), key=itemgetter(0)))


def _fields(sheet: Sheet, kind: Kind) -> list[tuple[_Read, int, str | None]]:
    """Return for each field of an entry what reads a cell, the column (-1: none), and what stands where none is."""
    at = sheet.places
    named = "artist" if kind == "artist" else "album" if "album" in at else "title"
    if named not in at:
        raise InvalidInput(f"The first line names no column “{named}”, which a chart of this kind needs.")
    return [
        (_rank, at["rank"], None),
        (_name, at[named], None),
        (_name, at.get("artist", -1) if named != "artist" else -1, ""),
        (_value, at.get("value", -1), None),
        (_rank, -1, None),  # no file says an mbid
        (_uri, at.get("uri", -1), ""),
        *((_told, at.get(column, -1), None) for column in ("previous", "peak", "weeks")),
    ]


def _column(read: _Read, cells: Sequence[str]) -> list[Any]:
    """Return what the cells of a column say; raises ``InvalidInput`` without the line."""
    if read is not _value:
        return list(map(_met(read), cells))
    joined = "".join(cells)  # counts seldom come twice, and are digits alone
    if all(cells) and joined.isascii() and joined.isdigit() and 10 ** max(map(len, cells)) <= _MOST_VALUE:
        return list(map(int, cells))
    return [_value(cell, 0, "") for cell in cells]


@lru_cache(maxsize=16)
def _met(read: _Read) -> Callable[[str], Any]:
    """Return a reader that keeps what cells say: names and ranks come again every week."""
    return lru_cache(maxsize=32_768)(lambda cell: read(cell, 0, ""))


def _refuse(sheet: Sheet, fields: Sequence[tuple[_Read, int, str | None]]) -> None:
    """Raise ``InvalidInput`` for the first line that cannot be used."""
    lines: dict[int, int] = {}
    for line, row in zip(sheet.lines, sheet.rows, strict=True):
        rank, *_ = [read(row[at], line, sheet.header[at]) for read, at, _ in fields if at >= 0]
        earlier = lines.setdefault(rank, line)
        if earlier != line:
            raise InvalidInput(
                f"Line {line:,}: rank {rank:,} is on line {earlier:,} already; a file holds one chart with each "
                "rank once."
            )


def _rank(cell: str, line: int, column: str) -> int:
    found = int(cell) if len(cell) <= 5 and cell.isascii() and cell.isdigit() else _number(cell)
    if found is None or not 1 <= found <= MOST_ROWS:
        raise InvalidInput(f"Line {line:,}: {shown(cell)} is no rank; write whole numbers from 1 to {MOST_ROWS:,}.")
    return found


def _number(cell: str) -> int | None:
    """Return a whole number, thousands apart or not; None for anything else."""
    if len(cell) > 30:
        return None
    if cell.isascii() and cell.isdigit():
        return int(cell)
    cell = cell.strip()
    if cell.isascii() and cell.isdigit():
        return int(cell)
    return int(re.sub(r"\D", "", cell)) if _GROUPED.fullmatch(cell) else None


def _value(cell: str, line: int, column: str) -> int | None:
    found = _number(cell)
    if found is None and not cell.strip():
        return None
    if found is None or found > _MOST_VALUE:
        raise InvalidInput(f"Line {line:,}: {shown(cell)} is no count; write whole numbers such as 1234 or 1,234.")
    return found


def _told(cell: str, line: int, column: str) -> int | None:
    """Return what the source tells of a row's past; None for nothing (blank, 0, or -1 for new)."""
    if len(cell) < 5 and cell.isascii() and cell.isdigit():
        return int(cell) or None
    bare = cell.strip()
    if bare in ("-1", "0", ""):
        return None
    found = _number(bare)
    if found is None or found > _MOST_TOLD:
        raise InvalidInput(
            f"Line {line:,}: {shown(cell)} is no number for {shown(column)}; write a whole number, or nothing."
        )
    return found


def _name(cell: str, line: int, column: str) -> str:
    found = clean(cell)
    if found is None:
        raise InvalidInput(f"Line {line:,} has nothing in {shown(column)}; every row of a chart needs it.")
    if len(found) > _LONGEST_NAME:
        raise InvalidInput(f"Line {line:,}: what is in {shown(column)} is longer than {_LONGEST_NAME:,} letters.")
    return found


def _uri(cell: str, line: int, column: str) -> str:
    if not cell:
        return ""
    found = _URI.fullmatch(cell.strip())
    if not found:
        raise InvalidInput(f"Line {line:,}: {shown(cell)} is no address of Spotify; leave it blank or mend it.")
    return f"spotify:{found[1]}:{found[2]}"
