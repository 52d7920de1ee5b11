"""Counting in the members' charts, by its forms: one's own decision, nobody else's."""

from collections.abc import Callable

from someone import Someone

from core.bootstrap import Playprint

Somebody = Callable[..., Someone]


def post(who: Someone, path: str, **fields: str) -> str:
    """Return where a form of a signed-in person leads."""
    answer = who.client.post(path, data={"csrf": who.csrf, **fields})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def events(playing: Playprint, who: Someone) -> list[str]:
    return [event.event for event in playing.events.of(who.id) if event.event.startswith("community")]


def test_a_person_joins_and_leaves(somebody: Somebody, playing: Playprint) -> None:
    alice = somebody()
    assert playing.community.standing(alice.id) is None, "off until somebody switches it on"
    assert post(alice, "/settings/community/join") == "/settings?done=community-joined"
    since = playing.community.standing(alice.id)
    assert since is not None
    assert post(alice, "/settings/community/join") == "/settings?done=community-joined"
    assert playing.community.standing(alice.id) == since
    assert post(alice, "/settings/community/leave") == "/settings?done=community-left"
    assert playing.community.standing(alice.id) is None
    assert events(playing, alice) == ["community-left", "community-joined"]


def test_nobody_decides_for_anybody_else(somebody: Somebody, playing: Playprint) -> None:
    alice, charlie, owner = somebody(), somebody("Charlie"), somebody("Olga", "owner")
    named = {"user_id": str(alice.id), "person": str(alice.id), "id": str(alice.id)}
    for other in (charlie, owner):
        post(other, "/settings/community/join", **named)
        assert playing.community.standing(alice.id) is None
        assert playing.community.standing(other.id) is not None
    playing.community.agree(alice.id)
    for other in (charlie, owner):
        post(other, "/settings/community/leave", **named)
        assert playing.community.standing(alice.id) is not None


def test_a_form_of_somebody_elses_page_does_nothing(somebody: Somebody, playing: Playprint) -> None:
    alice, charlie = somebody(), somebody("Charlie")
    for csrf in ("", charlie.csrf):
        answer = alice.client.post("/settings/community/join", data={"csrf": csrf})
        assert answer.headers["location"] == "/settings?error=expired&at=community"
    assert playing.community.standing(alice.id) is None
    assert alice.client.get("/settings/community/join").status_code == 405


def test_who_is_signed_out_is_asked_to_sign_in(browser: Callable[..., object]) -> None:
    answer = browser().post("/settings/community/join", data={"csrf": "x"})  # type: ignore[attr-defined]
    assert answer.headers["location"] == "/sign-in?error=signed-out&next=%2Fsettings"
