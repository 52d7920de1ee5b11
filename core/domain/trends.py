"""Public charts: who ranks what, for which time and place, and what a source must say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, Protocol, get_args
from urllib.parse import urlencode
from uuid import UUID

Kind = Literal["artist", "track", "album", "genre"]
Window = Literal["day", "week", "month", "year", "all"]
ValueKind = Literal["listens", "listeners", "streams", "count", "rank"]
ExtraName = Literal["activity", "eras", "map", "evolution", "fresh"]
KINDS: tuple[Kind, ...] = get_args(Kind)
WINDOWS: tuple[Window, ...] = get_args(Window)
WORLD = "ZZ"  # the region that is everywhere; others are two letters of ISO 3166-1
DEMO, COMMUNITY = "demo", "community"
MOST_COMPARED = 5
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A source of charts as people see it.

    ``credit`` is what its licence wants said beside every chart, in plain words; ``value_kind`` what its values count.
    """

    id: str
    title: str
    licence: str
    credit: str
    url: str
    value_kind: ValueKind
    about: str


@dataclass(frozen=True, slots=True, order=True)
class ChartKey:
    """One chart through time: what a source ranks, over which stretch of time, where."""

    source: str
    kind: Kind
    window: Window
    region: str = WORLD


class Entry(NamedTuple):
    """One place of a chart; ``artist`` is blank for artists and genres, ``value`` None where only ranks are known.

    ``previous``, ``peak`` and ``weeks`` are what the source itself says (None: nothing, or "new"). A tuple, because
    millions are made at once.
    """

    rank: int
    name: str
    artist: str = ""
    value: int | None = None
    mbid: UUID | None = None
    uri: str = ""
    previous: int | None = None
    peak: int | None = None
    weeks: int | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A chart at a moment: the days from ``first`` to before ``until``, by rank.

    ``complete``: its time is over, so it never changes again. ``total``: what the whole world counts to, beyond the
    chart, where the source says so.
    """

    key: ChartKey
    first: date
    until: date
    complete: bool
    computed_at: datetime
    entries: tuple[Entry, ...]
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Extra:
    """What a source says beside charts.

    Columns of ``rows`` by name. ``activity``: at (ISO moment, the start), until, count. ``eras``: year, count. ``map``:
    country (two letters), artists, count. ``evolution``: at (words of the source: "Monday", "2019"), place (order),
    artist, mbid, count. ``fresh``: day, artist, title, type, mbid.
    """

    source: str
    name: ExtraName
    window: Window
    first: date
    until: date
    computed_at: datetime
    rows: tuple[Row, ...]
    region: str = WORLD


@dataclass(frozen=True, slots=True)
class NotReady:
    """A source has not computed this yet."""


class Source(Protocol):
    """Where charts come from. Raises what ``core.asking.errors`` names where it cannot answer."""

    info: SourceInfo

    def charts(self) -> tuple[ChartKey, ...]:
        """Return the charts it can give."""

    def fetch(self, key: ChartKey) -> Snapshot | NotReady:
        """Return a chart as it is now."""

    def whole(self) -> tuple[ChartKey, ...]:
        """Return those whose last whole day, week, month or year it keeps ready too."""

    def fetch_whole(self, key: ChartKey) -> Snapshot | NotReady:
        """Return one of those: a chart that never changes again."""

    def extras(self) -> tuple[tuple[ExtraName, Window], ...]:
        """Return what else it can give."""

    def fetch_extra(self, name: ExtraName, window: Window) -> Extra | NotReady:
        """Return one of those as it is now."""


SOURCES: dict[str, SourceInfo] = {
    each.id: each
    for each in (
        SourceInfo(
            "listenbrainz",
            "ListenBrainz",
            "CC0",
            "ListenBrainz, listens of its users, CC0",
            "https://listenbrainz.org",
            "listens",
            "What people who send their listens to ListenBrainz play, all over the world.",
        ),
        SourceInfo(
            "spotify",
            "Spotify Charts",
            "Spotify's; kept on this instance alone",
            "Spotify Charts, from files of this instance",
            "https://charts.spotify.com",
            "streams",
            "Most streamed songs on Spotify, from chart files put in by whoever runs this instance.",
        ),
        SourceInfo(
            "files",
            "Own chart files",
            "as told by whoever put them in",
            "Chart files of this instance",
            "",
            "count",  # whoever made the file knows of what
            "Charts from files put in by whoever runs this instance.",
        ),
        SourceInfo(
            "lastfm",
            "Last.fm",
            "Last.fm's; non-commercial, with credit",
            "Data from Last.fm (https://www.last.fm)",
            "https://www.last.fm/charts",
            "rank",
            "What Last.fm's listeners play, in the world and by country.",
        ),
        SourceInfo(
            "deezer",
            "Deezer",
            "Deezer's",
            "Chart by Deezer",
            "https://www.deezer.com",
            "rank",
            "What is played most on Deezer today.",
        ),
        SourceInfo(
            "apple",
            "Apple Music",
            "Apple's",
            "Chart by Apple Music",
            "https://music.apple.com",
            "rank",
            "What is played most on Apple Music today, by country.",
        ),
        SourceInfo(
            COMMUNITY,
            "This instance",
            "for this instance's visitors",
            "Members of this instance who agreed; at least ten listeners behind each row",
            "",
            "listeners",
            "What members who agreed listen to, counted by the week and never shown for fewer than ten people.",
        ),
        SourceInfo(
            DEMO,
            "Demo charts",
            "invented",
            "Invented, no real chart",
            "",
            "streams",
            "Invented charts of several years and twelve countries; real sources take their place.",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class TrendAsk:
    """What a trends page shows, as its address says; blank or 0: what fits best.

    ``at``: any day of the snapshot to travel back to. ``ids``: things to compare. ``thing``: whose page it is;
    ``genre``: or which genre's, by its name.
    """

    source: str = ""
    kind: Kind = "artist"
    window: Window | Literal[""] = ""
    region: str = ""
    at: date | None = None
    thing: int = 0
    ids: tuple[int, ...] = ()
    genre: str = ""

    def params(self) -> dict[str, str]:
        """Return the address parameters that reproduce this."""
        made = {
            "source": self.source,
            "of": self.kind,
            "per": self.window,
            "in": self.region,
            "at": self.at.isoformat() if self.at else "",
            "id": str(self.thing or ""),
            "with": ",".join(map(str, self.ids)),
            "genre": self.genre,
        }
        return {name: value for name, value in made.items() if value}

    def query(self, **changes: str | None) -> str:
        """Return the query string of this with ``changes``; ``None`` takes a parameter away."""
        named = {name.rstrip("_"): value for name, value in changes.items()}  # "in" and "with" are words of Python
        merged: dict[str, str | None] = {**self.params(), **named}
        return urlencode({key: value for key, value in merged.items() if value is not None})

    def other(self, **changes: Any) -> "TrendAsk":
        """Return this with some fields changed."""
        return replace(self, **changes)


def parse_trend(params: Mapping[str, str]) -> TrendAsk:
    """Return what an address asks for; what makes no sense is left out: addresses are typed and pasted by people."""
    kind, window, region = params.get("of", ""), params.get("per", ""), params.get("in", "").upper()
    ids = tuple(dict.fromkeys(id for part in params.get("with", "").split(",")[:50] if (id := _id(part))))
    return TrendAsk(
        source=params["source"] if params.get("source") in SOURCES else "",
        kind=kind if kind in KINDS else "artist",
        window=window if window in WINDOWS else "",
        region=region if re.fullmatch("[A-Z]{2}", region, re.ASCII) else "",
        at=_day(params.get("at", "")),
        thing=_id(params.get("id", "")),
        ids=ids[:MOST_COMPARED],
        genre=" ".join(params.get("genre", "").split())[:100],
    )


def _id(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else 0


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else None
    except ValueError:
        return None
    return found if found and 1900 <= found.year < 2200 else None


@dataclass(frozen=True, slots=True)
class Available:
    """What a source has here: its charts with their first and last snapshots, and when the last came."""

    info: SourceInfo
    charts: tuple["Series", ...]
    computed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Series:
    """One chart through time as it is stored; ``first`` and ``last`` are first days of snapshots."""

    id: int
    key: ChartKey
    first: date
    last: date
    snapshots: int
    computed_at: datetime


@dataclass(frozen=True, slots=True)
class Health:
    """How a source is: when it was asked last, when it last answered well, and what it said."""

    source: str
    enabled: bool
    checked_at: datetime | None = None
    succeeded_at: datetime | None = None
    message: str = ""
    calls: Mapping[str, int] = field(default_factory=dict)
