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


def account_archive() -> bytes:
    """Return account data: a year of three jazz musicians, three playlists and a saved library."""
    plays = []
    for day in range(365):
        for nth, (artist, songs) in enumerate(JAZZ.items()):
            ended = START + timedelta(days=day, minutes=5 * nth)
            song = songs[(day + nth) % len(songs)]
            plays.append(
                {"endTime": f"{ended:%Y-%m-%d %H:%M}", "artistName": artist, "trackName": song, "msPlayed": 240_000}
            )
    files = {
        "StreamingHistory_music_0.json": plays,
        "Playlist1.json": {"playlists": [_playlist(name, songs) for name, songs in PLAYLISTS.items()]},
        "YourLibrary.json": {
            "tracks": [
                {"artist": "Chet Baker", "album": "Chet", "track": "Alone Together", "uri": _uri("Alone Together")}
            ],
            "albums": [
                {"artist": "Bill Evans", "album": "Explorations", "uri": "spotify:album:3explorations000000000"}
            ],
        },
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(f"Spotify Account Data/{name}", json.dumps(content))
    return packed.getvalue()


JAZZ = {
    "John Coltrane": ["Naima", "Giant Steps", "Equinox", "Central Park West"],
    "Miles Davis": ["So What", "Blue in Green", "Freddie Freeloader"],
    "Art Blakey & The Jazz Messengers": ["Moanin'", "Along Came Betty", "Blues March"],
}
PLAYLISTS = {
    "Late hours": [("John Coltrane", "Naima"), ("Miles Davis", "Blue in Green"), ("Chet Baker", "Alone Together"),
                   ("John Coltrane", "Naima"), ("John Coltrane", "Equinox")],
    "All of it": [("John Coltrane", "Naima"), ("Miles Davis", "Blue in Green"), ("Chet Baker", "Alone Together"),
                  ("John Coltrane", "Equinox"), ("Miles Davis", "So What"), ("Bill Evans", "Peace Piece")],
    "Waking up": [("Art Blakey & The Jazz Messengers", "Moanin'"), ("John Coltrane", "Giant Steps")],
}  # fmt: skip


def _uri(song: str) -> str:
    return "spotify:track:" + "".join(letter for letter in song if letter.isalnum()).ljust(22, "0")[:22]


def _playlist(name: str, songs: list[tuple[str, str]]) -> dict[str, object]:
    items = [
        {
            "track": {"trackName": song, "artistName": artist, "albumName": f"{artist} Live", "trackUri": _uri(song)},
            "episode": None,
            "audiobook": None,
            "localTrack": None,
            "addedDate": f"2023-{1 + nth:02}-10",
        }
        for nth, (artist, song) in enumerate(songs)
    ]
    return {"name": name, "lastModifiedDate": "2023-12-01", "collaborators": [], "items": items, "numberOfFollowers": 2}
