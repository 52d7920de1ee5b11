"""Public charts as everybody sees them: one method a panel, every answer kept until what is stored changes."""

import hashlib
import inspect
import time
from collections.abc import Callable, Collection, Hashable
from datetime import date
from functools import lru_cache
from typing import TypeVar

import polars as pl

from core.analytics import chart_courses, chart_makeup, chart_moves, chart_standing, charted
from core.cache import Cache
from core.domain.trends import (
    Available,
    Extra,
    ExtraName,
    Health,
    Kind,
    TrendAsk,
)
from core.repositories.database import Database
from core.services import trend_artists, trend_beside, trend_charts, trend_makeup, trend_regions, trend_things
from core.services.trend_answers import Chart, Reference, Settled, Thing
from core.services.trend_keeping import LOOKED_EVERY, Keeping
from core.services.trend_settling import Settling

__all__ = ["Chart", "Reference", "Settled", "Thing", "Trends"]
_CODE = (
    *(charted, chart_courses, chart_makeup, chart_moves, chart_standing),
    *(trend_artists, trend_beside, trend_charts, trend_makeup, trend_regions, trend_things),
)
_MOST_AT_ONCE = 50  # things asked for in one go
MOST_ID = 2**31
_R = TypeVar("_R")


class Trends:
    """What the world listens to, from every source there is; nobody's own data, so nobody has to sign in.

    Nothing here raises for an odd question: what is not there is ``None`` or an empty frame. Everything is as it was
    known at the moment asked for.
    """

    def __init__(
        self,
        db: Database,
        cache: Cache,
        *,
        enabled: Collection[str] = (),
        genre_tags: bool = True,
        memory_bytes: int = 64_000_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Read from ``db`` through ``cache``, keeping ``memory_bytes`` of answers in this process.

        ``enabled``: sources that are asked by this instance; ``genre_tags``: whether genres come from the tags of
        MusicBrainz's users; ``clock`` counts seconds.
        """
        code = f"{_code()}{'t' if genre_tags else 'n'}"
        self._enabled, self._clock = frozenset(enabled), clock
        self._keeping = Keeping(db, cache, memory_bytes=memory_bytes, code=code, clock=clock)
        self._settling = Settling(self._keeping)
        artists = trend_artists.ArtistBook(self._keeping, tags=genre_tags)
        charts = trend_charts.Charts(self._keeping, artists)
        makeup = trend_makeup.Makeup(self._keeping, artists, charts)
        regions = trend_regions.Regions(self._keeping)
        things = trend_things.Things(self._keeping, artists, self._settling.visible)
        beside = trend_beside.Beside(self._keeping)
        self._keeping.answering(
            chart=charts.chart,
            courses=charts.courses,
            genres=makeup.genres,
            genre_list=makeup.genre_list,
            genre_artists=makeup.genre_artists,
            curve=makeup.curve,
            origins=makeup.origins,
            countries=regions.countries,
            place=regions.place,
            places=things.places,
            told=things.told,
            facts=things.facts,
            kin=things.kin,
            search=things.search,
            extra=beside.extra,
            extras=beside.extras,
        )
        self._beside = beside

    @property
    def version(self) -> int:
        """The version of what is stored, at most ten seconds old: it grows with every change."""
        return self._keeping.version

    def kept(self, question: Hashable, make: Callable[[], _R]) -> _R:
        """Return what ``make`` gives, kept in this process until what is stored changes: for drawings of charts."""
        return self._keeping.remember(("kept", question), make)

    def called(self, kind: Kind, name: str, artist: str = "") -> int | None:
        """Return the thing of a name (and of whose it is), None where none stands on a chart."""
        return self.kept(("called", kind, name, artist), lambda: self._keeping.rows.thing_of(kind, name, artist))

    def available(self) -> tuple[Available, ...]:
        """Return the sources that have anything, in their order; invented charts only where there are no others."""
        return self._settling.available()

    def settle(self, ask: TrendAsk) -> Settled | None:
        """Return what a page shows, blanks filled in and what is not there replaced; ``None``: nothing is stored."""
        return self._settling.settle(ask)

    def chart(self, ask: TrendAsk) -> Chart | None:
        """Return the chart of a moment (``Chart``), best rank first."""
        settled = self.settle(ask)
        if settled is None:
            return None
        moments = self._keeping.moments(settled.series.id)
        before = moments.filter(until=settled.at)["first"].max()
        total = moments.filter(first=settled.at)["total"].max()
        frame = self._answer("chart", settled.series.id, settled.at, settled.derived)
        known = None if settled.derived or not isinstance(total, int) else total
        return Chart(settled, before if isinstance(before, date) else None, frame.height, known, frame)

    def courses(
        self, ask: TrendAsk, ids: tuple[int, ...] | None = None, n: int = 10, snapshots: int = 26
    ) -> pl.DataFrame:
        """Return the way of the first ``n`` of a chart, or of ``ids``, through the snapshots up to its moment.

        Columns: first (date), id (i64), name, artist (str), rank, value (i64, null: none). Oldest first, then by rank.
        """
        settled = self.settle(ask)
        if settled is None:
            schema = {"first": pl.Date, "id": pl.Int64, "name": pl.String, "artist": pl.String}
            return pl.DataFrame(schema=schema | {"rank": pl.Int64, "value": pl.Int64})
        wanted = tuple(id for id in dict.fromkeys(ids or ()) if 0 < id < MOST_ID)[:_MOST_AT_ONCE]
        n, snapshots = min(max(n, 1), _MOST_AT_ONCE), min(max(snapshots, 1), 5_000)
        return self._answer("courses", settled.series.id, settled.at, settled.derived, wanted, n, snapshots)

    def genres(self, ask: TrendAsk, snapshots: int = 52) -> pl.DataFrame:
        """Return the shares of families of genres among the artists of a chart, through time up to its moment.

        Columns: first (date), name (str, "" unknown), share (f64, 0..1 of the snapshot).
        """
        base = self._settling.base(ask)
        if base is None:
            return pl.DataFrame(schema={"first": pl.Date, "name": pl.String, "share": pl.Float64})
        return self._answer("genres", *base, min(max(snapshots, 1), 5_000))

    def genre_list(self, ask: TrendAsk) -> pl.DataFrame:
        """Return the genres of a chart's artists, the largest first, the unknown last.

        Columns: name, family (str), share (f64, 0..1), change (f64, percentage points since the snapshot before, null
        where one of both is not complete or missing), artists (i64, those of whom it is a quarter or more).
        """
        base = self._settling.base(ask)
        return pl.DataFrame(schema=trend_makeup.GENRES) if base is None else self._answer("genre_list", *base)

    def genre_curve(self, name: str) -> pl.DataFrame:
        """Return the share of a genre or family through time, in the chart of artists each source is best known by.

        Columns: source, window, region (str), first (date), share (f64, 0..1).
        """
        found = []
        for source in self.available():
            ask = TrendAsk(source=source.info.id, kind="genre")
            settled, base = self.settle(ask), self._settling.base(ask)
            if settled and base:
                key = settled.key
                about = {"source": key.source, "window": key.window, "region": key.region}
                curve = self._answer("curve", base[0], name[:200])
                found.append(
                    curve.select(*(pl.lit(text).alias(column) for column, text in about.items()), "first", "share")
                )
        schema = {"source": pl.String, "window": pl.String, "region": pl.String, "first": pl.Date, "share": pl.Float64}
        return pl.concat(found) if found else pl.DataFrame(schema=schema)

    def genre_artists(self, ask: TrendAsk, name: str) -> pl.DataFrame:
        """Return the chart of artists of one genre or family ("": of none known), columns as ``Chart.frame``."""
        base = self._settling.base(ask)
        if base is None:
            return pl.DataFrame(schema=trend_charts.SCHEMA)
        return self._answer("genre_artists", *base, name[:200])

    def origins(self, ask: TrendAsk) -> pl.DataFrame:
        """Return where the artists of a chart come from, the largest share first, the unknown last.

        Columns: country (two letters, "" unknown), share (f64, 0..1), artists (i64), first (str, the best of them).
        """
        base = self._settling.base(ask)
        if base is None:
            schema = {"country": pl.String, "share": pl.Float64, "artists": pl.Int64, "first": pl.String}
            return pl.DataFrame(schema=schema)
        return self._answer("origins", *base)

    def countries(self, ask: TrendAsk) -> pl.DataFrame:
        """Return the charts of all countries at a moment, A-Z.

        Columns: region (two letters), id (i64), name, artist (str, the first place), likeness (f64, 0..1 of its first
        50 that are among the world's; null without a chart of the world), size (i64), first (date).
        """
        settled = self.settle(ask)
        if settled is None:
            return pl.DataFrame(schema=trend_regions.COUNTRIES)
        key = settled.series.key
        return self._answer("countries", key.source, key.kind, key.window, settled.at)

    def place(self, ask: TrendAsk, id: int) -> pl.DataFrame:
        """Return where one thing stands in each country and the world at a moment, best rank first.

        Columns: region (str), rank, value (i64, null: none), first (date).
        """
        settled = self.settle(ask)
        if settled is None:
            return pl.DataFrame(schema=trend_regions.PLACE)
        key = settled.series.key
        return self._answer("place", key.source, key.kind, key.window, settled.at, id)

    def thing(self, id: int) -> Thing | None:
        """Return an artist, a track or an album with its charts; ``None`` where it stands on none."""
        return self._keeping.remember(("thing", id), lambda: self._thing(id)) if 0 < id < MOST_ID else None

    def _thing(self, id: int) -> Thing | None:
        places = self._answer("places", id)
        if places.is_empty():
            return None
        return trend_things.thing_of(
            self._answer("facts", id), trend_things.lives(places, self._answer("told", id), self._settling.visible())
        )

    def curves(self, id: int) -> pl.DataFrame:
        """Return every place of a thing: source, kind, window, region (str), first (date), rank, value (i64, null)."""
        return self._answer("places", id if 0 < id < MOST_ID else 0).drop("series")

    def related(self, id: int) -> pl.DataFrame:
        """Return what belongs to a thing: id (i64), kind, name, artist, why ("Also by them", "On the same charts")."""
        return self._answer("kin", id if 0 < id < MOST_ID else 0)

    def search(self, words: str, kind: Kind | None = None) -> pl.DataFrame:
        """Return what is called so, best match first: id (i64), kind, name, artist (str), peak_rank (i64)."""
        return self._answer("search", " ".join(words.replace("\0", "").split())[:100], kind)

    def extra(self, ask: TrendAsk, name: ExtraName) -> Extra | None:
        """Return what a source says beside its charts at a moment, for its window, else another it has.

        At the chart a page opens with, the newest; who travels back finds what was said then.
        """
        settled, opened = self.settle(ask), self.settle(ask.other(at=None))
        if settled is None:
            return None
        back = ask.at and opened and settled.at < opened.at
        return self._beside.newest(settled.info.id, name, settled.key.window, settled if back else None)

    def reference(self, source: str | None = None) -> Reference | None:
        """Return what everybody plays: the world's chart of artists with counts, over the longest time there is.

        Of ``source``, else of the first source that counts; its last complete snapshot, else its last.
        """
        for each in self.available():
            if source in (None, each.info.id) and (found := self._beside.reference(each)):
                return found
        return None

    def health(self) -> tuple[Health, ...]:
        """Return how each source is that is asked or has data."""
        return self._keeping.remember(
            ("health", int(self._clock() // LOOKED_EVERY)), lambda: self._beside.health(self._enabled, self.available())
        )

    def _answer(self, name: str, *asked: object) -> pl.DataFrame:
        """Return a kept frame."""
        found: pl.DataFrame = self._keeping.answer(name, *asked)
        return found


@lru_cache(maxsize=1)
def _code() -> str:
    """Return what differs whenever the code of answers does: new code never reads what old code stored."""
    return hashlib.sha256("".join(map(inspect.getsource, _CODE)).encode()).hexdigest()[:10]
