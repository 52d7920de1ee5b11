"""What a card of a suggestion says: why, where else it is, and nothing that a name could break."""

import re
from uuid import UUID

import pytest

from core.domain.lens import Lens
from core.domain.recommending import Reason, Suggestion
from ui.context import Viewer
from ui.suggestions import because, card, ways

WHO = Viewer(user_id=1, name="Alice", lens=Lens(), demo=False, locale="en")
EVIL = "<script>alert(1)</script>&\"'"


def plain(html: str) -> str:
    return re.sub(r"<[^>]*>", "", html)


@pytest.mark.parametrize(
    ("reasons", "voices", "said"),
    [
        ((), ("genres",), ""),
        ((Reason("artist", "Björk", id=3),), ("people",), "Because you play Björk."),
        ((Reason("track", "Roads", "Portishead", 3),), ("people",), "Because you play Roads by Portishead."),
        ((Reason("artist", "Air"),), ("genres",), "Because you want more like Air."),
        (
            (Reason("artist", "Björk", id=3), Reason("artist", "Air")),
            ("crowd", "genres"),
            "Because you play Björk and you want more like Air. From listeners of ListenBrainz and genres you play.",
        ),
        ((Reason("list", "Lake"),), ("shelf",), "On “Lake”, and never played."),
        ((Reason("list", "your saved songs"),), ("shelf",), "Among your saved songs, and never played."),
    ],
)
def test_reasons_are_one_sentence(reasons: tuple[Reason, ...], voices: tuple[str, ...], said: str) -> None:
    each = Suggestion("artist", "New", reasons=reasons, voices=voices)  # type: ignore[arg-type]
    assert plain(because(WHO, each)) == said


def test_names_are_text_wherever_they_stand() -> None:
    reasons = (Reason("artist", EVIL, id=1), Reason("track", EVIL, EVIL, 2), Reason("list", EVIL))
    for each in (
        Suggestion("track", EVIL, EVIL, album=EVIL, reasons=reasons[:2], voices=("people",)),
        Suggestion("album", EVIL, EVIL, artist_id=4, reasons=reasons[2:], voices=("shelf",)),
        Suggestion("artist", EVIL, why=EVIL),
    ):
        html = card(WHO, each)
        assert "<script" not in html
        assert html.count("<article") == 1


def test_ways_lead_to_the_very_thing_where_its_id_is_known() -> None:
    known = Suggestion("track", "Roads", "Portishead", mbid=UUID(int=7), uri="spotify:track:" + "1" * 22)
    html = ways(known)
    assert f"https://open.spotify.com/track/{'1' * 22}" in html
    assert f"https://musicbrainz.org/recording/{UUID(int=7)}" in html
    searched = ways(Suggestion("artist", "AC/DC & <b>"))
    assert "https://open.spotify.com/search/AC%2FDC" in searched
    assert "<b>" not in searched
    assert "javascript" not in ways(Suggestion("track", "x", "y", uri="javascript:alert(1)"))
