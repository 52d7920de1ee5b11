"""What no file of the repository may hold, and what must stay in step."""

import re
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# In pieces, so that this file does not name them itself.
HOSTS = [
    "py" + "pi.org",
    "py" + "pi.python.org",
    "python" + "hosted.org",
    "registry.npm" + "js.org",
    "conda." + "anaconda.org",
    "--extra-" + "index-url",
    "--index" + "-url",
]


def tracked() -> list[Path]:
    """Return the files of the repository; without git, everything that is not made by a tool."""
    made = {".venv", ".git", "__pycache__", ".hypothesis", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
        return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not made & set(path.parts)]


def test_no_file_names_a_package_registry() -> None:
    pattern = re.compile("|".join(map(re.escape, HOSTS)).encode())
    assert [str(path.relative_to(ROOT)) for path in tracked() if pattern.search(path.read_bytes())] == []


@pytest.mark.parametrize("host", HOSTS)
def test_the_search_for_registries_finds_them(host: str) -> None:
    assert re.search("|".join(map(re.escape, HOSTS)), f"see https://{host}/simple")


def test_the_lock_pins_every_package_by_hash() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    pinned = re.findall(r"^([a-z0-9._-]+)==[^ ]+ ?(\\?)$", lock, re.MULTILINE)
    assert len(pinned) > 50
    assert [name for name, more in pinned if not more] == []


def test_the_queue_tables_are_those_of_the_installed_version() -> None:
    """A newer Procrastinate may change its tables: then a new migration applies its steps (see 0002)."""
    migration = (ROOT / "migrations" / "versions" / "0002_the_job_queue.py").read_text()
    made_by = re.search(r"its version ([0-9]+\.[0-9]+) makes them", migration)
    assert made_by is not None
    assert version("procrastinate").startswith(f"{made_by[1]}.")


def test_scripts_are_plain_sh() -> None:
    for script in (ROOT / "scripts").glob("*.sh"):
        assert script.read_text().startswith("#!/bin/sh\n")
        subprocess.run(["sh", "-n", str(script)], check=True)
