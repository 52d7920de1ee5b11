"""Last.fm: what its listeners play, in the world and in single countries, and the words they tag music with.

It wants a key, which goes along in the address and nowhere else, and takes about five questions a second
(https://www.last.fm/api/intro). What is asked every day: ``chart.getTopArtists``, ``chart.getTopTracks`` and
``chart.getTopTags``, and for each country ``geo.getTopArtists`` and ``geo.getTopTracks``: 3 calls and 2 a country.

Its charts are those of the last days, whenever one asks. They are kept as the week that runs: what was told last
before a Monday stands for the week. What it says of listeners in a country are listeners in the whole world, so
countries have ranks alone. Ids of recordings are often those of others and are left out.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from core.asking.errors import NotNow, Refused, Trouble
from core.asking.http import Asker, Gate
from core.asking.reading import inside, mbid, number, rows, text
from core.domain.names import name_key
from core.domain.trends import SOURCES, WORLD, ChartKey, Entry, Kind, NotReady, Snapshot
from core.trends.charts_alone import ChartsAlone
from core.trends.entries import MOST_COUNT, placed
from core.trends.spans import span

PLACES = 200
PAUSE = timedelta(minutes=5)
_INVALID, _TOO_OFTEN = 6, 29
_REFUSED = {4, 9, 10, 13, 14, 26}  # the key is wrong, suspended, or not for this
# Method, where the list lies, and what its entries are called.
_WORLD: dict[Kind, tuple[str, str, str]] = {
    "artist": ("chart.getTopArtists", "artists", "artist"),
    "track": ("chart.getTopTracks", "tracks", "track"),
    "genre": ("chart.getTopTags", "tags", "tag"),
}
_COUNTRY: dict[Kind, tuple[str, str, str]] = {
    "artist": ("geo.getTopArtists", "topartists", "artist"),
    "track": ("geo.getTopTracks", "tracks", "track"),
}
# Countries it knows by the name the standard had for them.
_STANDARD = {
    "BO": "Bolivia, Plurinational State of",
    "CI": "Côte d'Ivoire",
    "CZ": "Czech Republic",
    "IR": "Iran, Islamic Republic of",
    "KP": "Korea, Democratic People's Republic of",
    "KR": "Korea, Republic of",
    "MD": "Moldova, Republic of",
    "MK": "Macedonia, the former Yugoslav Republic of",
    "RU": "Russian Federation",
    "SY": "Syrian Arab Republic",
    "TR": "Turkey",
    "TZ": "Tanzania, United Republic of",
    "VE": "Venezuela, Bolivarian Republic of",
    "VN": "Viet Nam",
}
# Tags that many give and that say nothing about how music sounds.
_NO_GENRES = frozenset(
    (
        *("seen live", "favorites", "favourites", "favorite", "favourite", "favorite songs", "albums i own"),
        *("love", "awesome", "beautiful", "good", "under 2000 listeners", "all", "my music", "spotify"),
    )
)


class Lastfm(ChartsAlone):
    """Asks for charts; what cannot be read of an answer is left out."""

    info = SOURCES["lastfm"]

    def __init__(
        self, asker: Asker, gate: Gate, *, key: str, countries: Mapping[str, str], now: Callable[[], datetime]
    ) -> None:
        """``countries`` maps two letters to names, for those to ask about."""
        self._asker, self._gate, self._key, self._now = asker, gate, key, now
        self._countries = {letters: _STANDARD.get(letters, name) for letters, name in countries.items()}

    def charts(self) -> tuple[ChartKey, ...]:
        """Return the charts it can give."""
        world = [ChartKey(self.info.id, kind, "week") for kind in _WORLD]
        return (*world, *(ChartKey(self.info.id, kind, "week", each) for each in self._countries for kind in _COUNTRY))

    def fetch(self, key: ChartKey) -> Snapshot | NotReady:
        """Return a chart as it is now, as the running week's.

        Source: ``GET /2.0/?method=chart.getTop…|geo.getTop…&format=json``.
        """
        method, listed, called = (_WORLD if key.region == WORLD else _COUNTRY)[key.kind]
        country = [] if key.region == WORLD else [("country", self._countries[key.region])]
        answer = self._ask(method, [*country, ("limit", str(PLACES))])
        if answer is None:
            return NotReady()
        found = inside(answer, listed, called)
        told = [found] if isinstance(found, dict) else list(rows(found))  # a single one is no list
        entries = placed(self._asker.service, (_entry(each, key) for each in told))
        now = self._now().astimezone(UTC)
        first, until = span("week", now.date())
        return Snapshot(key, first, until, complete=False, computed_at=now, entries=entries)

    def _ask(self, method: str, parameters: list[tuple[str, str]]) -> dict[str, Any] | None:
        """Return an answer, None where it has no such chart; its errors come as good answers with a number inside."""
        asked = [("method", method), *parameters, ("format", "json"), ("api_key", self._key)]
        answer = self._asker.get("/2.0/", method.partition(".")[0], asked)
        if answer is None:
            return None
        if not isinstance(answer, dict):
            raise Trouble(self._asker.service, "no charts")
        error = number(_whole(answer.get("error")), 999)
        if error == _TOO_OFTEN:
            until = self._now() + PAUSE
            self._gate.close(until, reason="rate")
            raise NotNow(self._asker.service, until)
        if error in _REFUSED:
            raise Refused(self._asker.service, f"error {error}")
        if error is not None and error != _INVALID:
            raise Trouble(self._asker.service, f"error {error}")
        return None if error == _INVALID else answer


def _entry(each: dict[str, Any], key: ChartKey) -> Entry | None:
    """Return the place one entry describes, None without the names it goes by."""
    name = text(each.get("name"))
    if name is None or (key.kind == "genre" and name_key(name) in _NO_GENRES):
        return None
    listeners = (
        number(_whole(each.get("listeners")), MOST_COUNT) if key.region == WORLD and key.kind != "genre" else None
    )
    if key.kind != "track":
        return Entry(0, name, value=listeners, mbid=mbid(each.get("mbid")) if key.kind == "artist" else None)
    by = each.get("artist")
    artist = text(by) or text(inside(by, "name")) or text(inside(by, "#text"))
    return Entry(0, name, artist, listeners) if artist else None


def _whole(value: Any) -> Any:
    """Return the number that a text of digits is, anything else as it is."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20 else value
