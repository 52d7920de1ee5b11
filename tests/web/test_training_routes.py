"""Letting models learn, by its forms: one's own decision, nobody else's."""

from collections.abc import Callable

from someone import Someone

from core.bootstrap import Playprint

Somebody = Callable[..., Someone]


def post(who: Someone, path: str, **fields: str) -> str:
    """Return where a form of a signed-in person leads."""
    answer = who.client.post(path, data={"csrf": who.csrf, **fields})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_a_person_takes_part_and_stops(somebody: Somebody, playing: Playprint) -> None:
    alice = somebody()
    assert playing.training.standing(alice.id) is None, "off until somebody switches it on"
    assert post(alice, "/settings/training/join") == "/settings?done=training-joined"
    consent = playing.training.standing(alice.id)
    assert consent is not None
    assert post(alice, "/settings/training/join") == "/settings?done=training-joined"
    assert playing.training.standing(alice.id) == consent
    assert post(alice, "/settings/training/leave") == "/settings?done=training-left"
    assert playing.training.standing(alice.id) is None
    noted = [event.event for event in playing.events.of(alice.id) if event.event.startswith("training")]
    assert noted == ["training-left", "training-joined"]


def test_nobody_decides_for_anybody_else(somebody: Somebody, playing: Playprint) -> None:
    alice, charlie, owner = somebody(), somebody("Charlie"), somebody("Olga", "owner")
    named = {"user_id": str(alice.id), "person": str(alice.id), "id": str(alice.id)}
    for other in (charlie, owner):
        post(other, "/settings/training/join", **named)
        assert playing.training.standing(alice.id) is None
        assert playing.training.standing(other.id) is not None
    playing.training.agree(alice.id)
    for other in (charlie, owner):
        post(other, "/settings/training/leave", **named)
        assert playing.training.standing(alice.id) is not None


def test_a_form_of_somebody_elses_page_does_nothing(somebody: Somebody, playing: Playprint) -> None:
    alice, charlie = somebody(), somebody("Charlie")
    for csrf in ("", charlie.csrf):
        answer = alice.client.post("/settings/training/join", data={"csrf": csrf})
        assert answer.headers["location"] == "/settings?error=expired&at=training"
    assert playing.training.standing(alice.id) is None
    assert alice.client.get("/settings/training/join").status_code == 405
