"""Spellings that meet, and suffixes that name an edition but no other music."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.names import artist_key, clean, name_key, pair_key, recording_key, recording_title, track_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Björk", "Bjo\u0308rk"),
        ("  The   Band\u200b ", "the band"),
        ("STRASSE", "straße"),
        ("A\0B", "ab"),
        ("Ti\u00a0Ti", "ti ti"),
        ("A\ud83d", "a\ufffd"),
    ],
)
def test_spellings_of_one_name_meet(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)
    assert artist_key(one) == artist_key(other)


def test_names_that_differ_stay_apart() -> None:
    assert name_key("Unknown Artist") != name_key("Unknown Mortal Orchestra")
    assert track_key(None, 1, "A", "B") != track_key(None, 1, "AB", "")
    assert track_key("uri", 1, None, None) != track_key(None, 1, "uri", "")
    assert track_key(None, 1, "A", "B") != track_key(None, 2, "A", "B")
    assert pair_key("A", "B") == pair_key(" a", "b ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        ("", None),
        (" \u200b ", None),
        (" A\0 ", "A"),
        ("A\udc00", "A\ufffd"),
        ("👩‍🚀", "👩‍🚀"),
        ("  Ü ", "Ü"),
    ],
)
def test_clean(text: str | None, expected: str | None) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Song - Remastered 2011", "Song"),
        ("Song - 2011 Remaster", "Song"),
        ("Song - 2009 Digital Remaster", "Song"),
        ("Song (Remastered) [feat. X & Y]", "Song"),
        ("Song (feat. AC/DC)", "Song"),
        ("Song (ft. X) - Deluxe Edition", "Song"),
        ("Song - Mono / Remastered 2009", "Song"),
        ("Song [Explicit]", "Song"),
        ("Song - Single Version", "Song"),
        ("Song (Album Version)", "Song"),
        ("Song - Live / Remastered 2011", "Song - Live"),
        ("Song (Live - 2011 Remaster)", "Song (Live)"),
        ("(Remastered)", "(Remastered)"),
    ],
)
def test_editions_of_one_recording(title: str, expected: str) -> None:
    assert recording_title(title) == expected


@pytest.mark.parametrize(
    "title",
    [
        "Song - Live",
        "Song (Acoustic)",
        "Song - Radio Edit",
        "Song (Someone Remix)",
        "Song - Demo",
        "Song (Instrumental)",
        "Song - Sped Up",
        "Dancing (With Tears in My Eyes)",
        "Deluxe",
        "Stereo - Hearts",
        "Mono No Aware",
        "Explicit Lyrics",
    ],
)
def test_other_recordings_and_plain_titles_stay_as_they_are(title: str) -> None:
    assert recording_title(title) == title


def test_one_recording_has_one_key() -> None:
    assert recording_key("Queen", "Song - Remastered 2011") == recording_key("QUEEN", "song (Mono)")
    assert recording_key("Queen", "Song") != recording_key("Queen", "Song - Live")


@given(st.text())
def test_keys_are_stable_and_every_name_has_one(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)
    assert len(artist_key(text)) == 16
    (clean(text) or "").encode()


@given(st.text(min_size=1))
def test_a_recording_always_has_a_title(text: str) -> None:
    assert recording_title(text)
