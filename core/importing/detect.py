"""Tells by its content what a file is: a history of Spotify, a saved library, another service's export, or none."""

import json
import re
from enum import StrEnum
from typing import Any

from core.importing import refusals
from core.importing.text import DECODER, NotJson, as_utf8, parse

HEAD = 1 << 16
_ROWS = 50


class Format(StrEnum):
    """What Playprint reads; the value is the word on the sheet."""

    EXTENDED = "extended history"
    ACCOUNT = "account data"
    LIBRARY = "saved library"
    PLAYLISTS = "playlists"
    UNKNOWN = "unknown"


# Rows of other services, told by keys that stand together in them.
_OTHER_ROWS: tuple[tuple[set[str], str], ...] = (
    ({"header", "title"}, "a Google Takeout history"),
    ({"titleUrl", "time"}, "a Google Takeout history"),
    ({"@attr", "track"}, "a Last.fm export"),
    ({"listened_at", "track_metadata"}, "a ListenBrainz export"),
    ({"timeMs", "track"}, "a Pano Scrobbler export"),
)
_OTHER_OBJECTS: tuple[tuple[set[str], str], ...] = (
    ({"maloja"}, "a Maloja export"),
    ({"scrobbles"}, "a Last.fm export"),
    ({"recenttracks"}, "a Last.fm export"),
    ({"listens", "version"}, "a Koito export"),
    ({"listened_at"}, "a ListenBrainz export"),
    ({"timeMs"}, "a Pano Scrobbler export"),
)
_OTHER_TABLES: tuple[tuple[set[str], str], ...] = (
    ({"uts", "artist", "track"}, "a Last.fm table"),
    ({"artist", "track", "album", "albumid"}, "a Last.fm table"),
    ({"entry_date", "track_title", "artist_name"}, "a Tidal table"),
    ({"play_time", "track_title"}, "a SoundCloud table"),
    ({"event start timestamp"}, "an Apple Music table"),
    ({"song name"}, "an Apple Music table"),
    ({"content name"}, "an Apple Music table"),
    ({"track description"}, "an Apple Music table"),
    ({"date played"}, "an Apple Music table"),
    ({"time", "artist", "track"}, "a libre.fm table"),
)
_OWN_COLUMNS = ("ts", "endtime", "ms_played", "msplayed")


def detect(head: bytes, whole: "bytes | None", label: str) -> Format:
    """Return what a file is from its first ``HEAD`` bytes, and from its ``whole`` content if that is asked for.

    Raises:
        ImportRejected: it is nothing Playprint reads, with the sentence that says why.
        NeedsWhole: its first bytes do not tell; call again with ``whole``.
    """
    text = b"".join(as_utf8(iter([whole if whole is not None else head]))).decode(errors="ignore").lstrip()
    if not text and whole is None and len(head) >= HEAD:
        raise NeedsWhole
    if not text:
        raise refusals.empty_file(label)
    if text.startswith("["):
        return _list(text, whole, label)
    if text.startswith("{"):
        return _object(text, whole, label)
    raise _no_json(text, label)


class NeedsWhole(Exception):
    """The beginning of a file does not tell what it is."""


def first_rows(text: str) -> tuple[list[Any], bool]:
    """Return the first rows of a JSON list and whether any row or the list's end was found."""
    rows: list[Any] = []
    at = 1
    while len(rows) < _ROWS:
        at += len(text[at : at + HEAD]) - len(text[at : at + HEAD].lstrip())
        if text[at : at + 1] == "]":
            return rows, True
        try:
            row, at = DECODER.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError):
            return rows, bool(rows)
        rows.append(row)
        at += len(text[at : at + HEAD]) - len(text[at : at + HEAD].lstrip())
        at += text[at : at + 1] == ","
    return rows, True


def _list(text: str, whole: bytes | None, label: str) -> Format:
    """Return what a JSON list is by the keys of its first rows: the first row alone may be an odd one."""
    rows, told = first_rows(text)
    if not told:
        if whole is None:
            raise NeedsWhole
        _must_parse(whole, label)
    dicts = [row for row in rows if isinstance(row, dict)]
    keys: set[str] = set().union(*dicts)
    if found := _history(keys):
        return found
    if not dicts:
        return Format.UNKNOWN
    _refuse_other(_OTHER_ROWS, keys, label)
    if whole is None:
        raise NeedsWhole
    _must_parse(whole, label)
    raise refusals.no_history(label)


def _history(keys: set[str]) -> Format | None:
    """Return which history rows with these keys are of."""
    spotify = any(key.startswith(("master_metadata_", "spotify_", "episode_", "audiobook_")) for key in keys)
    if {"ts", "ms_played"} <= keys or (spotify and keys & {"ts", "ms_played"}):
        return Format.EXTENDED
    named = keys & {"trackName", "artistName", "podcastName", "episodeName", "audiobookName", "chapterName"}
    return Format.ACCOUNT if {"endTime", "msPlayed"} <= keys or (named and keys & {"endTime", "msPlayed"}) else None


def _object(text: str, whole: bytes | None, label: str) -> Format:
    """Return what a JSON object is: a library, playlists, or nothing that is read."""
    if whole is None:
        raise NeedsWhole
    first_line = text.splitlines()[0]
    try:
        value = parse(text.encode())
    except NotJson as error:
        _refuse_other(_OTHER_OBJECTS, _keys_of(first_line), label)
        raise refusals.bad_json(label, error.problem) from error
    keys = set(value) if isinstance(value, dict) else set()
    if isinstance(value.get("playlists"), list):
        return Format.PLAYLISTS
    if len(keys & {"tracks", "albums", "shows", "episodes", "bannedTracks", "artists", "bannedArtists"}) >= 3:
        return Format.LIBRARY
    _refuse_other(_OTHER_OBJECTS, keys, label)
    raise refusals.shape(label, "is one JSON object instead of a list of plays")


def _keys_of(line: str) -> set[str]:
    """Return the keys of a line that is a JSON object, else none."""
    try:
        value = DECODER.decode(line)
    except (json.JSONDecodeError, RecursionError):
        return set()
    return set(value) if isinstance(value, dict) else set()


def _must_parse(whole: bytes, label: str) -> None:
    """Raise the refusal of a file that is not JSON at all."""
    try:
        parse(b"".join(as_utf8(iter([whole]))))
    except NotJson as error:
        raise refusals.bad_json(label, error.problem) from error


def _refuse_other(known: tuple[tuple[set[str], str], ...], keys: set[str], label: str) -> None:
    """Raise the refusal of another service's export if the keys are one's."""
    for signature, service in known:
        if signature <= keys:
            raise refusals.unsupported(label, service)


def _no_json(text: str, label: str) -> Exception:
    """Return the refusal of a text that begins like no JSON list or object."""
    if text.startswith("<"):
        if "outer-cell" in text:
            return refusals.unsupported(label, "a Google Takeout page")
        return refusals.bad_json(label, "is a web page instead of the file")
    if text.startswith("version https://git-lfs"):
        return refusals.bad_json(label, "is a pointer of Git LFS instead of the file itself")
    if text.startswith("#AUDIOSCROBBLER"):
        return refusals.unsupported(label, "a scrobbler log")
    first_line = text.splitlines()[0]
    columns = {re.sub(r"#.*", "", name).strip(' "').lower() for name in re.split(r"[,;\t]", first_line)}
    for signature, service in _OTHER_TABLES:
        if signature <= columns:
            return refusals.unsupported(label, service)
    if re.search(r",\"?\d{1,2} \w{3} \d{4},? \d\d:\d\d\"?$", first_line):
        return refusals.unsupported(label, "a Last.fm table")
    for name in _OWN_COLUMNS:
        if name in columns:
            return refusals.shape(label, f'is a re-saved table whose column "{name}" may have been changed')
    if first_line[:1] in '"-0123456789tfn' and _is_scalar(text):
        return refusals.shape(label, "is a single value instead of a list of plays")
    return refusals.bad_json(label, "is not JSON")


def _is_scalar(text: str) -> bool:
    """Return whether a whole text is one JSON value."""
    try:
        DECODER.decode(text)
    except (json.JSONDecodeError, RecursionError):
        return False
    return True
