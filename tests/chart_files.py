"""Made chart files: weeks of one chart whose told columns follow from its own history."""

import csv
import io
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

SPOTIFY = ("rank", "uri", "artist_names", "track_name", "source", "peak_rank", "previous_rank")


@dataclass(frozen=True)
class Week:
    """A made weekly file: its name, its bytes, and what it tells of each song: rank, previous, peak, weeks, streams."""

    name: str
    data: bytes
    told: Mapping[str, tuple[int, int, int, int, int]]
    last_day: date


def weeks(
    count: int, *, country: str = "global", last: date = date(2026, 8, 20), size: int = 30, seed: int = 1
) -> list[Week]:
    """Return weekly files of a chart from its first week on; the newest ends on ``last``."""
    drawn = random.Random(seed)
    songs = [f"Song {n}" for n in range(size + 10)]
    strength = {song: drawn.uniform(1, 2) for song in songs}
    peak: dict[str, int] = {}
    on: dict[str, int] = {}
    before: dict[str, int] = {}
    made = []
    for number in range(count):
        for song in songs:
            strength[song] *= drawn.uniform(0.8, 1.25)
        ranked = sorted(songs, key=lambda song: -strength[song])[:size]
        told = {}
        for rank, song in enumerate(ranked, start=1):
            peak[song], on[song] = min(rank, peak.get(song, rank)), on.get(song, 0) + 1
            told[song] = (rank, before.get(song, -1), peak[song], on[song], round(strength[song] * 1e6) - rank)
        before = {song: row[0] for song, row in told.items()}
        day = last - timedelta(weeks=count - 1 - number)
        made.append(Week(f"regional-{country}-weekly-{day}.csv", spotify_file(told), told, day))
    return made


def spotify_file(told: Mapping[str, tuple[int, int, int, int, int]], *, weeks_column: str = "weeks_on_chart") -> bytes:
    """Return a file as charts.spotify.com writes them: a byte-order mark, names in quotes, joined by commas."""
    rows = [[*SPOTIFY, weeks_column, "streams"]]
    for song, (rank, previous, peak, on, streams) in told.items():
        number = int(song.split()[-1])
        artists = f"Artist {number % 12}" + (f", Guest {number}" if number % 5 == 0 else "")
        cells = [rank, f"spotify:track:{number:022}", artists, song, "A Label", peak, previous, on, streams]
        rows.append([str(cell) for cell in cells])
    return b"\xef\xbb\xbf" + sheet(rows)


def sheet(rows: Sequence[Sequence[object]], *, delimiter: str = ",") -> bytes:
    """Return rows as a CSV file."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
