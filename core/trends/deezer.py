"""Deezer: what is played most there today, tracks, albums and artists.

Open to everybody, 50 questions in five seconds (https://developers.deezer.com/api/chart). What is asked: three charts a
day. They are those of where the asking machine stands where Deezer has one for its country; they are kept as the
world's. Its ``rank`` counts no plays, so there are ranks alone.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from core.asking.errors import NotNow, Trouble
from core.asking.http import Asker, Gate
from core.asking.reading import inside, rows, text
from core.domain.trends import SOURCES, ChartKey, Entry, Kind, NotReady, Snapshot
from core.trends.charts_alone import ChartsAlone
from core.trends.entries import placed
from core.trends.spans import span

PLACES = 100
PAUSE = timedelta(minutes=1)
_TOO_OFTEN = 4
_NAMES: dict[Kind, tuple[str, str]] = {
    "artist": ("artists", "name"),
    "track": ("tracks", "title"),
    "album": ("albums", "title"),
}


class Deezer(ChartsAlone):
    """Asks for charts; what cannot be read of an answer is left out."""

    info = SOURCES["deezer"]

    def __init__(self, asker: Asker, gate: Gate, *, now: Callable[[], datetime]) -> None:
        self._asker, self._gate, self._now = asker, gate, now

    def charts(self) -> tuple[ChartKey, ...]:
        """Return the charts it can give."""
        return tuple(ChartKey(self.info.id, kind, "day") for kind in _NAMES)

    def fetch(self, key: ChartKey) -> Snapshot | NotReady:
        """Return today's chart.

        Source: ``GET /chart/0/{tracks,albums,artists}?limit=100``.
        """
        path, name = _NAMES[key.kind]
        answer = self._asker.get(f"/chart/0/{path}", "chart", [("limit", str(PLACES))])
        if answer is None:
            return NotReady()
        if inside(answer, "error", "code") == _TOO_OFTEN:
            until = self._now() + PAUSE
            self._gate.close(until, reason="rate")
            raise NotNow(self._asker.service, until)
        if inside(answer, "error") is not None:
            raise Trouble(self._asker.service, "an error")
        entries = placed(self._asker.service, (_entry(each, key.kind, name) for each in rows(inside(answer, "data"))))
        now = self._now().astimezone(UTC)
        first, until_day = span("day", now.date())
        return Snapshot(key, first, until_day, complete=True, computed_at=now, entries=entries)


def _entry(each: dict[str, Any], kind: Kind, called: str) -> Entry | None:
    """Return the place one entry describes, None without the names it goes by."""
    name, artist = text(each.get(called)), "" if kind == "artist" else text(inside(each, "artist", "name"))
    return Entry(0, name, artist) if name and artist is not None else None
