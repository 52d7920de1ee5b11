"""Writes a life as the zip Spotify would mail: the same folder, file names, keys, order and oddities."""

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.demo.account import account_files
from core.demo.items import Item
from core.demo.life import UNKNOWN, Life
from core.demo.listing import Account
from core.demo.playing import REASONS

FOLDER = "Spotify Extended Streaming History"
ROWS_PER_FILE = 16_000
_BEGINNING = (2026, 11, 1, 6, 0, 0)  # every entry's date: the same life gives the same bytes
_BLOCK = 2_000

_ITEM_KEYS = (
    "master_metadata_track_name",
    "master_metadata_album_artist_name",
    "master_metadata_album_album_name",
    "spotify_track_uri",
    "episode_name",
    "episode_show_name",
    "spotify_episode_uri",
    "audiobook_title",
    "audiobook_uri",
    "audiobook_chapter_uri",
    "audiobook_chapter_title",
)
_ROW = """  {{
    "ts": "{}",
    "platform": {},
    "ms_played": {},
    "conn_country": {},
    "ip_addr": {},
{}
    "reason_start": "{}",
    "reason_end": "{}",
    "shuffle": {},
    "skipped": {},
    "offline": {},
    "offline_timestamp": {},
    "incognito_mode": {}
  }}"""


def write_export(life: Life, path: Path, account: Account | None = None) -> None:
    """Write a life's zip to ``path``; the same life gives the same bytes (with the same build of zlib).

    ``account``: the lists and the saved library that lie beside the plays.
    """
    writer = _Writer(life)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in _files(life):
            _put(archive, f"{FOLDER}/{name}", writer.text(rows))
        # Real exports have this odd entry: a folder with content.
        _put(archive, f"{FOLDER}/", ["placeholder"])
        for name, text in account_files(account) if account else []:
            _put(archive, name, [text])


def _files(life: Life) -> list[tuple[str, NDArray[np.int64]]]:
    """Return the files' names with their rows."""
    audio, video = np.flatnonzero(~life.video), np.flatnonzero(life.video)
    parts = [audio[n : n + ROWS_PER_FILE] for n in range(0, len(audio), ROWS_PER_FILE)]
    files = [(f"Streaming_History_Audio_{_years(life, rows)}_{n}.json", rows) for n, rows in enumerate(parts)]
    return [*files, (f"Streaming_History_Video_{_years(life, video)}.json", video)]


def _years(life: Life, rows: NDArray[np.int64]) -> str:
    """Return the years of a file's rows as its name gives them: ``2019-2021``, or ``2022`` alone."""
    first, last = (datetime.fromtimestamp(int(life.ts[row]), UTC).year for row in (rows[0], rows[-1]))
    return str(first) if first == last else f"{first}-{last}"


def _put(archive: zipfile.ZipFile, name: str, pieces: list[str]) -> None:
    """Add an entry, piece by piece."""
    info = zipfile.ZipInfo(name, _BEGINNING)
    info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
    with archive.open(info, "w") as entry:
        for piece in pieces:
            entry.write(piece.encode())


class _Writer:
    """Turns rows into JSON text; what repeats is written once and looked up."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._items = [_item_lines(item) for item in life.items]
        self._sittings = [tuple(_quoted(text) for text in sitting) for sitting in life.sittings]

    def text(self, rows: NDArray[np.int64]) -> list[str]:
        """Return a file's text in pieces."""
        pieces = []
        for n in range(0, len(rows), _BLOCK):
            block = ",\n".join(self._rows(rows[n : n + _BLOCK]))
            pieces.append(("[\n" if n == 0 else ",\n") + block)
        return [*pieces, "\n]"]

    def _rows(self, rows: NDArray[np.int64]) -> list[str]:
        """Return some rows as JSON objects."""
        life = self._life
        moments = np.datetime_as_string(life.ts[rows].astype("datetime64[s]"), timezone="UTC").tolist()
        numbers = (life.item, life.sitting, life.ms, life.start, life.end, life.offline_timestamp)
        truths = (life.shuffle, life.skipped, life.offline, life.incognito)
        columns = zip(moments, *(each[rows].tolist() for each in (*numbers, *truths)), strict=True)
        return [self._row(*values) for values in columns]

    def _row(
        self,
        ts: str,
        item: int,
        sitting: int,
        ms: int,
        start: int,
        end: int,
        stamp: int,
        shuffle: bool,
        skipped: bool,
        offline: bool,
        incognito: bool,
    ) -> str:
        """Return one row as a JSON object."""
        platform, country, address = self._sittings[sitting]
        about = self._items[item]
        reasons = REASONS[start], REASONS[end]
        began = "null" if stamp == UNKNOWN else stamp
        flags = _truth(shuffle), _truth(skipped), _truth(offline)
        return _ROW.format(ts, platform, ms, country, address, about, *reasons, *flags, began, _truth(incognito))


def _truth(value: bool) -> str:
    """Return JSON's word for a truth value."""
    return "true" if value else "false"


def _quoted(text: str | None) -> str:
    """Return a text as JSON, its letters as they are."""
    return json.dumps(text, ensure_ascii=False)


def _item_lines(item: Item) -> str:
    """Return the lines that tell what was played."""
    values: dict[str, str] = {}
    if item.kind == "music":
        values = dict(zip(_ITEM_KEYS[:4], (item.name, item.by, item.within, f"spotify:track:{item.key}"), strict=True))
    if item.kind == "podcast":
        values = dict(zip(_ITEM_KEYS[4:7], (item.name, item.within, f"spotify:episode:{item.key}"), strict=True))
    if item.kind == "audiobook":
        addresses = f"spotify:show:{item.within_key}", f"spotify:episode:{item.key}"
        values = dict(zip(_ITEM_KEYS[7:], (item.within, *addresses, item.name), strict=True))
    return "\n".join(f'    "{key}": {_quoted(values.get(key))},' for key in _ITEM_KEYS)
