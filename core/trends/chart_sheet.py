"""Bytes of a chart file as numbered rows under known columns; what is no such sheet is refused in one sentence."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from core.domain.errors import InvalidInput

MOST_BYTES = 20_000_000
MOST_ROWS = 10_000
_LONGEST_LINE = 20_000
_SHOWN = 40
FORM = "The first line must name the columns, for example rank,title,artist,value"
# What columns are called, by what they hold; small letters, blanks and hyphens as underscores.
_NAMES = {
    "rank": "rank position pos place #",
    "title": "title name track song track_name song_name track_title song_title",
    "artist": "artist artists artist_name artist_names artist(s)",
    "album": "album album_name album_title",
    "value": "value values plays listens streams listeners count playcount play_count scrobbles",
    "uri": "uri spotify_uri url",
    "peak": "peak peak_rank peak_position",
    "previous": "previous previous_rank last_rank last_week",
    "weeks": "weeks weeks_on_chart days_on_chart streak",
    "label": "source label",
}
COLUMNS = {name: column for column, names in _NAMES.items() for name in names.split()}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's rows, and the line each ends on; ``places``: where each column is. ``header`` as it is written."""

    header: tuple[str, ...]
    places: Mapping[str, int]
    lines: Sequence[int]
    rows: Sequence[list[str]]


def shown(cell: str) -> str:
    """Return foreign text for a sentence: in quotes, without control characters, cut where it is long."""
    plain = "".join(c if c.isprintable() else " " for c in cell[: _SHOWN + 1]).strip()
    return f"“{plain[:_SHOWN]}…”" if len(plain) > _SHOWN else f"“{plain}”"


def too_large() -> InvalidInput:
    """Return the refusal of a file that is larger than any chart."""
    return InvalidInput(
        f"The file is larger than {MOST_BYTES // 1_000_000} MB, which no chart is; put in the CSV file of one chart."
    )


def read_sheet(data: bytes) -> Sheet:
    """Return the rows of a file with comma, semicolon or tab between its cells.

    Raises:
        InvalidInput: it is none; the sentence names the line, the reason and what to do.
    """
    text = _text(data)
    delimiter = _delimiter(text)
    if plain := _plain(text, delimiter):
        return plain
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines = _lines(reader)
    try:
        at, header = next(lines, (0, []))
        places = _places(tuple(header), at)
        rows = [(at, _fitting(row, at, len(header))) for at, row in lines]
    except csv.Error as error:
        raise InvalidInput(
            f"Line {reader.line_num:,}: quotation marks that begin there do not end as they should; "
            "download the file again, or save it anew as CSV."
        ) from error
    if not rows:
        raise InvalidInput("The file names columns but holds no row; download it again.")
    return Sheet(tuple(header), places, *zip(*rows, strict=True))


def _plain(text: str, delimiter: str) -> Sheet | None:
    """Return the rows of a file whose every line is a whole row, as of nearly all; None for any other."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header, *rows = reader
    except (csv.Error, ValueError):
        return None
    if not 0 < len(rows) == reader.line_num - 1 <= MOST_ROWS or {len(header)} != set(map(len, rows)):
        return None  # rows over several lines, blank lines, too many, or with more cells than the first
    if not any(map(str.strip, header)) or not all(map(str.strip, map(itemgetter(0), rows))):
        return None
    return Sheet(tuple(header), _places(tuple(header), 1), range(2, len(rows) + 2), rows)


def _text(data: bytes) -> str:
    """Return a file as text; raises ``InvalidInput`` for what is none."""
    if len(data) > MOST_BYTES:
        raise too_large()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif data.startswith((b"PK\x03\x04", b"\x1f\x8b", b"%PDF", b"\x89PNG", b"\xd0\xcf\x11\xe0")):
        raise InvalidInput("This is no text but a packed or binary file; put in the CSV file itself.")
    else:
        encoding = "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidInput(f"Line {line:,} holds bytes that are not UTF-8 text; save the file as UTF-8.") from error
    if not text.strip():
        raise InvalidInput("The file is empty; download it again.")
    if text.lstrip()[:1] == "<":
        raise InvalidInput("This is a web page, not a chart: sign in at charts.spotify.com and download the CSV again.")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InvalidInput(f"Line {line:,} holds bytes of zero, so this is no CSV file; save it as CSV.")
    if text.count("\n") > 2 * MOST_ROWS or max(map(len, text.split("\n"))) > _LONGEST_LINE:
        _check_lines(text)
    return text


def _check_lines(text: str) -> None:
    """Raise ``InvalidInput`` where a line is longer than any row of a chart, or there are far too many."""
    start = 0
    for number, end in enumerate(re.finditer(r"\r\n?|\n|\Z", text), start=1):
        if end.start() - start > _LONGEST_LINE:
            raise InvalidInput(f"Line {number:,} is longer than {_LONGEST_LINE:,} letters, which no row of a chart is.")
        if number > 2 * MOST_ROWS:
            raise _too_many()
        start = end.end()


def _too_many() -> InvalidInput:
    return InvalidInput(
        f"The file has more than {MOST_ROWS:,} rows; a chart has at most that many, so keep the first ones."
    )


def _delimiter(text: str) -> str:
    """Return what stands between the cells, as far as the first line tells."""
    first = text.lstrip().split("\n", 1)[0].split("\r", 1)[0]
    return max(",;\t", key=lambda mark: sum(_known(cell.strip('" ')) in COLUMNS for cell in first.split(mark)))


def _known(cell: str) -> str:
    return re.sub(r"[\s-]+", "_", cell.strip().casefold())


def _lines(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield rows that are not blank with the number of the line each ends on; at most what a chart may have."""
    count = 0
    for row in reader:
        if row and (row[0].strip() or any(cell.strip() for cell in row)):
            count += 1
            if count > MOST_ROWS + 1:
                raise _too_many()
            yield reader.line_num, row  # type: ignore[attr-defined]


@lru_cache(maxsize=64)
def _places(header: tuple[str, ...], at: int) -> Mapping[str, int]:
    """Return where each column is; raises ``InvalidInput`` for a header that cannot be used."""
    known = [COLUMNS.get(_known(cell), "") for cell in header]
    if not any(known):
        raise InvalidInput(f"Line {at or 1:,} names no columns. {FORM}.")
    places: dict[str, int] = {}
    for place, (column, cell) in enumerate(zip(known, header, strict=True)):
        if not column and cell.strip():
            raise InvalidInput(f"Line {at:,}: {shown(cell)} is no column that is known here; leave it out. {FORM}.")
        if column in places:
            raise InvalidInput(
                f"Line {at:,}: {shown(cell)} says again what {shown(header[places[column]])} says; keep one."
            )
        if column:
            places[column] = place
    for needed in (("rank",), ("title", "artist", "album")):
        if not places.keys() & set(needed):
            raise InvalidInput(f"Line {at:,} names no column “{needed[0]}”. {FORM}.")
    return places


def _fitting(row: list[str], at: int, width: int) -> list[str]:
    """Return a row that has as many cells as there are columns; blank ones at its end may be more."""
    if len(row) != width and (len(row) < width or any(cell.strip() for cell in row[width:])):
        raise InvalidInput(
            f"Line {at:,} has {len(row)} cells where the first line names {width} columns; "
            "download the file again, or put names with commas in quotation marks."
        )
    return row[:width]
