"""Apple Music: what is played most there today, songs and albums by country.

Open feeds without a key or a written limit (https://rss.marketingtools.apple.com), a hundred places each, ranks alone.
What is asked: two feeds a country and day. A country without the shop has no feed.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from core.asking.http import Asker
from core.asking.reading import inside, rows, text
from core.domain.trends import SOURCES, ChartKey, Entry, Kind, NotReady, Snapshot
from core.trends.charts_alone import ChartsAlone
from core.trends.entries import placed
from core.trends.spans import span

PLACES = 100
_NAMES: dict[Kind, str] = {"track": "songs", "album": "albums"}


class Apple(ChartsAlone):
    """Asks for feeds; what cannot be read of an answer is left out."""

    info = SOURCES["apple"]

    def __init__(self, asker: Asker, *, countries: Sequence[str], now: Callable[[], datetime]) -> None:
        """``countries`` are the two letters of those to ask about."""
        self._asker, self._countries, self._now = asker, tuple(countries), now

    def charts(self) -> tuple[ChartKey, ...]:
        """Return the charts it can give."""
        return tuple(ChartKey(self.info.id, kind, "day", each) for each in self._countries for kind in _NAMES)

    def fetch(self, key: ChartKey) -> Snapshot | NotReady:
        """Return today's chart.

        Source: ``GET /api/v2/{country}/music/most-played/100/{songs,albums}.json``.
        """
        path = f"/api/v2/{key.region.lower()}/music/most-played/{PLACES}/{_NAMES[key.kind]}.json"
        answer = self._asker.get(path, "feed", ())
        if answer is None:
            return NotReady()
        entries = placed(self._asker.service, map(_entry, rows(inside(answer, "feed", "results"))))
        now = self._now().astimezone(UTC)
        first, until = span("day", now.date())
        computed_at = min(_moment(inside(answer, "feed", "updated")) or now, now)
        return Snapshot(key, first, until, complete=True, computed_at=computed_at, entries=entries)


def _entry(each: dict[str, Any]) -> Entry | None:
    """Return the place one entry describes, None without the names it goes by."""
    name, artist = text(each.get("name")), text(each.get("artistName"))
    return Entry(0, name, artist) if name and artist else None


def _moment(value: Any) -> datetime | None:
    """Return the moment of "Fri, 20 Nov 2026 08:02:36 +0000", None for anything else."""
    try:
        found = parsedate_to_datetime(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None
    return found.replace(tzinfo=found.tzinfo or UTC) if found else None
