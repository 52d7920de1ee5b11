"""An importer for odd inputs."""

from pathlib import Path

import pytest
from exports import Importer

from core.repositories.database import Database


@pytest.fixture
def importer(db: Database, tmp_path: Path) -> Importer:
    return Importer(db, tmp_path)
