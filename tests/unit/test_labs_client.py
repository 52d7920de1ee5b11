"""The client of the open lists against its stand-in: what is asked, what is understood, what is no answer."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from fakes.listenbrainz import FakeListenBrainz
from fakes.openmusic import OpenMusic, mbid_of

from core.asking.errors import NotNow, Refused, Trouble
from core.asking.http import Asker
from core.facts.labs import ALGORITHM, Labs, Popularity

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINE, OTHER, THIRD = (UUID(mbid_of("artist", name)) for name in ("Mine", "Other", "Third"))


class Open:
    """A gate that lets everybody through."""

    def enter(self, endpoint: str) -> None:
        """Let through."""

    def close(self, until: datetime, *, reason: str) -> None:
        """Stay open."""


@pytest.fixture
def fake() -> Iterator[FakeListenBrainz]:
    with FakeListenBrainz(OpenMusic(empty=True)) as fake:
        fake.limit = 1_000
        yield fake


@pytest.fixture
def asker(fake: FakeListenBrainz) -> Iterator[Asker]:
    asker = Asker("Labs", fake.url, agent="Playprint", gate=Open(), now=lambda: NOW)
    yield asker
    asker.close()


def said(fake: FakeListenBrainz, endpoint: str, body: Any) -> None:
    fake.break_down("said", endpoint, status=200, body=body)


def test_lists_are_asked_for_by_id_and_come_best_first(fake: FakeListenBrainz, asker: Asker) -> None:
    fake.crowd.lists[str(MINE)] = [("Third", str(THIRD), 3), ("Other", str(OTHER), 9)]
    assert Labs(asker).similar(MINE) == [(OTHER, "Other", 9), (THIRD, "Third", 3)]
    (asked,) = fake.requests
    assert (asked.path, asked.query) == ("/similar-artists/json", f"artist_mbids={MINE}&algorithm={ALGORITHM}")


def test_unknown_artists_have_no_list_and_no_number(fake: FakeListenBrainz, asker: Asker) -> None:
    fake.crowd.listeners = {str(MINE): None, str(OTHER): 12}
    assert Labs(asker).similar(MINE) == []
    assert Popularity(asker).listeners([MINE, OTHER]) == {MINE: None, OTHER: 12}


def test_what_cannot_be_read_of_a_list_is_left_out(fake: FakeListenBrainz, asker: Asker) -> None:
    good = {"artist_mbid": str(OTHER), "name": "Other\x00", "score": 7.0}
    wrong: list[Any] = [
        {}, None, 3, "Other", [good], good | {"artist_mbid": "x"}, good | {"name": ""}, good | {"name": None},
        good | {"score": -1}, good | {"score": "7"}, good | {"score": 10**12}, good | {"score": True},
        good | {"artist_mbid": str(MINE)},
    ]  # fmt: skip
    said(fake, "similar", [*wrong, good])
    assert Labs(asker).similar(MINE) == [(OTHER, "Other", 7)]


def test_an_artist_twice_on_a_list_is_one_and_no_list_is_longer_than_a_hundred(
    fake: FakeListenBrainz, asker: Asker
) -> None:
    rows = [{"artist_mbid": mbid_of("artist", str(n)), "name": str(n), "score": n} for n in range(1, 301)]
    said(fake, "similar", [*rows, *rows])
    assert [score for _, _, score in Labs(asker).similar(MINE)] == list(range(300, 200, -1))


def test_numbers_of_others_and_nonsense_are_left_out(fake: FakeListenBrainz, asker: Asker) -> None:
    rows = [
        {"artist_mbid": str(MINE), "total_user_count": "many"},
        {"artist_mbid": str(THIRD), "total_user_count": 5},
        {"artist_mbid": None, "total_user_count": 5},
        {"artist_mbid": str(OTHER), "total_user_count": 8},
    ]
    said(fake, "popularity", rows)
    assert Popularity(asker).listeners([MINE, OTHER]) == {MINE: None, OTHER: 8}


@pytest.mark.parametrize("body", [{}, {"payload": []}, "list", None, 5])
def test_what_is_no_list_is_no_answer(fake: FakeListenBrainz, asker: Asker, body: Any) -> None:
    said(fake, "*", body)
    said(fake, "*", body)
    with pytest.raises(Trouble):
        Labs(asker).similar(MINE)
    with pytest.raises(Trouble):
        Popularity(asker).listeners([MINE])


@pytest.mark.parametrize(("status", "error"), [(404, Trouble), (400, Trouble), (401, Refused), (429, NotNow)])
def test_statuses_are_what_they_mean(fake: FakeListenBrainz, asker: Asker, status: int, error: type[Exception]) -> None:
    fake.break_down("status", "similar", status=status)
    with pytest.raises(error):
        Labs(asker).similar(MINE)
