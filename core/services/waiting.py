"""Uploads that wait for their import: each in a folder of its own that says whose it is."""

import shutil
from pathlib import Path
from secrets import token_hex


def waiting_folder(uploads: Path, user_id: int) -> Path:
    """Return a new name for the folder of one upload of a person, below ``uploads``; nothing is made yet."""
    return uploads / f"{user_id}-{token_hex(16)}"


def remove_waiting(uploads: Path, user_id: int) -> None:
    """Remove every upload of a person below ``uploads``; what is gone already does not matter."""
    for folder in uploads.glob(f"{user_id}-*"):
        shutil.rmtree(folder, ignore_errors=True)
