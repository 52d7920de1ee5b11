"""Statistics of the whole site as ListenBrainz tells them: invented from what it knows, the same for the same week."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from starlette.responses import JSONResponse, Response

from ..openmusic import OpenMusic, mbid_of
from ..spotify.music import number_of

MOST = 1_000
RANGES = ("this_week", "this_month", "this_year", "week", "month", "quarter", "half_yearly", "year", "all_time")
ENTITIES = {
    "artists": "artists",
    "recordings": "recordings",
    "release-groups": "release_groups",
    "releases": "releases",
}
OTHERS = {
    "listening-activity": "listening_activity",
    "era-activity": "era_activity",
    "artist-map": "artist_map",
    "artist-evolution-activity": "artist_evolution_activity",
}
_EPOCH = date(2002, 1, 1)
_THREE = {"AU": "AUS", "BR": "BRA", "CA": "CAN", "DE": "DEU", "FR": "FRA", "GB": "GBR", "IE": "IRL", "IT": "ITA"} | {
    "JM": "JAM", "JP": "JPN", "KR": "KOR", "NG": "NGA", "NO": "NOR", "SE": "SWE", "TR": "TUR", "US": "USA",
}  # fmt: skip


class Charts:
    """What was worked out.

    ``not_ready`` names what was not ("artists week", "artist-map all_time"); ``places`` is the most there are;
    ``late``: last worked out so long ago.
    """

    def __init__(self, music: OpenMusic) -> None:
        self.music = music
        self.not_ready: set[str] = set()
        self.places = 100
        self.late = timedelta(0)

    def statistics(self, name: str, query: dict[str, list[str]], now: datetime) -> Response | None:
        """Return an answer, None for an address there is not."""
        asked = query.get("range", ["all_time"])[0]
        if name not in ENTITIES and name not in OTHERS:
            return None
        if asked not in RANGES:
            return JSONResponse({"code": 400, "error": f"Invalid range: {asked}"}, 400)
        if f"{name} {asked}" in self.not_ready:
            return Response(status_code=204)
        worked_out = (now - self.late - timedelta(hours=2)).astimezone(UTC).replace(hour=2, minute=0, second=0)
        first, until = _time(asked, worked_out.date())
        if name == "listening-activity" and asked != "all_time":  # it tells the period before, too
            first = _time(f"this_{asked.removeprefix('this_')}", first - timedelta(days=1))[0]
        payload: dict[str, Any] = {"range": asked, "last_updated": int(worked_out.timestamp())}
        payload |= {"from_ts": _seconds(first), "to_ts": min(_seconds(until), payload["last_updated"])}
        if name in ENTITIES:
            offset, count = (int(query.get(each, [usual])[0]) for each, usual in (("offset", "0"), ("count", "25")))
            rows = list(self._rows(name, f"{asked} {first}"))
            payload |= {ENTITIES[name]: rows[offset : offset + min(count, MOST)], "offset": offset, "count": count}
            payload[f"total_{ENTITIES[name][:-1]}_count"] = len(rows)
        else:
            payload[OTHERS[name]] = list(self._said(name, asked, first, until))
        return JSONResponse({"payload": payload})

    def _rows(self, name: str, seed: str) -> Iterator[dict[str, Any]]:
        """Yield the places of a chart, most listens first."""
        things = list(self._things(name))
        ordered = sorted(
            things, key=lambda each: (number_of(seed, each["artist_name"], *map(str, each.values())), str(each))
        )
        for place, each in enumerate(ordered[: self.places]):
            yield each | {"listen_count": 90_000 // (place + 1) + 7}

    def _things(self, name: str) -> Iterator[dict[str, Any]]:
        if name == "artists":
            for artist in self.music.artists:
                yield {"artist_name": artist.name, "artist_mbid": artist.mbid}
            return
        albums = {}
        for each in self.music.recordings:
            release, by = each.releases[0], {"artist_name": each.credit, "artist_mbids": [a.mbid for a in each.artists]}
            on = by | {"release_name": release.name, "release_mbid": release.mbid, "caa_id": release.cover_id}
            if name == "recordings":
                yield on | {"track_name": each.title, "recording_mbid": each.mbid}
            group = {"release_group_name": release.name, "release_group_mbid": release.group}
            albums[release.mbid] = on if name == "releases" else by | group
        yield from albums.values() if name != "recordings" else ()

    def _said(self, name: str, asked: str, first: date, until: date) -> Iterator[dict[str, Any]]:
        """Yield what is said beside charts."""
        artists = self.music.artists
        if name == "listening-activity":
            for at in range(0, (until - first).days, 1 if "week" in asked or "month" in asked else 365):
                day = first + timedelta(days=at)
                count = 100_000 + number_of("listens", str(day)) % 50_000
                yield {
                    "from_ts": _seconds(day),
                    "to_ts": _seconds(day) + 86_399,
                    "time_range": f"{day:%A %d %B %Y}",
                } | {"listen_count": count}
        elif name == "era-activity":
            for year in range(1955, until.year):
                yield {"year": year, "listen_count": 1_000 + number_of("era", str(year)) % 9_000}
        elif name == "artist-map":
            for country in sorted({artist.country for artist in artists}):
                those = [artist for artist in artists if artist.country == country]
                named = [{"artist_mbid": each.mbid, "artist_name": each.name, "listen_count": 9} for each in those]
                three = {
                    "country": _THREE.get(country, "XXX"),
                    "artist_count": len(those),
                    "listen_count": 9 * len(those),
                }
                yield three | {"artists": named}
        else:
            units = ["Monday", "Tuesday"] if "week" in asked else [2019, 2020]
            for unit in units:
                for place, artist in enumerate(artists[:20]):
                    yield {"time_unit": unit, "artist_mbid": artist.mbid, "artist_name": artist.name} | {
                        "listen_count": 500 - place
                    }

    def fresh(self, query: dict[str, list[str]], now: datetime) -> Response:
        """Return what came out lately."""
        days = int(query.get("days", ["14"])[0])
        if not 1 <= days <= 90:
            return JSONResponse({"code": 400, "error": "days must be between 1 and 90."}, 400)
        found = []
        for place, each in enumerate(self.music.recordings[:60]):
            release, day = each.releases[0], now.date() - timedelta(days=place % days)
            found.append(
                {"release_date": f"{day.year}-{day.month}-{day.day}", "artist_mbids": [a.mbid for a in each.artists]}
                | {"artist_credit_name": each.credit, "release_name": release.name, "release_mbid": release.mbid}
                | {"release_group_mbid": mbid_of("fresh", str(place)), "release_group_primary_type": "Album"}
                | {"release_group_secondary_type": None, "caa_id": None, "caa_release_mbid": None}
            )
        return JSONResponse({"payload": {"releases": found, "total_count": len(found)}})


def _time(asked: str, day: date) -> tuple[date, date]:
    """Return the first day of a range and the first day after it, asked for on a day."""
    week, month, year = day - timedelta(days=day.weekday()), day.replace(day=1), date(day.year, 1, 1)
    before = (month - timedelta(days=1)).replace(day=1)
    return {
        "this_week": (week, week + timedelta(days=7)),
        "week": (week - timedelta(days=7), week),
        "this_month": (month, (month + timedelta(days=31)).replace(day=1)),
        "month": (before, month),
        "this_year": (year, date(day.year + 1, 1, 1)),
        "year": (date(day.year - 1, 1, 1), year),
    }.get(asked, (_EPOCH, day + timedelta(days=1)))


def _seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
