"""What is kept of results and views stays within its room, whatever addresses ask for."""

import polars as pl
from heard import library, listen
from lone import Lone

from core.analytics.listed import Listed
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.services.memory import Memory

LISTENS = [listen("2024-05-01T10:00", track=1), listen("2024-05-01T11:00", track=3)]


def question(first: int, things: int) -> tuple[object, ...]:
    return 1, Filters(artists=tuple(range(first, first + things))), "panel"


def test_a_question_that_names_thousands_of_things_takes_its_room() -> None:
    memory = Memory(10**6)
    for at in range(100):
        memory.remember(question(at, 5_000), lambda: "old")
    assert memory.remember(question(99, 5_000), lambda: "new") == "old"
    assert memory.remember(question(0, 5_000), lambda: "new") == "new"


def test_small_questions_stay() -> None:
    memory = Memory(10**6)
    for at in range(1_000):
        memory.remember(question(at, 1), lambda: "old")
    assert memory.remember(question(0, 1), lambda: "new") == "old"


def test_views_of_nothing_are_not_kept_without_end() -> None:
    listening = Lone(library(LISTENS))
    listening._view_rows = 50_000
    for at in range(300):
        assert not len(listening.view(1, lens=Lens(), filters=Filters(search=f"nothing {at}")))
    assert len(listening._views) <= 100


def test_lists_of_frames_take_the_room_of_their_frames() -> None:
    memory = Memory(10**6)
    for at in range(100):
        frame = pl.DataFrame({"place": range(at, at + 2_500)})
        memory.remember((1, at), lambda frame=frame: (Listed("key", "name", frame), {"more": [frame]}))  # type: ignore[misc]
    assert memory.remember((1, 99), lambda: "new") != "new"
    assert memory.remember((1, 0), lambda: "new") == "new"
