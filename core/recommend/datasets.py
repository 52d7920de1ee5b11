"""Reads data sets that suggestions are measured on: one file of who played what, or files to learn and test with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.domain.errors import InvalidInput

ENDINGS = ("txt", "tsv", "csv", "dat", "inter")
_USERS, _WEIGHTS = ("user", "uid", "u"), ("weight", "rating", "count", "plays", "score")
_MOST_COLUMNS, _LOOKED_AT = 4, 200  # of lines of one user and one item each; lines that tell the form of a file


@dataclass(frozen=True, eq=False)
class Rows:
    """Who played what how much, by the numbers of users and items; each pair once, by user, then item."""

    user: NDArray[np.int64]
    item: NDArray[np.int64]
    weight: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Dataset:
    """``whole``: to be split, or None where ``train``, ``valid`` and ``test`` come as they are; ``left_out``: rows."""

    users: int
    items: int
    whole: Rows | None
    train: Rows | None = None
    valid: Rows | None = None
    test: Rows | None = None
    left_out: int = 0


@dataclass(eq=False)
class _Raw:
    user: list[str]
    item: list[str]
    weight: list[float]


def read(path: Path) -> Dataset:
    """Return the data set of a folder or file; pairs that come twice are one, rows without any weight are left out.

    Raises:
        InvalidInput: there is none, or a line that cannot be read.
    """
    files = _files(path)
    raw = {part: _raw(file, whole=part == "whole") for part, file in files.items()}
    users = {name: at for at, name in enumerate(sorted({u for each in raw.values() for u in each.user}, key=_order))}
    items = {name: at for at, name in enumerate(sorted({i for each in raw.values() for i in each.item}, key=_order))}
    parts = {part: _rows(each, users, items) for part, each in raw.items()}
    out = sum(weight <= 0 for each in raw.values() for weight in each.weight)
    if not any(len(each.user) for each in parts.values()):
        raise InvalidInput(f"Nothing could be read from {path.name}; give a file of user, item and weight.")
    found = {part: parts.get(part) for part in ("whole", "train", "valid", "test")}
    return Dataset(len(users), len(items), left_out=out, **found)


def _order(name: str) -> tuple[int, int, str]:
    """Return the order of ids: numbers by size, then words."""
    return (0, int(name), "") if name.isdecimal() else (1, 0, name)


def _files(path: Path) -> dict[str, Path]:
    """Return the files of a data set, by what they are for."""
    if path.is_file():
        return {"whole": path}
    if not path.is_dir():
        raise InvalidInput(f"There is no folder {path}; give the folder of a data set.")
    there = sorted(each for each in path.iterdir() if each.is_file() and each.suffix.lower().lstrip(".") in ENDINGS)
    named = {part: [each for each in there if part in re.split(r"[._-]", each.name.lower())] for part in _PARTS}
    if named["train"] and named["test"]:
        return {part: found[0] for part, found in named.items() if found}
    data = [each for each in there if "readme" not in each.name.lower()]
    chosen = [each for each in data if each.name == "user_artists.dat"] or data
    if len(chosen) != 1:
        names = ", ".join(each.name for each in chosen) or "none"
        raise InvalidInput(f"There have to be train and test files, or one file, but there are: {names}.")
    return {"whole": chosen[0]}


_PARTS = ("train", "valid", "test")


def _raw(path: Path, *, whole: bool) -> _Raw:
    """Return the rows of a file as its lines have them."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        lines = [line.strip("\r\n ") for line in file]
    numbered = [(at, line) for at, line in enumerate(lines, start=1) if line.strip()]
    made = _Raw([], [], [])
    if not numbered:
        return made
    divide = _Divider([line for _, line in numbered[:_LOOKED_AT]])
    head = divide(numbered[0][1])
    headed = _is_head(head, divide(numbered[1][1]) if len(numbered) > 1 else [])
    body = numbered[1:] if headed else numbered
    if not headed and _adjacent([divide(line) for _, line in body[:_LOOKED_AT]], whole=whole):
        for _, line in body:
            user, *items = divide(line)
            made.user += [user] * len(items)
            made.item += items
        made.weight = [1.0] * len(made.item)
        return made
    column = _weight_column(head) if headed else 2
    for user, item, weight in _triples(path.name, body, divide, column):
        made.user.append(user)
        made.item.append(item)
        made.weight.append(weight)
    return made


class _Divider:
    """Divides lines at tabs, double colons, commas or blanks, whichever the first lines have."""

    def __init__(self, lines: list[str]) -> None:
        self._sign = next((sign for sign in ("\t", "::", ",") if all(sign in line for line in lines)), None)

    def __call__(self, line: str) -> list[str]:
        return [each.strip().strip('"') for each in line.split(self._sign)]


def _is_head(first: list[str], second: list[str]) -> bool:
    """Return whether a line names columns."""
    if any(":token" in each for each in first):
        return True
    if re.split(r"[_ ]?id", first[0].lower())[0] in _USERS:
        return True
    return any(not _number(a) and _number(b) for a, b in zip(first[:3], second[:3], strict=False))


def _number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _adjacent(lines: list[list[str]], *, whole: bool) -> bool:
    """Return whether lines are of a user and all their items; in a whole file, shorter ones are damage."""
    lengths = {len(each) for each in lines}
    return (len(lengths) > 1 and not whole) or max(lengths) > _MOST_COLUMNS


def _weight_column(head: list[str]) -> int | None:
    """Return which column weighs, by its name; None where only the time is told."""
    names = [each.lower().partition(":")[0] for each in head]
    return next((at for at, name in enumerate(names[2:], start=2) if any(word in name for word in _WEIGHTS)), None)


def _triples(
    name: str, lines: list[tuple[int, str]], divide: _Divider, column: int | None
) -> Iterator[tuple[str, str, float]]:
    """Yield user, item and weight of each line, 1 where there is none."""
    for at, line in lines:
        cells = divide(line)
        try:
            weight = float(cells[column]) if column is not None and len(cells) > column else 1.0
            yield cells[0], cells[1], weight if np.isfinite(weight) else 0.0
        except (ValueError, IndexError) as error:
            raise InvalidInput(f"Line {at} of {name} is not a user, an item and a weight.") from error


def _rows(raw: _Raw, users: dict[str, int], items: dict[str, int]) -> Rows:
    """Return rows by number, equal pairs summed."""
    user = np.array([users[name] for name in raw.user], dtype=np.int64)
    item = np.array([items[name] for name in raw.item], dtype=np.int64)
    weight = np.array(raw.weight, dtype=np.float64)
    kept = weight > 0
    pairs, place = np.unique(user[kept] * max(len(items), 1) + item[kept], return_inverse=True)
    sums = np.bincount(place, weights=weight[kept], minlength=len(pairs)).astype(np.float64)
    return Rows(pairs // max(len(items), 1), pairs % max(len(items), 1), sums)
