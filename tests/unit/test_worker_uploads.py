"""Uploaded files go when their time is over, and only they."""

import os
from pathlib import Path

from worker.uploads import UNCLAIMED_SECONDS, remove, sweep


def put(path: Path, *, age: float = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    moment = path.stat().st_mtime - age
    os.utime(path, (moment, moment))
    return path


def test_files_go_with_the_folders_they_leave_empty(tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    first, second = put(folder / "a" / "1.zip"), put(folder / "a" / "2.zip")
    remove([first], folder=folder)
    assert (first.exists(), second.exists()) == (False, True)
    remove([second, second], folder=folder)
    assert list(folder.iterdir()) == []


def test_files_elsewhere_stay(tmp_path: Path) -> None:
    outside = put(tmp_path / "elsewhere" / "mine.zip")
    folder = tmp_path / "uploads"
    folder.mkdir()
    (folder / "link").symlink_to(outside)
    remove([outside, folder / "link", folder / ".." / "elsewhere" / "mine.zip"], folder=folder)
    assert outside.exists()


def test_the_sweep_takes_what_nobody_came_for_within_a_day(tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    old, young = put(folder / "a" / "old.zip", age=UNCLAIMED_SECONDS + 60), put(folder / "b" / "young.zip", age=60)
    assert sweep(folder) == 1
    assert (old.exists(), old.parent.exists(), young.exists()) == (False, False, True)
    assert sweep(tmp_path / "absent") == 0
