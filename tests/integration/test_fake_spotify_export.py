"""The export of a made-up person goes through the product's own import, play by play."""

from datetime import timedelta
from pathlib import Path

import pytest
from exports import Importer
from fakes.spotify.clock import START, Clock
from fakes.spotify.music import Track
from fakes.spotify.world import World

from core.repositories.database import Database


@pytest.mark.parametrize("name", ["alice", "bob"])
def test_an_export_is_imported_whole(db: Database, tmp_path: Path, person, name: str) -> None:
    somebody = World(Clock(START)).person(name)
    since = START - timedelta(days=14)
    plays, rows = somebody.heard(since, START), somebody.export_rows(since, START)
    importer, user = Importer(db, tmp_path), person()
    record = importer.rows(user, rows)
    assert record.status == "done", record.message
    assert record.sheet
    assert (record.sheet.rows_read, record.sheet.stored, record.sheet.unidentified) == (len(rows), len(rows), 0)
    counting = [play for play in plays if isinstance(play.thing, Track) and play.ms >= 30_000]
    assert record.sheet.plays == len(counting)
