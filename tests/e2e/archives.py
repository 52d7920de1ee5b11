"""An extended history to upload: two years, three artists, one of them only in the second year."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import exports

ARTISTS = [("Ada Moll", "Kanten"), ("The Long Tide", "Low Water"), ("Nils <b>Bold</b>", "=SUM(A1)")]
START = datetime(2023, 1, 2, 7, 0, tzinfo=UTC)


def row(moment: datetime, artist: int, track: int, ms: int = 200_000, **changes: object) -> dict[str, object]:
    """Return one row of the shape of 2025."""
    name, album = ARTISTS[artist]
    books = ("audiobook_title", "audiobook_uri", "audiobook_chapter_uri", "audiobook_chapter_title")
    return exports.row(
        **{
            "ts": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
            "ms_played": ms,
            "master_metadata_track_name": f"{album} {track}",
            "master_metadata_album_artist_name": name,
            "master_metadata_album_album_name": album,
            "spotify_track_uri": f"spotify:track:{artist}{track:021}",
            **dict.fromkeys(books),
            **changes,
        }
    )


def history() -> list[dict[str, object]]:
    """Return 1,460 plays (two a day), 100 short ones, and one row without a time."""
    rows = []
    for day in range(730):
        morning, evening = START + timedelta(days=day), START + timedelta(days=day, hours=12)
        rows.append(row(morning, 0, day % 9))
        rows.append(row(evening, 2 if day >= 365 else 1, day % 5))
        if day < 100:
            rows.append(row(evening + timedelta(minutes=20), 1, 7, 9_000, skipped=True, reason_end="fwdbtn"))
    return [*rows, row(START, 0, 1, ts=None)]


def archive() -> bytes:
    """Return the zip of the history, in two parts."""
    rows, packed = history(), io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        folder = "Spotify Extended Streaming History"
        file.writestr(f"{folder}/Streaming_History_Audio_2023_0.json", json.dumps(rows[:800]))
        file.writestr(f"{folder}/Streaming_History_Audio_2023-2024_1.json", json.dumps(rows[800:]))
    return packed.getvalue()
