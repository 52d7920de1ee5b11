"""Sources of charts to try: clients at a Wednesday noon, a gate that lets everybody through, little music."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from fakes.lastfm import KEY
from fakes.openmusic import OpenMusic

from core.asking.http import Asker, agent
from core.domain.trends import ChartKey, Extra, ExtraName, Snapshot, Source, Window
from core.trends.lastfm import Lastfm
from core.trends.listenbrainz import ListenBrainzCharts

SHARED = Path(__file__).resolve().parents[2] / "shared"  # samples of real answers, where they are
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
MONDAY = date(2026, 11, 23)
LETTERS = {"GBR": "GB", "DEU": "DE", "USA": "US"}


class Notes:
    """A gate that lets everybody through and writes down who came."""

    def __init__(self) -> None:
        self.entered: list[str] = []
        self.closed: list[datetime] = []

    def enter(self, endpoint: str) -> None:
        self.entered.append(endpoint)

    def close(self, until: datetime, *, reason: str) -> None:
        self.closed.append(until)


class Said:
    """An asker that is answered the same whatever it asks."""

    service = "It"

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def get(self, *asked: object) -> object:
        return self.answer


def now() -> datetime:
    return NOW


def some_music() -> OpenMusic:
    music = OpenMusic(empty=True)
    music.add("Guns N’ Roses", [("Sweet Child", "Appetite"), ("Paradise City", "Appetite")], country="US")
    music.add("Kraftwerk", [("Autobahn", "Autobahn")], country="DE", tags=[("electronic", 9, True)])
    music.add("Portishead", [("Roads", "Dummy")], country="GB")
    return music


def asker(url: str, gate: Notes) -> Asker:
    return Asker("It", url, agent=agent("1.2", "me@example.org"), gate=gate, now=now)


def listenbrainz(asked: Any) -> ListenBrainzCharts:
    return ListenBrainzCharts(asked, now=now, letters=LETTERS)


def lastfm(asked: Any, gate: Notes, key: str = KEY) -> Lastfm:
    return Lastfm(asked, gate, key=key, countries={"DE": "Germany", "KR": "South Korea", "XX": "Nowhere"}, now=now)


def chart(source: Source, key: ChartKey, *, whole: bool = False) -> Snapshot:
    found = source.fetch_whole(key) if whole else source.fetch(key)
    assert isinstance(found, Snapshot)
    assert [entry.rank for entry in found.entries] == list(range(1, len(found.entries) + 1))
    return found


def extra(source: Source, name: ExtraName, window: Window) -> Extra:
    found = source.fetch_extra(name, window)
    assert isinstance(found, Extra)
    return found
