"""Odd inputs made here: what each file holds and what must become of it."""

import gzip
import io
import struct
import tarfile
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from exports import AUDIO, NO_NAMES, account_row, as_json, as_zip, row

GOOD = [row(0), row(1), row(2)]


@dataclass(frozen=True)
class Case:
    """A file by its name, and either the code of its refusal or the counts on its sheet."""

    name: str
    content: bytes
    code: str = ""
    by_reason: dict[str, int] = field(default_factory=dict)
    says: str = ""
    id: str = ""


def _case(id_: str, name: str, content: Any, outcome: str | dict[str, int], says: str = "") -> Case:
    data = content if isinstance(content, bytes) else as_json(content)
    code, counts = (outcome, {}) if isinstance(outcome, str) else ("", outcome)
    return Case(name, data, code, counts, says, id_)


def _patched(data: bytes, offset_in_entry: int, value: bytes) -> bytes:
    """Return a zip of one entry with bytes of its directory entry replaced."""
    at = data.rfind(b"PK\x01\x02") + offset_in_entry
    return data[:at] + value + data[at + len(value) :]


def _symlink() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("endsong_0.json")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return buffer.getvalue()


def _tar_gz() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        info = tarfile.TarInfo("endsong_0.json")
        info.size = len(as_json(GOOD))
        archive.addfile(info, io.BytesIO(as_json(GOOD)))
    return buffer.getvalue()


def _bad_crc() -> bytes:
    data = as_zip({AUDIO: GOOD}, method=zipfile.ZIP_STORED)
    at = data.index(b"Track 1")
    return data[:at] + b"Trick 1" + data[at + 7 :]


def _text(rows: Any) -> str:
    return as_json(rows).decode()


def _containers() -> list[Case]:
    good = as_zip({AUDIO: GOOD})
    lying = _patched(as_zip({AUDIO: GOOD}), 24, struct.pack("<L", 10))
    aes = _patched(_patched(good, 8, struct.pack("<H", 1)), 10, struct.pack("<H", 99))
    many = {f"{n}.txt": b"x" for n in range(600)}
    mac = {AUDIO: GOOD, f"__MACOSX/{AUDIO}": b"\0\5\x16\7", f"{AUDIO[:35]}._a.json": b"\0", "a/.DS_Store": b"\0"}
    private = {AUDIO: GOOD, "MyData/UserAddress.json": b"List(Map(", "MyData/Payments.json": b"\xff"}
    both = {AUDIO: GOOD, "MyData/StreamingHistory_music_0.json": [account_row(0), account_row(9)]}
    strange = {"a/whatever.json": GOOD, "a/other.json": {"x": 1}, "a/empty.json": [], "a/list.json": [1, 2]}
    one_bad = {AUDIO: GOOD, f"{AUDIO[:-6]}1.json": b'[{"ts": "2024-01-01T12:00:00Z", "ms_played": 1'}
    three = {"play": 3}
    return [
        _case("002", "a.zip", good[:-60], "bad-zip"),
        _case("002 cut inside", "a.zip", good[:200], "bad-zip"),
        _case("004", "a.zip", as_zip({}), "no-history", "Extended streaming history"),
        _case("006", "a.zip", as_zip({AUDIO: b" " * 50_000_000}), "too-large"),
        _case("006 in rows", "a.zip", as_zip({AUDIO: b"[" + b"{}," * 9_000_000 + b"{}]"}), "too-large"),
        _case("008", "a.zip", lying, "bad-zip"),
        _case("010", "a.zip", _bad_crc(), "bad-zip"),
        _case("012", "a.zip", _symlink(), "bad-json"),
        _case("014", "a.zip", as_zip(mac), three),
        _case("016", "a.zip", as_zip(many), "too-many-files"),
        _case("018", "a.zip", as_zip(both), {"play": 4, "in_extended_history": 1}),
        _case("020", "a.zip", as_zip({"photos/a.jpg": b"\xff\xd8"}), "no-history"),
        _case("020 other service", "a.zip", as_zip({"listens/2024/1.jsonl": b"{}"}), "unsupported"),
        _case("021 lzma", "a.zip", as_zip({AUDIO: GOOD}, method=zipfile.ZIP_LZMA), three),
        _case("022", "a.zip", aes, "encrypted"),
        _case("024", "a.tar.gz", _tar_gz(), "unknown-type", "gzip"),
        _case("024 tar", "a.tar", gzip.decompress(_tar_gz()), "unknown-type", "tar"),
        _case("026", "a.zip", b"Rar!\x1a\x07\x01\0" + bytes(40), "unknown-type", "RAR"),
        _case("026 7z", "a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(40), "unknown-type"),
        _case(
            "028", "endsong_0.json", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "bad-json"
        ),
        _case("031", "a.zip", as_zip(private), three),
        _case("other name", "a.zip", as_zip(strange), three),
        _case("one file broken", "a.zip", as_zip(one_bad), three),
        _case("all files broken", "a.zip", as_zip({AUDIO: b'[{"ts":'}), "bad-json", "ends in the middle"),
    ]


def _texts() -> list[Case]:
    first_podcast = [_episode(0), *[row(n) for n in range(1, 4)]]
    huge = f"[{_text(row(0))}, {_text(row(1)).replace('200000', '9' * 5000)}]".encode()
    nested = b'[{"ts": "2024-01-01T12:00:00Z", "x": ' + b"[" * 100_000
    latin = _text([row(0, master_metadata_track_name="X")]).replace('"X"', '"Beyonc\xe9"').encode("latin-1")
    excel = b"ts;ms_played;master_metadata_track_name\n04/05/2023 13:30;1.234;A\n"
    nan = _text([row(0), row(1, ms_played=5)]).replace('"ms_played": 5', '"ms_played": NaN').encode()
    name = "endsong_0.json"
    return [
        _case("040", name, b"", "empty-file"),
        _case("040 blanks", name, b" \r\n ", "empty-file"),
        _case("042", name, row(0), "shape"),
        _case("044", name, [1, "two", None, [3]], {"error_not_a_row": 4}),
        _case("044 among rows", name, [row(0), 5, row(1)], {"play": 2, "error_not_a_row": 1}),
        _case("046", name, b"\xef\xbb\xbf" + as_json(GOOD), {"play": 3}),
        _case("047 big endian", name, b"\xfe\xff" + _text(GOOD).encode("utf-16-be"), {"play": 3}),
        _case("048", name, latin, "bad-json", "byte"),
        _case("050", name, as_json(GOOD)[:-300], "bad-json", "ends in the middle"),
        _case("050 in a word", name, as_json(GOOD)[:-4], "bad-json", "ends in the middle"),
        _case("051 edited", name, as_json(GOOD)[:-1] + b",]", "bad-json", "edited. Upload it"),
        _case("050 two lists", name, as_json(GOOD) * 2, "bad-json", "several"),
        _case("052", name, as_json(GOOD).replace(b"{", b"{ {", 1), "bad-json"),
        _case("054", name, nan, {"play": 1, "error_bad_duration": 1}),
        _case(
            "054 elsewhere",
            name,
            as_json(GOOD).replace(b'"android"', b"Infinity", 1),
            {"play": 2, "error_bad_value": 1},
        ),
        _case("055 inside", name, nested, "bad-json"),
        _case("056", name, huge, {"play": 1, "error_bad_duration": 1}),
        _case("058", name, first_podcast, {"podcast": 1, "play": 3}),
        _case("excel", "endsong_0.csv", excel, "shape", '"ts"'),
        _case("a number", name, b"12", "shape"),
        _case("other rows", name, [{"a": 1}], "no-history"),
        _case("minified", name, _text(GOOD).replace(" ", "").encode(), {"play": 3}),
        _case("blank before colon", name, _text(GOOD).replace('":', '" :').encode(), {"play": 3}),
    ]


def _episode(number: int, **changes: Any) -> dict[str, Any]:
    uri = f"spotify:episode:{number:022d}"
    return row(number, **NO_NAMES, episode_name="Ep", episode_show_name="Show", spotify_episode_uri=uri) | changes


def _strings() -> list[Case]:
    def one(id_: str, outcome: dict[str, int], **changes: Any) -> Case:
        return _case(id_, "endsong_0.json", [row(0, **changes)], outcome)

    play = {"play": 1}
    return [
        one("070", play, master_metadata_track_name="A\0B", master_metadata_album_artist_name="\0"),
        one("070 uri", play, spotify_track_uri="spotify:track:\0abc"),
        one("071 low", play, master_metadata_track_name="A\udc00"),
        one("072", play, master_metadata_track_name="👩‍🚀 \u202egnos"),
        one("074", play, master_metadata_track_name="x" * 300),
        one("076", play, master_metadata_track_name='<script>alert(1)</script> =HYPERLINK("x") $x$ [a](javascript:b)'),
        one("078", play, spotify_track_uri="", reason_end="", platform="", conn_country=""),
        one("078 all", {"unidentified": 1}, **dict.fromkeys(NO_NAMES, "")),
        one("080", play, spotify_track_uri=None),
        one("082", play, spotify_track_uri="not a uri at all"),
        one("number for a name", play, master_metadata_track_name=1999),
        one("list for a name", {"error_bad_value": 1}, master_metadata_track_name=["a"]),
    ]


def _values() -> list[Case]:
    def one(id_: str, outcome: dict[str, int], **changes: Any) -> Case:
        return _case(id_, "endsong_0.json", [row(0, **changes)], outcome)

    play, tomorrow = {"play": 1}, (datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    no_time, no_duration = row(0), row(0)
    del no_time["ts"], no_duration["ms_played"]
    batch = [
        row(n % 40, ts="2024-02-01T00:00:00Z", offline=True, offline_timestamp=1706600000 + 250 * n) for n in range(125)
    ]
    start = {"offline": True, "offline_timestamp": 1704100000}
    later = {"ts": "2024-01-04T20:00:00Z"}
    return [
        one("084", {"error_negative_duration": 1}, ms_played=-1),
        one("086", {"short_play": 1}, ms_played=29_999),
        one("088", play, ms_played="200000", offline_timestamp="1704110000"),
        one("088 no number", {"error_bad_duration": 1}, ms_played="three minutes"),
        one("090", play, ms_played=15 * 3_600_000),
        one("092", {"error_future": 1}, ts=tomorrow),
        one("094", {"error_too_old": 1}, ts="2005-12-31T23:59:59Z"),
        one("096", play, ts="2024-01-01 12:00:00"),
        one("100", {"error_bad_time": 1}, ts="yesterday"),
        one("100 day first", {"error_bad_time": 1}, ts="04/05/2023 13:30"),
        one("100 no such day", {"error_bad_time": 1}, ts="2023-02-30T12:00:00Z"),
        one("100 a number", {"error_bad_time": 1}, ts=1704110400),
        _case("098", "endsong_0.json", [no_time, row(1)], {"error_missing_time": 1, "play": 1}),
        _case("098 duration", "endsong_0.json", [no_duration, row(1)], {"error_missing_duration": 1, "play": 1}),
        _case("102", "endsong_0.json", [row(0)] * 5, {"play": 1, "duplicate": 4}),
        _case("104", "endsong_0.json", batch, {"play": 125}),
        _case("106", "endsong_0.json", [row(0, **start), row(0, **start, **later)], {"play": 1, "duplicate_start": 1}),
        one("108", play, offline_timestamp=0),
        one("110", play, shuffle=1, skipped=0, offline="false", incognito_mode=1),
        one("112", play, new_key={"a": [1, {"b": 2}]}, another="x"),
        one("114", {"audiobook": 1}, **NO_NAMES, audiobook_title="B", audiobook_uri="spotify:show:1"),
        one("116", play, conn_country="ZZ"),
        one("118", play, offline_timestamp=1704110400 + 4 * 86_400),
        one("podcast without uri", {"podcast": 1}, **NO_NAMES, episode_name="E"),
        _case("podcast", "endsong_0.json", [_episode(0)], {"podcast": 1}),
    ]


def _accounts() -> list[Case]:
    name = "StreamingHistory_music_0.json"
    nobody = account_row(0, artistName="Unknown Artist", trackName="Unknown Track")
    band = account_row(1, artistName="Unknown Mortal Orchestra")
    episode = {"endTime": "2024-01-01 12:00", "podcastName": "P", "episodeName": "E", "msPlayed": 60_000}
    return [
        _case("130 one old file", "StreamingHistory.json", [account_row(0)], {"play": 1}),
        _case("132", "StreamingHistory_podcast_0.json", [episode], {"podcast": 1}),
        _case("134", name, [nobody, band], {"unidentified": 1, "play": 1}),
        _case("136 no name", name, [account_row(0, trackName="")], {"unidentified": 1}),
        _case("137 seconds", name, [account_row(0, endTime="2024-01-01 12:00:59")], {"play": 1}),
        _case("138 bad time", name, [account_row(0, endTime="01.01.2024 12:00")], {"error_bad_time": 1}),
        _case("139 twice", name, [account_row(0)] * 2, {"play": 1, "duplicate": 1}),
    ]


CASES = [*_containers(), *_texts(), *_strings(), *_values(), *_accounts()]
