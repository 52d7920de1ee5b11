"""What tests of accounts pass in place of time and Redis."""

from datetime import UTC, datetime, timedelta


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> None:
        self.now += by


class Memory:
    """What accounts need of a cache, in a dictionary that forgets nothing by itself."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def get_bytes(self, key: str) -> bytes | None:
        return self.kept.get(key)

    def set_bytes(self, key: str, value: bytes, ttl: int) -> None:
        assert 0 < ttl <= 87_300
        self.kept[key] = value

    def delete(self, key: str) -> None:
        self.kept.pop(key, None)

    def erase_person(self, user_id: int) -> None:
        self.kept = {key: value for key, value in self.kept.items() if not key.startswith(f"u:{user_id}:")}


class NoCache(Memory):
    """Redis is away: nothing is kept, every place is free."""

    def set_bytes(self, key: str, value: bytes, ttl: int) -> None:
        pass

    def take(self, key: str, *, most: int, seconds: float, now: float) -> float | None:
        return None
