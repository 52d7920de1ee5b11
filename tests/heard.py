"""Listens to test with: a small catalogue, made-up listens, and in plain Python what a lens makes of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from hypothesis import strategies as st

from core.analytics.building import build
from core.analytics.library import Library
from core.analytics.stored import Rows
from core.domain.filters import Filters
from core.domain.lens import Exclusion, Lens
from core.domain.listen import Flag, Kind, Platform, Source, country_code, country_letters
from core.domain.period import Period

ARTISTS = {11: "Björk", 12: "abba", 13: "ABBA", 14: "Nobody's Only Album Artist"}
ALBUMS = {21: ("Debut", 11), 22: ("Gold", 12), 23: ("Gold", 13), 24: ("Various", 14)}
# id: (name, artist, album, recording); 1 and 2 are one recording, 3 and 7 another, 6 is a podcast of nobody.
TRACKS: dict[int, tuple[str | None, int | None, int | None, int]] = {
    1: ("Human Behaviour", 11, 21, 31),
    2: ("Human Behaviour", 11, 24, 31),
    3: ("Waterloo", 12, 22, 33),
    4: ("Waterloo", 13, 23, 34),
    5: ("S.O.S.", 12, None, 35),
    6: ("An episode", None, None, 36),
    7: ("Waterloo (live)", 12, None, 33),
    8: (None, 13, 23, 38),
}
REASONS = {1: "trackdone", 2: "fwdbtn", 3: "endplay"}


@dataclass(frozen=True, order=True)
class Heard:
    """One listen as it is stored."""

    ended: datetime
    track: int
    ms: int
    began: datetime
    reason_end: int = 1
    platform: int = 1
    country: int = 0
    kind: int = 1
    source: int = 1
    flags: int = 0

    @property
    def artist(self) -> int:
        return TRACKS[self.track][1] or 0

    @property
    def album(self) -> int:
        return TRACKS[self.track][2] or 0

    def has(self, flag: Flag) -> bool:
        return bool(self.flags & flag)

    def local(self, lens: Lens) -> datetime:
        return self.ended.astimezone(ZoneInfo(lens.timezone))

    def day(self, lens: Lens) -> date:
        return self.local(lens).date()

    @property
    def skipped(self) -> bool | None:
        if self.has(Flag.SKIPPED) or (self.reason_end == 2 and self.ms < 30_000):
            return True
        return False if self.has(Flag.SKIPPED_KNOWN) or self.reason_end else None


def listen(moment: str, track: int = 1, ms: int = 200_000, **fields: int) -> Heard:
    """Return a listen that ended at an ISO moment in UTC."""
    ended = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    return Heard(ended, track, ms, ended - timedelta(milliseconds=ms), **fields)


def rows(heard: Iterable[Heard]) -> Rows:
    """Return what the database would give for these listens."""
    listens, used = list(heard), {h.track for h in heard}
    moment, small = pl.Datetime("us", "UTC"), pl.Int16
    frame = pl.DataFrame(
        {
            "ended": [h.ended for h in listens],
            "began": [h.began for h in listens],
            "track_id": [h.track for h in listens],
            "ms_played": [h.ms for h in listens],
            "reason_start": [0 for _ in listens],
            **{
                n: [getattr(h, n) for h in listens]
                for n in ("reason_end", "platform", "country", "kind", "source", "flags")
            },
        },
        schema={"ended": moment, "began": moment, "track_id": pl.Int32, "ms_played": pl.Int32}
        | dict.fromkeys(("reason_start", "reason_end", "platform", "country", "kind", "source", "flags"), small),
    )
    tracks = [
        (i, name, f"uri:{i}", artist, album, rec, 1) for i, (name, artist, album, rec) in TRACKS.items() if i in used
    ]
    names = ["id", "name", "uri", "artist_id", "album_id", "recording_id", "kind"]
    types = [pl.Int32, pl.String, pl.String, pl.Int32, pl.Int32, pl.Int32, pl.Int16]
    albums = {i: ALBUMS[i] for i in {t[4] for t in tracks if t[4]}}
    artists = {t[3] for t in tracks if t[3]} | {artist for _, artist in albums.values()}
    return Rows(
        frame,
        pl.DataFrame(tracks, schema=dict(zip(names, types, strict=True)), orient="row"),
        pl.DataFrame(
            [(i, *a) for i, a in albums.items()],
            {"id": pl.Int32, "name": pl.String, "artist_id": pl.Int32},
            orient="row",
        ),
        pl.DataFrame([(i, ARTISTS[i]) for i in artists], {"id": pl.Int32, "name": pl.String}, orient="row"),
        pl.DataFrame(list(REASONS.items()), {"id": pl.Int16, "name": pl.String}, orient="row"),
    )


def library(heard: Iterable[Heard], version: int = 1) -> Library:
    """Return the library of these listens."""
    return build(rows(heard), version=version)


# What a lens does, one listen at a time.
def key(by: str, id: int, lens: Lens) -> int:
    """Return what a track's id is grouped by: itself, or its recording."""
    return TRACKS[id][3] if by == "track" and lens.merge_recordings and id in TRACKS else id


def group(h: Heard, by: str, lens: Lens) -> int:
    """Return what a listen is grouped by; 0: nothing."""
    return key(by, {"artist": h.artist, "album": h.album, "track": h.track}[by], lens)


def visible(h: Heard, lens: Lens, period: Period, f: Filters, heard: set[int]) -> bool:
    """Return whether lens, period and filters let a listen through; ``heard``: all tracks this person knows."""
    day, local = h.day(lens), h.local(lens)
    excluded = {"artist": h.artist, "album": h.album, "track": group(h, "track", lens)}
    excluded |= {"platform": h.platform, "hour": local.hour, "country": h.country}
    for e in lens.exclusions:
        known = e.value in {"artist": ARTISTS, "album": ALBUMS, "track": heard}.get(e.kind, [e.value])
        if known and excluded[e.kind] == (key("track", e.value, lens) if e.kind == "track" else e.value):
            return False
    names = [TRACKS[h.track][0] or f"uri:{h.track}", ARTISTS.get(h.artist, ""), ALBUMS.get(h.album, ("", 0))[0]]
    return (
        (period.start is None or day >= period.start)
        and (period.end is None or day < period.end)
        and h.kind in lens.kinds
        and (lens.incognito or not h.has(Flag.INCOGNITO))
        and (lens.api or h.source != Source.SPOTIFY_API)
        and (not f.artists or h.artist in f.artists)
        and (not f.albums or h.album in f.albums)
        and (not f.tracks or group(h, "track", lens) in {key("track", t, lens) for t in f.tracks if t in heard})
        and (not f.weekdays or local.weekday() in f.weekdays)
        and (not f.hours or local.hour in f.hours)
        and (not f.platforms or h.platform in f.platforms)
        and (not f.countries or country_letters(h.country) in f.countries)
        and (not f.sources or h.source in f.sources)
        and (f.skipped is None or h.skipped is f.skipped)
        and (f.shuffle is None or (h.has(Flag.SHUFFLE_KNOWN) and h.has(Flag.SHUFFLE) == f.shuffle))
        and (not f.search.strip() or any(f.search.strip().lower() in name.lower() for name in names))
    )


def usual_length(everything: Iterable[Heard], track: int) -> float | None:
    """Return a track's usual length: the median of listens played to the end, else the longest."""
    mine = [h for h in everything if h.track == track]
    whole = sorted(h.ms for h in mine if h.reason_end == 1 and h.ms > 0)
    if whole:
        middle = len(whole) // 2
        return whole[middle] if len(whole) % 2 else (whole[middle - 1] + whole[middle]) / 2
    return max(h.ms for h in mine) or None


def plays(everything: Sequence[Heard], h: Heard, lens: Lens) -> bool:
    """Return whether a listen counts as a play."""
    if lens.rule == "start":
        return True
    length = usual_length(everything, h.track) if lens.rule == "half" else None
    return h.ms >= (lens.minimum_ms if length is None else int(length + 0.5) / 2)


def chosen(heard: Iterable[Heard], lens: Lens, period: Period, filters: Filters) -> list[tuple[Heard, bool]]:
    """Return the visible listens in order, each with whether it is a play."""
    everything = sorted(set(heard))
    known = {h.track for h in everything}
    return [(h, plays(everything, h, lens)) for h in everything if visible(h, lens, period, filters, known)]


# Days around changes of the clock (Newfoundland changed at one minute past midnight until 2011).
DAYS = [
    date(2010, 11, 6),
    date(2021, 3, 27),
    date(2021, 3, 28),
    date(2021, 10, 31),
    date(2021, 11, 1),
    date(2022, 1, 1),
]
ZONES = ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia"]
moments = st.builds(
    lambda day, second: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=second),
    st.sampled_from(DAYS),
    st.integers(0, 3 * 86_400) | st.integers(2 * 3600, 4 * 3600) | st.integers(20 * 3600, 29 * 3600),
)
lengths = st.sampled_from([0, 1, 29_999, 30_000, 30_001, 100_000, 200_000, 240_001])
flags = st.sampled_from(
    [
        Flag(0),
        Flag.SKIPPED_KNOWN | Flag.SHUFFLE_KNOWN,
        Flag.SKIPPED | Flag.SKIPPED_KNOWN | Flag.SHUFFLE | Flag.SHUFFLE_KNOWN,
        Flag.INCOGNITO | Flag.INCOGNITO_KNOWN | Flag.SKIPPED_KNOWN,
        Flag.START_KNOWN,
        Flag.ESTIMATED,
    ]
)
listens = st.builds(
    lambda ended, track, ms, reason, platform, country, kind, source, flag: Heard(
        ended,
        track,
        ms,
        ended - timedelta(milliseconds=ms),
        reason,
        platform,
        country_code(country),
        kind,
        source,
        int(flag),
    ),
    moments,
    st.sampled_from(sorted(TRACKS)),
    lengths,
    st.sampled_from([0, 1, 2, 3]),
    st.sampled_from([0, 1, 2]),
    st.sampled_from([None, "DE", "FR", "ZY"]),
    st.sampled_from([1, 1, 1, 2, 4]),
    st.sampled_from([1, 2, 3]),
    flags,
)
histories = st.lists(listens, max_size=40, unique_by=lambda h: (h.ended, h.track, h.ms, h.began))
exclusions = st.lists(
    st.builds(
        Exclusion,
        st.sampled_from(["artist", "album", "track", "platform", "hour", "country"]),
        st.sampled_from([0, 1, 2, 3, 11, 12, 21, 99, country_code("DE")]),
    ),
    max_size=2,
    unique=True,
).map(tuple)
lenses = st.builds(
    Lens,
    timezone=st.sampled_from(ZONES),
    rule=st.sampled_from(["seconds", "half", "start"]),
    minimum_ms=st.sampled_from([30_000, 1, 200_001]),
    kinds=st.sampled_from([(Kind.MUSIC, Kind.VIDEO), (Kind.MUSIC,), tuple(Kind)]),
    incognito=st.booleans(),
    merge_recordings=st.booleans(),
    exclusions=exclusions,
    api=st.booleans(),
)
days = st.none() | st.sampled_from([day + timedelta(days=shift) for day in DAYS for shift in (0, 1)])
periods = st.builds(Period, days, days).filter(lambda p: p.start is None or p.end is None or p.start <= p.end)


def _some(*values: object) -> st.SearchStrategy[tuple[object, ...]]:
    return st.just(()) | st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


filters = st.just(Filters()) | st.builds(
    Filters,
    artists=_some(11, 12, 14, 99),
    albums=_some(21, 22, 24),
    tracks=_some(1, 2, 3, 7, 99),
    weekdays=_some(0, 5, 6),
    hours=_some(0, 2, 23),
    platforms=_some(Platform.UNKNOWN, Platform.MOBILE),
    countries=_some("DE", "ZY"),
    sources=_some(Source.SPOTIFY_EXPORT, Source.SPOTIFY_ACCOUNT),
    skipped=st.none() | st.booleans(),
    shuffle=st.none() | st.booleans(),
    search=st.sampled_from(["", "", "abba", "BJÖRK", "gold", "behav", ".", " "]),
)
