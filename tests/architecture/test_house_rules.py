"""What no file of the program may do: rules that no linter knows."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("core", "ui", "web", "worker", "pages", "commands", "migrations")
PROGRAM = sorted([*(f for room in ROOMS for f in (ROOT / room).rglob("*.py")), ROOT / "app.py", ROOT / "cli.py"])
FORBIDDEN = {
    "shared between people": r"st\.cache_(data|resource)",
    "markup that is not escaped": r"unsafe_allow_(html|javascript)",
    "runs what it reads": r"\bimport (pickle|marshal|shelve)\b|yaml\.load\(",
    "guessable": r"\bimport random\b|\brandom\.(random|choice|randint)\(",
    "swallows every error": r"except( Exception| BaseException)?:\s*\n\s*(pass|continue)\b",
    "keeps what a person typed in an upload widget": r"st\.file_uploader",
}


@pytest.mark.parametrize(("why", "pattern"), FORBIDDEN.items())
def test_no_file_does_what_is_forbidden(why: str, pattern: str) -> None:
    assert [str(f.relative_to(ROOT)) for f in PROGRAM if re.search(pattern, f.read_text())] == [], why


def test_the_rules_bite() -> None:
    samples = ["st.cache_data", "unsafe_allow_html", "import pickle", "import random", "except:\n    pass"]
    for sample in [*samples, "st.file_uploader("]:
        assert any(re.search(pattern, sample) for pattern in FORBIDDEN.values()), sample


def test_pages_are_thin() -> None:
    long = {f.name: n for f in (ROOT / "pages").glob("*.py") if (n := len(f.read_text().splitlines())) > 80}
    assert long == {}


def test_only_the_session_cookie_signs_in() -> None:
    """Nobody reads Streamlit's own idea of a user: it is frozen when a tab is opened."""
    assert [f.name for f in PROGRAM if re.search(r"\bst\.user\b", f.read_text())] == []
