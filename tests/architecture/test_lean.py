"""What small processes must not load: a worker and a ``--help`` do not pay for pictures and frames."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"streamlit", "altair", "pandas", "polars", "pyarrow", "adbc_driver_postgresql"}


def loaded(imports: str) -> set[str]:
    """Return the top-level modules a fresh Python has after running ``imports``."""
    code = f"{imports}\nimport sys\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("imports", "besides"),
    [
        ("import cli", {"sqlalchemy", "psycopg", "pydantic", "redis"}),
        ("import worker.app, core.bootstrap", {"alembic"}),
        ("import core.embedded.servers", {"sqlalchemy", "psycopg", "pydantic", "psutil"}),
        ("import core.embedded.supervisor", {"sqlalchemy", "psycopg", "pydantic", "psutil"}),
    ],
)
def test_what_is_not_loaded(imports: str, besides: set[str]) -> None:
    assert loaded(imports) & (HEAVY | besides) == set()
