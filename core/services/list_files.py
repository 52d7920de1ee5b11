"""Lists of songs as files other programs read: CSV, JSPF and XSPF."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

import polars as pl

from core.domain.playlists import ListedSong

FORMS = {
    "csv": "text/csv; charset=utf-8",
    "jspf": "application/jspf+json; charset=utf-8",
    "xspf": "application/xspf+xml; charset=utf-8",
}
COLUMNS = ("position", "name", "artist", "album", "uri", "mbid", "note")
_SPOTIFY = "https://open.spotify.com"
_RECORDING = "https://musicbrainz.org/recording"
# A spreadsheet runs a cell that starts with one of these as a formula; a leading apostrophe makes it text.
_FORMULA = r"^([=+\-@\t\r])"
# What XML 1.0 cannot hold at all.
_NOT_XML = {code: None for code in range(32) if code not in (9, 10, 13)} | {0xFFFE: None, 0xFFFF: None}
_NOT_XML |= dict.fromkeys(range(0xD800, 0xE000))


def written(form: str, title: str, songs: Sequence[ListedSong], *, about: str = "", made: datetime) -> bytes:
    """Return songs as a file of one of ``FORMS``."""
    if form == "csv":
        return as_csv(songs)
    forms: dict[str, Callable[..., bytes]] = {"jspf": as_jspf, "xspf": as_xspf}
    return forms[form](title, songs, about=about, made=made)


def as_csv(songs: Sequence[ListedSong]) -> bytes:
    """Return songs as a table: position (from 1), name, artist, album, uri, mbid, note; made for spreadsheets, too."""
    rows = [
        (place, each.name, each.artist, each.album, each.uri, str(each.mbid or ""), each.note)
        for place, each in enumerate(songs, start=1)
    ]
    schema = {name: pl.Int64 if name == "position" else pl.String for name in COLUMNS}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    safe = frame.with_columns(pl.col(pl.String).str.replace(_FORMULA, r"'$1"))
    return safe.write_csv(include_bom=True).encode()


def as_jspf(title: str, songs: Sequence[ListedSong], *, about: str = "", made: datetime) -> bytes:
    """Return songs as JSPF.

    Source: JSPF, the JSON form of XSPF 1 (xspf.org/jspf).
    """
    head = {"title": title, **({"annotation": about} if about else {}), "date": _moment(made)}
    tracks = [_track(each) for each in songs]
    return json.dumps({"playlist": {**head, "track": tracks}}, ensure_ascii=False, indent=1).encode(errors="replace")


def as_xspf(title: str, songs: Sequence[ListedSong], *, about: str = "", made: datetime) -> bytes:
    """Return songs as XSPF.

    Source: XSPF version 1 (xspf.org/spec).
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<playlist version="1" xmlns="http://xspf.org/ns/0/">']
    lines += [
        _tag("title", title, 1),
        *([_tag("annotation", about, 1)] if about else []),
        _tag("date", _moment(made), 1),
    ]
    lines.append(" <trackList>")
    for each in songs:
        fields = _track(each)
        lines.append("  <track>")
        lines += [_tag("identifier", one, 3) for one in fields.pop("identifier", [])]
        lines += [
            _tag(name, str(fields[name]), 3) for name in ("title", "creator", "annotation", "album") if name in fields
        ]
        lines.append("  </track>")
    lines += [" </trackList>", "</playlist>", ""]
    return "\n".join(lines).encode(errors="replace")


def _track(each: ListedSong) -> dict[str, Any]:
    """Return a song in the words of the format; what is unknown is left out. Identifiers are addresses."""
    parts = each.uri.split(":")
    known = [f"{_RECORDING}/{each.mbid}"] if each.mbid else []
    if len(parts) == 3 and parts[0] == "spotify":
        known.append(f"{_SPOTIFY}/{parts[1]}/{parts[2]}")
    fields = {
        "identifier": known,
        "title": each.name,
        "creator": each.artist,
        "annotation": each.note,
        "album": each.album,
    }
    return {name: value for name, value in fields.items() if value}


def _tag(name: str, words: str, depth: int) -> str:
    return f"{' ' * depth}<{name}>{escape(words.translate(_NOT_XML))}</{name}>"


def _moment(made: datetime) -> str:
    return made.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
