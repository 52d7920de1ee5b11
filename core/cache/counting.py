"""Counts of what happened lately, in Redis: one truth for all processes; moments are the caller's."""

from secrets import token_hex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import redis

# Forget what lies before the window, then either take a place or say when the oldest one in it was taken.
_TAKE = """
redis.call('zremrangebyscore', KEYS[1], '-inf', ARGV[1])
if redis.call('zcard', KEYS[1]) >= tonumber(ARGV[3]) then
  return redis.call('zrange', KEYS[1], 0, 0, 'withscores')[2]
end
redis.call('zadd', KEYS[1], ARGV[2], ARGV[4])
redis.call('pexpire', KEYS[1], ARGV[5])
return false
"""


def take(client: "redis.Redis", key: str, *, most: int, seconds: float, now: float) -> float | None:
    """Take one of ``most`` places within the last ``seconds`` and return None, or return when the oldest was taken.

    ``now`` is in seconds since 1970; nothing is counted when there is no place.
    """
    arguments = (repr(now - seconds), repr(now), most, token_hex(8), int(seconds * 1000) + 1000)
    oldest = client.eval(_TAKE, 1, key, *arguments)
    return None if oldest is None else float(oldest)
