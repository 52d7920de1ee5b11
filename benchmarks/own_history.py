"""Times the lists of one's own history on 300,000 listens: each alone, and all that a page of them asks for, cold.

``python -m benchmarks.own_history [LISTENS]``; servers as in ``benchmarks.analytics``.
"""

import sys
from collections.abc import Callable
from datetime import date

from benchmarks.analytics import LISTENS, milliseconds, scratch, servers
from benchmarks.budgets import Held, quiet, table, verdict
from benchmarks.person import add_catalogue, add_person
from core.analytics.forgotten import forgotten
from core.cache import Cache
from core.domain.lens import Lens
from core.recommend.depths import deep_cuts
from core.recommend.following import next_tracks
from core.recommend.mixes import mixes
from core.services.listening import Listening

LENS, AS_OF = Lens("Europe/Berlin"), date(2025, 1, 1)
COLD_MS = 300.0


def lists(service: Listening, user: int) -> dict[str, Callable[[], object]]:
    """Return the lists of one's own history by name."""
    return {
        "what comes next": lambda: service.ask(user, next_tracks, lens=LENS),
        "deep cuts": lambda: service.ask(user, deep_cuts, lens=LENS, as_of=AS_OF),
        "forgotten favourites": lambda: service.ask(user, forgotten, lens=LENS, as_of=AS_OF),
        "mixes": lambda: service.ask(user, mixes, lens=LENS, as_of=AS_OF),
    }


def measure(service: Listening, user: int) -> list[Held]:
    """Return each list, made of a view nobody has looked at yet, and all of them of one such view."""
    asked = lists(service, user)

    def cold(*parts: Callable[[], object]) -> Callable[[], object]:
        def call() -> object:
            service.forget_views()
            return [part() for part in parts]

        return call

    names = [*asked, "all of them"]
    took = milliseconds(*(cold(part) for part in asked.values()), cold(*asked.values()), rounds=8)
    return [Held(f"{name}, cold", ms, COLD_MS, "ms") for name, ms in zip(names, took, strict=True)]


def report(listens: int = LISTENS) -> list[Held]:
    """Measure and print; return every list with its budget."""
    with servers() as (database, redis), scratch(database) as db:
        add_catalogue(db)
        user, cache = add_person(db, listens=listens), Cache(redis)
        service = Listening(db, cache, memory_bytes=10**9)
        service.library(user)
        held = measure(service, user)
        cache.erase_person(user)
        cache.close()
    print(table("the median of 7", held))
    return held


def main(listens: int = LISTENS) -> int:
    """Measure, print, and return how many are over budget."""
    quiet()
    held = report(listens)
    print(f"\n{verdict(held)}")
    return sum(not each.within for each in held)


if __name__ == "__main__":
    sys.exit(1 if main(*map(int, sys.argv[1:2])) else 0)
