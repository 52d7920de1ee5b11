"""The page about protection names tests that are there, for every one of its checks."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()
CHECKS = re.findall(r"^\| (\d+) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)


def test_there_are_25_checks() -> None:
    assert [int(number) for number, _, _ in CHECKS] == list(range(1, 26))


@pytest.mark.parametrize(("what", "proof"), [check[1:] for check in CHECKS])
def test_each_is_proven_by_something_there_is(what: str, proof: str) -> None:
    named = re.findall(r"`([^`]+)`", proof)
    targets = {line.split()[2] for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith("\t@echo")}
    assert named
    for each in named:
        assert (ROOT / each).is_file() or each.removeprefix("make ") in targets, f"{what}: {each}"


def test_every_test_the_page_names_is_there() -> None:
    for path in re.findall(r"`(tests/\S+\.py)`", PAGE):
        assert (ROOT / path).is_file(), path
