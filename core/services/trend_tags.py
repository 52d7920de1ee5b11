"""Genres and countries of artists on charts, from ListenBrainz: those never asked about, fifty at once."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from core.asking.errors import Trouble
from core.domain.facts import Tag
from core.facts.listenbrainz import IDS_AT_ONCE, ListenBrainz
from core.repositories.chart_rows import ChartRows
from core.services import trend_places

MOST_CALLS = 20
Told = dict[int, tuple[Sequence[tuple[str, int]], str | None]]


def ask_tags(
    rows: ChartRows, source: ListenBrainz, *, now: Callable[[], datetime], going: Callable[[], bool]
) -> tuple[int, bool]:
    """Ask about artists on charts; return how many were answered, and whether more are waiting.

    At most 20 calls; each handful is stored at once. Only tags with a genre's id count. Whom ListenBrainz does not
    know is not asked about again.

    Raises:
        core.asking.errors.FactsError: no answer; what came before is stored.
    """
    done = 0
    for _ in range(MOST_CALLS):
        due = rows.untagged("artist", limit=IDS_AT_ONCE)
        if not due or not going():
            return done, bool(due)
        rows.tag(_told(source, due), now=now())
        done += len(due)
    return done, bool(rows.untagged("artist", limit=1))


def _told(source: ListenBrainz, due: Sequence[tuple[int, UUID]]) -> Told:
    """Return the genres and the country of each artist, as far as known."""
    found = source.artists([mbid for _, mbid in due])
    if not found and len(due) > 1:
        raise Trouble("ListenBrainz", "no artists")  # that it knows none of many is less likely than a broken answer
    countries = trend_places.by_name()
    told: Told = {id: ((), None) for id, _ in due}
    for id, mbid in due:
        if artist := found.get(mbid):
            told[id] = (_genres(artist.tags), countries.get(artist.area or ""))
    return told


def _genres(tags: Sequence[Tag]) -> list[tuple[str, int]]:
    return [(tag.name, tag.count) for tag in tags if tag.genre]
