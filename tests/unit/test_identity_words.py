"""Decisions in sentences anybody understands."""

from datetime import UTC, datetime

import pytest

from core.domain.rules import Decision, Preview, Standing
from ui.formats import THIN
from ui.identity_words import apart_words, decision_words, moved_words, together_words


def one(id: int, name: str, plays: int, rank: int | None) -> Standing:
    return Standing("artist", id, name, "", plays, plays * 180_000, rank)


def said(text: str) -> str:
    return text.replace(THIN, " ")


def test_what_comes_together() -> None:
    preview = Preview((one(1, "A", 1000, 9), one(2, "B", 240, 41)), (one(1, "A", 1240, 3),))
    assert said(together_words(preview, "en")) == "Together: 1 240 plays, 62 h, place 3 instead of 9 and 41."
    never = Preview((one(1, "A", 0, None),), (one(1, "A", 0, None),))
    assert said(together_words(never, "en")) == "Together: 0 plays, 0 h."
    assert together_words(Preview((), ()), "en") == "Neither counts under your rules at the moment."


def test_what_comes_apart() -> None:
    preview = Preview((one(1, "A", 30, 3),), (one(1, "A", 20, 4), one(2, "A", 10, 8)))
    assert (
        said(apart_words(preview, "en"))
        == "Apart: 20 plays, 1.0 h; and 10 plays, 0.5 h. Together it is 30 plays, 1.5 h."
    )


def test_what_moves() -> None:
    preview = Preview((one(1, "A", 30, 3), one(3, "C", 5, 9)), (one(1, "A", 20, 4), one(2, "B", 15, 8)))
    expected = "A: 20 plays, 1.0 h, place 4 instead of 3. B: 15 plays, 0.8 h, place 8. C: nothing is left."
    assert said(moved_words(preview, "en")) == expected


@pytest.mark.parametrize(
    ("kind", "sources", "expected"),
    [
        ("artist", ("A",), "The artist “A” counts as “X”"),
        ("artist", ("A", "B"), "The artists “A” and “B” count as “X”"),
        ("album", ("A", "B", "C", "D", "E"), "The albums “A”, “B”, “C” and 2 more count as “X”"),
        ("album-artist", ("A", "B"), "The albums “A” and “B” are by “X”"),
        ("track-artist", ("A",), "The track “A” is by “X”"),
        ("alone", ("A",), "The track “A” is a recording of its own"),
        ("recording", ("A",), "The track “A” is the same recording as “X”"),
        ("artist", ("{target} is by",), "The artist “{target} is by” counts as “X”"),
    ],
)
def test_decisions(kind: str, sources: tuple[str, ...], expected: str) -> None:
    made = datetime(2024, 5, 1, tzinfo=UTC)
    assert decision_words(Decision(1, kind, sources, "X", made)) == expected  # type: ignore[arg-type]
