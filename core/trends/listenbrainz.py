"""ListenBrainz: what its users play all over the world, artists, recordings and albums, by week, month, year and all.

Its statistics are worked out once a day (from 02:00 UTC) and are open to everybody, a thousand places at most
(https://listenbrainz.readthedocs.io/en/latest/users/api/statistics.html). What is asked:

* every day: ``artists``, ``recordings`` and ``release-groups`` of ``this_week``, ``this_month``, ``this_year`` and
  ``all_time`` (12 calls); ``listening-activity`` of this week, this month, this year and all time, ``era-activity``,
  ``artist-map`` and ``artist-evolution-activity`` of all time, ``fresh-releases`` (8 calls);
* once a week, when it is over: the three charts, the years, the map and the course of artists of ``week`` (6 calls);
* once a month and once a year: the three charts of ``month`` and of ``year``.

That is 20 calls on most days, 26 on Mondays, 32 on the first day: 21 a day in the mean. ``releases`` would tell the
albums a second time, by edition. Genres of artists come from ``core.services.trend_tags``.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.asking.errors import Trouble
from core.asking.http import Asker
from core.asking.reading import inside, mbid, number, rows, text
from core.domain.trends import (
    SOURCES,
    ChartKey,
    Entry,
    Extra,
    ExtraName,
    Kind,
    NotReady,
    Row,
    Snapshot,
    Window,
)
from core.trends import listenbrainz_extras as told
from core.trends.entries import MOST_COUNT, MOST_PLACES, placed
from core.trends.spans import moment, span

# What ListenBrainz calls a kind in addresses and lists, and the fields of a name and an id.
_NAMES: dict[Kind, tuple[str, str, str, str]] = {
    "artist": ("artists", "artists", "artist_name", "artist_mbid"),
    "track": ("recordings", "recordings", "track_name", "recording_mbid"),
    "album": ("release-groups", "release_groups", "release_group_name", "release_group_mbid"),
}
_RUNNING: dict[Window, str] = {"week": "this_week", "month": "this_month", "year": "this_year", "all": "all_time"}
_WHOLE: dict[Window, str] = {"week": "week", "month": "month", "year": "year"}
# Beside charts: activity of the running time (it tells the one before too), the others of whole weeks and all time.
_ADDRESSES: dict[ExtraName, str] = {
    "eras": "era-activity",
    "map": "artist-map",
    "evolution": "artist-evolution-activity",
}
_EXTRAS: dict[tuple[ExtraName, Window], tuple[str, str]] = {}
for _window, _asked in _RUNNING.items():
    _EXTRAS["activity", _window] = ("listening-activity", _asked)
for _name, _path in _ADDRESSES.items():
    _EXTRAS[_name, "week"], _EXTRAS[_name, "all"] = (_path, "week"), (_path, "all_time")
FRESH_DAYS = 14


class ListenBrainzCharts:
    """Asks for statistics; what cannot be read of an answer is left out."""

    info = SOURCES["listenbrainz"]

    def __init__(self, asker: Asker, *, now: Callable[[], datetime], letters: Mapping[str, str]) -> None:
        """``letters`` maps three letters of countries to two."""
        self._asker, self._now, self._letters = asker, now, letters

    def charts(self) -> tuple[ChartKey, ...]:
        """Return the charts it can give."""
        return tuple(ChartKey(self.info.id, kind, window) for window in _RUNNING for kind in _NAMES)

    def whole(self) -> tuple[ChartKey, ...]:
        """Return those whose last whole week, month or year it keeps ready too."""
        return tuple(ChartKey(self.info.id, kind, window) for window in _WHOLE for kind in _NAMES)

    def extras(self) -> tuple[tuple[ExtraName, Window], ...]:
        """Return what else it can give."""
        return (*_EXTRAS, ("fresh", "day"))

    def fetch(self, key: ChartKey) -> Snapshot | NotReady:
        """Return a chart of the running time, as far as it was worked out."""
        return self._chart(key, _RUNNING[key.window], whole=False)

    def fetch_whole(self, key: ChartKey) -> Snapshot | NotReady:
        """Return the chart of the last whole week, month or year."""
        return self._chart(key, _WHOLE[key.window], whole=True)

    def _chart(self, key: ChartKey, asked: str, *, whole: bool) -> Snapshot | NotReady:
        """Return a chart.

        Source: ``GET /1/stats/sitewide/{artists,recordings,release-groups}?range=…&count=1000``.
        """
        path, listed, name, id = _NAMES[key.kind]
        answer = self._ask(path, [("range", asked), ("count", str(MOST_PLACES))])
        if answer is None:
            return NotReady()
        entries = placed(self._asker.service, (_entry(each, key.kind, name, id) for each in rows(answer.get(listed))))
        first, until, computed_at = self._time(key.window, answer)
        over = whole and until <= self._now().astimezone(UTC).date()
        return Snapshot(key, first, until, over, computed_at, entries)

    def fetch_extra(self, name: ExtraName, window: Window) -> Extra | NotReady:
        """Return what it says beside charts.

        Source: ``GET /1/stats/sitewide/{listening-activity,era-activity,artist-map,artist-evolution-activity}?range=…``
        and ``GET /1/explore/fresh-releases/``.
        """
        if name == "fresh":
            return self._fresh()
        path, asked = _EXTRAS[name, window]
        answer = self._ask(path, [("range", asked)])
        if answer is None:
            return NotReady()
        first, until, computed_at = self._time(window, answer, before=name == "activity")
        found = self._told(name, answer, computed_at)
        if not found:
            raise Trouble(self._asker.service, "nothing that can be read")
        return Extra(self.info.id, name, window, first, until, computed_at, found)

    def _told(self, name: ExtraName, answer: dict[str, Any], computed_at: datetime) -> tuple[Row, ...]:
        """Return the rows of an answer."""
        match name:
            case "activity":
                return told.activity(answer.get("listening_activity"), until=computed_at)
            case "eras":
                return told.eras(answer.get("era_activity"), until=computed_at.year)
            case "map":
                return told.places(answer.get("artist_map"), self._letters)
        return told.evolution(answer.get("artist_evolution_activity"))

    def _fresh(self) -> Extra | NotReady:
        """Return what came out in the last two weeks."""
        now = self._now().astimezone(UTC)
        past = [("days", str(FRESH_DAYS)), ("past", "true"), ("future", "false"), ("sort", "release_date")]
        answer = self._payload(self._asker.get("/1/explore/fresh-releases/", "fresh releases", past))
        if answer is None:
            return NotReady()
        first = now.date() - timedelta(days=FRESH_DAYS)
        found = told.fresh(answer.get("releases"), first=first, last=now.date())
        if not found:
            raise Trouble(self._asker.service, "nothing that can be read")
        return Extra(self.info.id, "fresh", "day", now.date(), now.date() + timedelta(days=1), now, found)

    def _ask(self, path: str, parameters: list[tuple[str, str]]) -> dict[str, Any] | None:
        """Return what an answer carries, None where it was not worked out yet."""
        return self._payload(self._asker.get(f"/1/stats/sitewide/{path}", "statistics", parameters))

    def _payload(self, answer: object) -> dict[str, Any] | None:
        found = inside(answer, "payload")
        if answer is not None and not isinstance(found, dict):
            raise Trouble(self._asker.service, "no payload")
        return found if isinstance(found, dict) else None

    def _time(self, window: Window, answer: dict[str, Any], *, before: bool = False) -> tuple[date, date, datetime]:
        """Return the first day, the first day after, and when it was worked out; ``before``: two times lie in it."""
        began, now = moment(answer.get("from_ts")), self._now().astimezone(UTC)
        computed_at = min(moment(answer.get("last_updated")) or now, now)
        if began is None or began > now:
            raise Trouble(self._asker.service, "no time it is about")
        # Half a day on: midnights of other timezones mean the day they begin.
        first, until = span(window, (computed_at if window == "all" else began + timedelta(hours=12)).date())
        return first, span(window, until)[1] if before and window != "all" else until, computed_at


def _entry(each: dict[str, Any], kind: Kind, name: str, id: str) -> Entry | None:
    """Return the place one row describes, None without the names it goes by."""
    named, artist = text(each.get(name)), text(each.get("artist_name")) if kind != "artist" else ""
    if named is None or artist is None:
        return None
    ids = [mbid(each.get(id)), *_single(each.get("artist_mbids") if kind == "artist" else None)]
    found = next((key for key in ids if key is not None), None)
    return Entry(0, named, artist, number(each.get("listen_count"), MOST_COUNT), found)


def _single(ids: Any) -> Iterator[Any]:
    """Yield the id of a list of one; several are artists together, who have none."""
    if isinstance(ids, list) and len(ids) == 1:
        yield mbid(ids[0])
