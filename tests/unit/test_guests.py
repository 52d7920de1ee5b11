"""Who is named in titles, which names stay whole, and who is nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.guests import LONGEST_TITLE, MOST_GUESTS, announced, guests, hinted, wholes
from core.domain.names import is_various, name_key

KNOWN = {"earth, wind & fire", "simon & garfunkel", "drake", "the weeknd", "tyler, the creator"}


def known(name: str) -> bool:
    return name_key(name) in KNOWN


def credited(title: str) -> list[str]:
    """Return everybody a title credits, as an import would."""
    return [name for text in (announced(title) if hinted(title) else ()) for name in guests(text, known)]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Song (feat. X & Y)", ["X", "Y"]),
        ("Song [ft. X, Y and Z]", ["X", "Y", "Z"]),
        ("Song - feat. X", ["X"]),
        ("Song feat. X", ["X"]),
        ("Song featuring X - Live", ["X"]),
        ("Song (FEAT. X)", ["X"]),
        ("Song (Remix) [feat. X]", ["X"]),
        ("Song (Remix feat. X)", ["X"]),
        ("Song (feat. X) - Remastered 2011", ["X"]),
        ("Song (feat. X) [with Y]", ["X", "Y"]),
        ("Song (with X)", ["X"]),
        ("Song (with The Weeknd)", ["The Weeknd"]),
        ("Song (con Bad Bunny)", ["Bad Bunny"]),
        ("Song (feat. X, Y, & Z)", ["X", "Y", "Z"]),
        ("Song (feat. X x Y)", ["X", "Y"]),
        ("Song (feat. Lil Nas X & Y)", ["Lil Nas X", "Y"]),
        ("Song (feat. X & x)", ["X"]),
    ],
)
def test_titles_that_credit(title: str, expected: list[str]) -> None:
    assert credited(title) == expected


@pytest.mark.parametrize(
    "title",
    [
        "Song",
        "Song (With or Without You)",
        "(With You)",
        "Song (with Strings)",
        "Dancing with Myself",
        "Song (With Love)",
        "A Feat Too Far",
        "Feat of Clay",
        "Soft (Lift)",
        "Song (feat. )",
        "Song (Live)",
        "x" * LONGEST_TITLE + " (feat. X)",
    ],
)
def test_titles_that_credit_nobody(title: str) -> None:
    assert credited(title) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Earth, Wind & Fire", ["Earth, Wind & Fire"]),
        ("Simon & Garfunkel", ["Simon & Garfunkel"]),
        ("Adam & Eve", ["Adam", "Eve"]),
        ("Earth, Wind & Fire, Drake & The Weeknd", ["Earth, Wind & Fire", "Drake", "The Weeknd"]),
        ("Kool & The Gang", ["Kool & The Gang"]),
        ("Drake & The Unheard", ["Drake & The Unheard"]),
        ("Tyler, The Creator & Drake", ["Tyler, The Creator", "Drake"]),
    ],
)
def test_a_name_somebody_has_stays_whole(text: str, expected: list[str]) -> None:
    assert guests(text, known) == expected


@given(st.text() | st.text().map(lambda inside: f"Song (feat. {inside})"))
def test_any_title_can_be_read(title: str) -> None:
    for text in announced(title):
        found = guests(text, known)
        assert len(found) <= MOST_GUESTS
        assert all(name.strip() for name in found)
        assert len({name_key(name) for name in found}) == len(found)
        assert len(list(wholes(text))) <= MOST_GUESTS * (MOST_GUESTS + 1) // 2


@given(st.lists(st.sampled_from(["Ann", "Bob", "Cid", "The Dee"]), min_size=1, max_size=6, unique=True))
def test_names_joined_by_commas_come_apart_again(names: list[str]) -> None:
    assert guests(", ".join(names), known) == names


@pytest.mark.parametrize("name", ["Various Artists", "VARIOUS  artists", "Various", "V.A.", "Verschiedene Interpreten"])
def test_various_artists_are_nobody(name: str) -> None:
    assert is_various(name)


@pytest.mark.parametrize("name", ["", "The Various", "Vario", "Various Cruelties", "VAST"])
def test_others_are_somebody(name: str) -> None:
    assert not is_various(name)
