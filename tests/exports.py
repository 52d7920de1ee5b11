"""Makes exports as Spotify writes them, and imports them the way the worker does."""

import io
import itertools
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.domain.imports import ImportRecord
from core.repositories.database import Database
from core.services.importing import Importing, Limits, Upload

FOLDER = "Spotify Extended Streaming History"
AUDIO = f"{FOLDER}/Streaming_History_Audio_2024_0.json"
NO_NAMES = {
    "master_metadata_track_name": None,
    "master_metadata_album_artist_name": None,
    "master_metadata_album_album_name": None,
    "spotify_track_uri": None,
}


def row(number: int = 0, **changes: Any) -> dict[str, Any]:
    """Return one row of the extended history of 2025; each number is another track, five minutes later."""
    minutes = number * 5
    return {
        "ts": f"2024-01-01T{12 + minutes // 60:02d}:{minutes % 60:02d}:00Z",
        "platform": "android",
        "ms_played": 200_000,
        "conn_country": "DE",
        "ip_addr": "192.0.2.77",
        "master_metadata_track_name": f"Track {number}",
        "master_metadata_album_artist_name": "Artist",
        "master_metadata_album_album_name": "Album",
        "spotify_track_uri": f"spotify:track:{number:022d}",
        "episode_name": None,
        "episode_show_name": None,
        "spotify_episode_uri": None,
        "reason_start": "trackdone",
        "reason_end": "trackdone",
        "shuffle": False,
        "skipped": False,
        "offline": False,
        "offline_timestamp": None,
        "incognito_mode": False,
    } | changes


def account_row(number: int = 0, **changes: Any) -> dict[str, Any]:
    """Return the row of the account package for the play ``row`` makes of the same number."""
    minutes = number * 5
    return {
        "endTime": f"2024-01-01 {12 + minutes // 60:02d}:{minutes % 60:02d}",
        "artistName": "Artist",
        "trackName": f"Track {number}",
        "msPlayed": 200_000,
    } | changes


def as_json(rows: Any) -> bytes:
    """Return rows as the bytes of a file."""
    return json.dumps(rows).encode()


def as_zip(files: Mapping[str, Any] | Sequence[tuple[str, Any]], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of files: bytes as they are, anything else as JSON."""
    buffer = io.BytesIO()
    pairs = files.items() if isinstance(files, Mapping) else files
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in pairs:
            archive.writestr(name, content if isinstance(content, bytes) else as_json(content))
    return buffer.getvalue()


@dataclass
class Importer:
    """Imports made-up or real files for people of one database."""

    db: Database
    folder: Path
    limits: Limits = field(default_factory=Limits)
    secret: bytes = b"a key for tests"
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    @property
    def importing(self) -> Importing:
        return Importing(self.db, limits=self.limits, secret=self.secret, pause_s=0.0)

    def write(self, name: str, content: Any) -> Path:
        """Return a new file of this name with bytes or rows in it."""
        path = self.folder / str(next(self._numbers)) / name
        path.parent.mkdir(parents=True)
        path.write_bytes(content if isinstance(content, bytes) else as_json(content))
        return path

    def queue(self, user_id: int, *paths: Path) -> int:
        size = sum(path.stat().st_size for path in paths)
        return self.importing.create(user_id, label=paths[0].name, bytes_total=size)

    def run(
        self, user_id: int, *paths: Path, on_progress: Callable[..., None] | None = None, **more: Any
    ) -> ImportRecord:
        """Import files together."""
        uploads = [Upload(path, path.name) for path in paths]
        import_id = self.queue(user_id, *paths)
        return self.importing.run(user_id, import_id=import_id, uploads=uploads, on_progress=on_progress, **more)

    def rows(self, user_id: int, rows: Any, *, name: str = "Streaming_History_Audio_2024_0.json") -> ImportRecord:
        """Import one file with these rows."""
        return self.run(user_id, self.write(name, rows))

    def listens(self, user_id: int) -> list[tuple[Any, ...]]:
        """Return a person's listens, every column, in order."""
        query = "select * from listens where user_id = %s order by ended_at, track_id, ms_played, began_at"
        with self.db.driver() as connection:
            return connection.execute(query, (user_id,)).fetchall()
