"""The websocket on a running server: it belongs to one session, whatever ids and headers somebody brings."""

from collections.abc import Callable, Iterator

import pytest
from running import Server, serving, tab
from someone import Someone
from websockets.exceptions import InvalidStatus

from core.bootstrap import Playprint

Somebody = Callable[..., Someone]


@pytest.fixture(scope="module")
def server(playing: Playprint) -> Iterator[Server]:
    command = ["uvicorn", "probe:app", "--port", "{port}", "--ws", "websockets-sansio"]
    urls = {"database_url": playing.db.url, "redis_url": playing.redis_url}
    with serving(command, home=str(playing.settings.home), **urls) as made:
        yield made


def test_the_script_knows_who_is_looking(server: Server, somebody: Somebody) -> None:
    alice = somebody()
    with tab(server, cookie=alice.cookie) as own, tab(server) as other:
        assert own.run() == {"looking": alice.name, "memory": alice.name}
        assert other.run() == {"looking": "visitor", "memory": "a visitor's"}
        assert own.run("private=1")["private"] == alice.name
        assert "private" not in other.run("private=1")


def test_nobody_can_take_over_another_persons_page(server: Server, somebody: Somebody) -> None:
    alice, charlie = somebody(), somebody("Charlie")
    with tab(server, cookie=alice.cookie) as own:
        own.run()
        stolen = own.session_id
    for cookie, name in (("", "visitor"), (charlie.cookie, charlie.name), ("1.forged", "visitor")):
        with tab(server, cookie=cookie, resume=stolen) as thief:
            assert thief.run()["looking"] == name
            assert thief.texts["memory"] != alice.name
            assert thief.session_id != stolen
    spoofed = {"X-Playprint-User": f"{alice.id}:{'0' * 16}", "x-playprint-user": f"{alice.id}"}
    for header, value in spoofed.items():
        with tab(server, resume=stolen, headers={header: value}) as thief:
            assert thief.run()["looking"] == "visitor"
            assert thief.session_id != stolen


def test_the_same_person_gets_their_page_back_after_a_lost_connection(server: Server, somebody: Somebody) -> None:
    alice = somebody()
    with tab(server, cookie=alice.cookie) as first:
        first.run()
    with tab(server, cookie=alice.cookie, resume=first.session_id) as again:
        assert again.run()["memory"] == alice.name
        assert again.session_id == first.session_id


def test_an_open_page_loses_access_and_memory_when_its_session_ends(
    server: Server, somebody: Somebody, playing: Playprint
) -> None:
    alice = somebody()
    with tab(server, cookie=alice.cookie) as page:
        assert page.run("private=1")["private"] == alice.name
        playing.accounts.sign_out_everywhere(alice.id)
        assert page.run("private=1") == {"looking": "visitor", "memory": "a visitor's"}


@pytest.mark.parametrize(
    "origin", [None, "http://evil.example", "null", "http://localhost:1", "http://localhost", "http://[::1"]
)
def test_other_sites_cannot_open_the_websocket(server: Server, somebody: Somebody, origin: str | None) -> None:
    alice = somebody()
    with pytest.raises(InvalidStatus) as refused, tab(server, cookie=alice.cookie, origin=origin):
        pass
    assert refused.value.response.status_code == 403
