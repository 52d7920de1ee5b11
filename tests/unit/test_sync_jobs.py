"""When a person's daily parts run, and where a broken-off pass goes on."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

from core.domain.spotify import Connection
from core.repositories.spotify_parts import Turn
from core.services.sync_job import Job

NOW = datetime(2026, 11, 22, 23, 59, 30, tzinfo=UTC)


def job(at: dict[str, Any], *, user_id: int = 1) -> Job:
    connection = Connection(user_id, "epoch", "connected", frozenset(), NOW, NOW)
    return Job(cast("Any", None), connection, cast("Any", None), Turn("saved_tracks", at, 0), NOW)


def test_every_day_has_one_turn_at_the_persons_own_minute() -> None:
    turns = {user_id: job({}, user_id=user_id).tomorrow for user_id in range(1, 6)}
    assert {turn.date().isoformat() for turn in turns.values()} == {"2026-11-23"}
    assert len(set(turns.values())) == 5
    assert all(turn - NOW < timedelta(hours=5) for turn in turns.values())


def test_a_pass_goes_on_where_it_was_broken_off() -> None:
    begun = int((NOW - timedelta(days=13)).timestamp())
    again = job({"run": begun, "offset": 100})
    assert (again.run, again.at["offset"]) == (begun, 100)


def test_a_pass_broken_off_long_ago_begins_anew() -> None:
    begun = int((NOW - timedelta(days=15)).timestamp())
    again = job({"run": begun, "offset": 100, "odd": 3})
    assert (again.run, dict(again.at)) == (int(NOW.timestamp()), {"odd": 3})
