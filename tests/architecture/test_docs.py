"""The manual says what the program says: every setting, every command, in the program's own words."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("write_docs", ROOT / "scripts" / "write_docs.py")
assert spec is not None
assert spec.loader is not None
write_docs = importlib.util.module_from_spec(spec)
spec.loader.exec_module(write_docs)


@pytest.mark.parametrize("page", ["settings.md", "command-line.md"])
def test_generated_parts_are_what_the_program_says(page: str) -> None:
    path = ROOT / "docs" / page
    inside = write_docs.split(path)[1]
    assert inside == write_docs.expected()[path], "run: python scripts/write_docs.py"


def test_every_make_target_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(makefile.split(".PHONY:")[1].split()) - {"help"}
    assert targets == {line.split()[2] for line in makefile.splitlines() if line.startswith("\t@echo 'make ")}
