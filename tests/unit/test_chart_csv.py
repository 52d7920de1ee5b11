"""Chart files as people have them: both forms read, everything else refused in one sentence with its line."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from chart_files import sheet, spotify_file, weeks
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import InvalidInput
from core.domain.trends import ChartKey, Entry, Snapshot
from core.trends.chart_csv import read_chart
from core.trends.chart_sheet import COLUMNS

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
NAME = "chart-de-2026-08-20.csv"
HEADER = "rank,uri,artist_names,track_name,source,peak_rank,previous_rank,weeks_on_chart,streams"
SONG = "spotify:track:1Qrg8KqiBpW07V7PNxwwwL"


def read(text: str | bytes, name: str = NAME, **by_hand: object) -> tuple[Snapshot, ...]:
    data = text.encode() if isinstance(text, str) else text
    return read_chart(data, name, now=NOW, **by_hand)  # type: ignore[arg-type]


def refusal(text: str | bytes, name: str = NAME, **by_hand: object) -> str:
    with pytest.raises(InvalidInput) as refused:
        read(text, name, **by_hand)
    message = refused.value.message
    assert message.endswith((".", "?")), message
    assert "\n" not in message
    return message


def test_a_weekly_file_of_spotify() -> None:
    (week,) = weeks(1, country="de")
    songs, artists = read(week.data, week.name)
    assert songs.key == ChartKey("spotify", "track", "week", "DE")
    assert (songs.first, songs.until, songs.complete, songs.computed_at) == (
        date(2026, 8, 14),
        date(2026, 8, 21),
        True,
        NOW,
    )
    assert [entry.rank for entry in songs.entries] == list(range(1, 31))
    assert artists.key == ChartKey("spotify", "artist", "week", "DE")
    assert (artists.first, artists.until) == (songs.first, songs.until)


def test_every_column_of_spotify_is_kept() -> None:
    text = f'\ufeff{HEADER}\n1,"{SONG}","SZA, Tyler, The Creator","Kill Bill","A Label",1,-1,1,"41474366"\n'
    songs, artists = read(text, "regional-global-daily-2026-08-20.csv")
    expected = Entry(1, "Kill Bill", "SZA, Tyler, The Creator", 41_474_366, None, SONG, None, 1, 1)
    assert songs.entries == (expected,)
    assert songs.key == ChartKey("spotify", "track", "day", "ZZ")
    assert (songs.first, songs.until) == (date(2026, 8, 20), date(2026, 8, 21))
    assert [(e.rank, e.name, e.value) for e in artists.entries] == [
        (1, "SZA", 41_474_366),
        (2, "Tyler, The Creator", 41_474_366),
    ]


@pytest.mark.parametrize("column", ["days_on_chart", "streak", "weeks_on_chart"])
def test_daily_files_tell_by_their_columns(column: str) -> None:
    data = spotify_file({"Song 1": (1, -1, 1, 462, 5)}, weeks_column=column)
    songs, _ = read(data, "spotify_se_2026-08-20.csv")
    assert songs.entries[0].weeks == 462
    assert songs.key.window == ("day" if column == "days_on_chart" else "week")


def test_missing_ranks_stay_missing_and_order_does_not_matter() -> None:
    songs, _ = read("rank,title,artist\n7,Seven,B\n2,Two,A\n")
    assert [(e.rank, e.name, e.value) for e in songs.entries] == [(2, "Two", None), (7, "Seven", None)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_plain_files_in_any_dress(delimiter: str, encoding: str, ending: str) -> None:
    rows = ["Plays|Song|RANK|Artist Name", "1 234|Søng|1|Björk", "", "7|“Two”|2|B"]
    text = ending.join(rows).replace("|", delimiter)
    songs, artists = read(text.encode(encoding))
    assert songs.key == ChartKey("files", "track", "week", "DE")
    assert [(e.rank, e.name, e.artist, e.value) for e in songs.entries] == [
        (1, "Søng", "Björk", 1234),
        (2, "“Two”", "B", 7),
    ]
    assert [e.name for e in artists.entries] == ["Björk", "B"]


def test_without_titles_it_is_a_chart_of_artists() -> None:
    (artists,) = read('rank,artist,listeners\n1,"Earth, Wind & Fire",12\n')
    assert artists.key.kind == "artist"
    assert artists.entries == (Entry(1, "Earth, Wind & Fire", "", 12),)


def test_titles_alone_are_enough() -> None:
    (songs,) = read("rank,title\n1,One\n")
    assert songs.entries == (Entry(1, "One"),)


def test_albums_are_told_by_their_column_or_by_hand() -> None:
    (albums,) = read("rank,album,artist\n1,Ten,Pearl Jam\n")
    assert (albums.key.kind, albums.entries) == ("album", (Entry(1, "Ten", "Pearl Jam"),))
    (same,) = read("rank,title,artist\n1,Ten,Pearl Jam\n", kind="album")
    assert same == albums


@pytest.mark.parametrize("cell", ["1234", "1,234", "1.234", "1 234", "1'234", "1\u00a0234", "1\u202f234", " 1234 "])
def test_thousands_apart(cell: str) -> None:
    (songs,) = read(sheet([["rank", "title", "count"], [1, "One", cell]]))
    assert songs.entries[0].value == 1234


@pytest.mark.parametrize("cell", ["1,23", "1.5", "-5", "1e6", "12,34,567", "1,234.567", "many", "٣", "²", "1" * 40])
def test_what_is_no_count(cell: str) -> None:
    message = refusal(sheet([["rank", "title", "count"], [1, "One", cell]]))
    assert message.startswith("Line 2: “")
    assert "is no count" in message


@pytest.mark.parametrize("cell", ["abc", "0", "-1", "1.5", "", "10001", "９", "1e2", "99999999999999999999"])
def test_what_is_no_rank(cell: str) -> None:
    message = refusal(sheet([["rank", "title"], [1, "One"], [cell, "Two"]]))
    assert message == f"Line 3: “{cell}” is no rank; write whole numbers from 1 to 10,000."


BAD = {
    "empty": (b"", "The file is empty"),
    "blank": (b" \r\n \n", "The file is empty"),
    "no header": (b"1,One,Anna,5\n2,Two,Ben,4\n", "Line 1 names no columns."),
    "no rows": (b"rank,title\n", "names columns but holds no row"),
    "no rank": (b"title,artist\nOne,Anna\n", "names no column “rank”"),
    "no names": (b"rank,value\n1,5\n", "names no column “title”"),
    "unknown column": (b"rank,title,colour\n1,One,red\n", "Line 1: “colour” is no column"),
    "twice a column": (b"rank,title,plays,streams\n1,One,5,5\n", "Line 1: “streams” says again what “plays” says"),
    "twice a rank": (b"rank,title\n1,One\n2,Two\n1,Three\n", "Line 4: rank 1 is on line 2 already"),
    "no title": (b"rank,title\n1,One\n2,\n", "Line 3 has nothing in “title”"),
    "too few cells": (b"rank,title,artist\n1,One,Anna\n2,Tw", "Line 3 has 2 cells where the first line names 3"),
    "too many cells": (b"rank,title\n1,One, Two\n", "Line 2 has 3 cells where the first line names 2"),
    "open quote": (b'rank,title\n1,"One\n2,Two\n', "quotation marks"),
    "web page": (b"\n<!DOCTYPE html><html><body>Log in</body></html>", "This is a web page, not a chart"),
    "not UTF-8": ("rank,title\n1,Bj\u00f6rk\n".encode("latin-1"), "Line 2 holds bytes that are not UTF-8"),
    "half UTF-16": ("rank,title\n1,One\n".encode("utf-16")[:-1], "not UTF-8 text"),
    "zip": (b"PK\x03\x04" + bytes(100), "no text but a packed or binary file"),
    "gzip": (b"\x1f\x8b\x08" + bytes(100), "no text but a packed or binary file"),
    "NUL": (b"rank,title\n1,On\0e\n", "Line 2 holds bytes of zero"),
    "long line": (b"rank,title\n1," + b"x" * 30_000, "Line 2 is longer than"),
    "long name": (b"rank,title\n1," + b"x" * 1_001, "is longer than 1,000 letters"),
    "too many rows": (b"rank,title\n" + b"".join(b"%d,x\n" % n for n in range(1, 10_002)), "more than 10,000 rows"),
    "only newlines": (b"rank,title\n" + b"\n" * 1_000_000, "more than 10,000 rows"),
    "large": (b"rank,title\n" + b" " * 20_000_000, "larger than 20 MB"),
    "long header": (b"," * 50_000 + b"\n", "Line 1 is longer than"),
    "no address": (b"rank,title,uri\n1,One,spotify:track:short\n", "Line 2: “spotify:track:short” is no address"),
    "no weeks": (b"rank,title,weeks_on_chart\n1,One,(x3)\n", "Line 2: “(x3)” is no number for “weeks_on_chart”"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_refused_with_the_reason(case: str) -> None:
    data, words = BAD[case]
    assert words in refusal(data)


def test_a_chart_of_the_longest_kind_is_read() -> None:
    (songs,) = read("rank,title\n" + "".join(f"{n},Song {n}\n" for n in range(1, 10_001)))
    assert len(songs.entries) == 10_000


def test_what_a_file_holds_cannot_speak_for_us() -> None:
    message = refusal(b"rank,title\n\x1b[31m" + b"9" * 100 + b",One\n")
    assert "\x1b" not in message
    assert len(message) < 150


def test_columns_have_one_meaning() -> None:
    assert {name for name in COLUMNS if name != name.casefold() or " " in name} == set()


@given(
    st.lists(st.tuples(st.text(min_size=1), st.text(min_size=1), st.integers(0, 10**12)), min_size=1, max_size=20),
    st.sampled_from(",;\t"),
)
def test_whatever_is_written_is_read_back(rows: list[tuple[str, str, int]], delimiter: str) -> None:
    def fit(text: str) -> str:
        return "".join(c for c in text if c.isprintable() and not 0xD800 <= ord(c) < 0xE000).strip() or "x"

    told = [(rank, fit(title), fit(artist), value) for rank, (title, artist, value) in enumerate(rows, start=1)]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([("rank", "title", "artist", "value"), *told])
    songs, *_ = read(text.getvalue())
    assert [(e.rank, e.name, e.artist, e.value) for e in songs.entries] == told


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for given_ in (data, b"rank,title\n" + data, "rank,title\n".encode("utf-16") + data):
        try:
            charts = read(given_)
        except InvalidInput:
            continue  # anything else would be a bug
        assert all(chart.entries for chart in charts)


def test_the_real_file(shared: Path) -> None:
    path = shared / "charts" / "regional-global-weekly-2023-01-05.csv"
    songs, artists = read(path.read_bytes(), path.name)
    assert (songs.key, songs.first, songs.until) == (
        ChartKey("spotify", "track", "week", "ZZ"),
        date(2022, 12, 30),
        date(2023, 1, 6),
    )
    assert set(range(1, 201)) - {entry.rank for entry in songs.entries} == {142}
    first = songs.entries[0]
    assert (first.name, first.artist, first.value, first.previous, first.peak, first.weeks) == (
        *("Kill Bill", "SZA", 41_474_366),
        *(5, 1, 4),
    )
    total = {e.name: e.value for e in artists.entries}
    assert total["SZA"] == sum(e.value or 0 for e in songs.entries if "SZA" in e.artist.split(", "))


def test_a_table_copied_from_elsewhere_is_refused_clearly(shared: Path) -> None:
    path = shared / "charts" / "sg_dailytop50_2026-08-22.csv"
    assert refusal(path.read_bytes(), path.name) == (
        "Line 1 names no columns. The first line must name the columns, for example rank,title,artist,value."
    )


CELLS = st.sampled_from(["1", "2", " 3", "-1", "0", "", " ", "1,234", "x", "Ünder", "٣", "a\nb", 'q"', "9" * 16])


@given(st.lists(st.tuples(*[CELLS] * 6), min_size=1, max_size=6), st.sampled_from([",", ";"]))
def test_whole_columns_and_single_rows_say_the_same(rows: list[tuple[str, ...]], delimiter: str) -> None:
    """A blank line at the end makes no difference but in how a file is read."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([["rank", "title", "artist", "value", "previous", "weeks"], *rows])

    def answer(text: str) -> object:
        try:
            return read(text)
        except InvalidInput as refused:
            return refused.message

    assert answer(out.getvalue()) == answer(f"{out.getvalue()}\r\n")
