"""Chart files: those charts.spotify.com lets a person download, and plain ones of ``rank,title,artist,value``."""

import re
from collections.abc import Callable
from datetime import date, datetime

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
    make = _maker(sheet, kind)
    lines: dict[int, int] = {}
    found = []
    for line, row in sheet.rows:
        entry = make(line, row)
        earlier = lines.setdefault(entry.rank, line)
        if earlier != line:
            raise InvalidInput(
                f"Line {line:,}: rank {entry.rank:,} is on line {earlier:,} already; a file holds one chart with each "
                "rank once."
            )
        found.append(entry)
    found.sort(key=lambda entry: entry.rank)
    return tuple(found)


def _maker(sheet: Sheet, kind: Kind) -> Callable[[int, list[str]], Entry]:
    """Return what makes an entry of (line, row)."""
    places = sheet.places
    named = "artist" if kind == "artist" else "album" if "album" in places else "title"
    if named not in places:
        raise InvalidInput(f"The first line names no column “{named}”, which a chart of this kind needs.")
    name_at, rank_at = places[named], places["rank"]
    artist_at = places.get("artist", -1) if named != "artist" else -1
    value_at, uri_at = places.get("value", -1), places.get("uri", -1)
    previous_at, peak_at, weeks_at = (places.get(column, -1) for column in ("previous", "peak", "weeks"))

    def make(line: int, row: list[str]) -> Entry:
        name = _name(row[name_at], line, sheet.header[name_at])
        artist = _name(row[artist_at], line, sheet.header[artist_at]) if artist_at >= 0 else ""
        value = _value(row[value_at], line) if value_at >= 0 else None
        uri = _uri(row[uri_at], line) if uri_at >= 0 else ""
        previous = _told(row[previous_at], line, sheet.header[previous_at]) if previous_at >= 0 else None
        peak = _told(row[peak_at], line, sheet.header[peak_at]) if peak_at >= 0 else None
        weeks = _told(row[weeks_at], line, sheet.header[weeks_at]) if weeks_at >= 0 else None
        return Entry(_rank(row[rank_at], line), name, artist, value, None, uri, previous, peak, weeks)

    return make


def _rank(cell: str, line: int) -> int:
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


def _value(cell: str, line: int) -> int | None:
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


def _uri(cell: str, line: int) -> str:
    if not cell:
        return ""
    found = _URI.fullmatch(cell.strip())
    if not found:
        raise InvalidInput(f"Line {line:,}: {shown(cell)} is no address of Spotify; leave it blank or mend it.")
    return f"spotify:{found[1]}:{found[2]}"
