"""Times the figures, the library and the cache on 300,000 listens, against bare Polars in the same run.

``python -m benchmarks.analytics [LISTENS]`` makes a scratch database on the configured PostgreSQL
(``PLAYPRINT_TEST_DATABASE_URL`` and ``_REDIS_URL``, else the embedded servers), prints a table and drops it again.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import create_engine, make_url, text

from benchmarks.budgets import Held, quiet, table, verdict
from benchmarks.person import add_catalogue, add_listen, add_person
from core.analytics.building import append, build
from core.analytics.codec import decode, encode
from core.analytics.library import Library
from core.cache import Cache
from core.cache.keys import person
from core.domain.filters import Filters
from core.domain.lens import Exclusion, Lens
from core.domain.listen import Flag, Platform
from core.domain.period import Period
from core.repositories.database import Database
from core.repositories.library import LibraryReader
from core.repositories.migrating import migrate
from core.services.listening import Listening

LISTENS = 300_000
BERLIN = "Europe/Berlin"
TODAY = date(2024, 12, 31)
BUDGET_MS, BUDGET_RATIO, SMALL_MS, BUILD_MS, REDIS_MS = 25.0, 1.5, 5.0, 400.0, 30.0


@contextmanager
def servers() -> Iterator[tuple[str, str]]:
    """Yield the addresses of PostgreSQL and Redis to measure on."""
    database, redis = os.environ.get("PLAYPRINT_TEST_DATABASE_URL"), os.environ.get("PLAYPRINT_TEST_REDIS_URL")
    if database and redis:
        yield database, redis
        return
    from core.embedded.servers import attach

    with tempfile.TemporaryDirectory(prefix="pp-") as home, attach(Path(home)) as attachment:
        yield attachment.urls.database, attachment.urls.redis


@contextmanager
def scratch(server: str) -> Iterator[Database]:
    """Yield a migrated database of this run's own; dropped at the end."""
    name = f"playprint_bench_{os.getpid()}"
    url = make_url(server).set(drivername="postgresql+psycopg")
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'create database "{name}"'))
    db = Database(make_url(server).set(database=name).render_as_string(hide_password=False))
    try:
        migrate(db)
        yield db
    finally:
        db.dispose()
        with admin.connect() as connection:
            connection.execute(text(f'drop database "{name}" with (force)'))
        admin.dispose()


def milliseconds(
    *functions: Callable[[], object], rounds: int = 11, pick: Callable[[list[float]], float] = statistics.median
) -> list[float]:
    """Return the median (or what ``pick`` picks) time of each function; they take turns, so busy moments hit all."""
    times: list[list[float]] = [[] for _ in functions]
    for _ in range(rounds):
        for function, taken in zip(functions, times, strict=True):
            began = time.perf_counter()
            function()
            taken.append((time.perf_counter() - began) * 1000)
    return [pick(taken[1:]) for taken in times]


@dataclass(frozen=True)
class Selection:
    """Arguments of the service, and the same as Polars conditions on the listens with local columns.

    ``condition`` is a function: a bare expression looks names up as the service does. ``earlier``: the period before.
    """

    name: str
    arguments: dict[str, Any]
    condition: Callable[[], pl.Expr]
    play: pl.Expr
    earlier: pl.Expr | None = None


def selections(library: Library) -> list[Selection]:
    """Return the selections to measure: all, a year, exclusions and filters, and the half rule with a search."""
    thirty, yes = pl.col("ms_played") >= 30_000, pl.lit(value=True)
    excluded = (Exclusion("artist", 5), Exclusion("hour", 3))
    kept = (pl.col("artist") != library.code("artist", 5)) & (pl.col("hour") != 3)
    shuffle = pl.lit(int(Flag.SHUFFLE | Flag.SHUFFLE_KNOWN), pl.Int16)
    straight = (pl.col("flags") & shuffle) == int(Flag.SHUFFLE_KNOWN)
    weekdays = pl.col("weekday").is_in([0, 1, 2, 3, 4])

    def named() -> pl.Expr:
        artists, albums = (names.str.contains("ab", literal=True) for names in (lowered["artist"], lowered["album"]))
        found = lowered["track"].str.contains("ab", literal=True)
        found |= artists.gather(library.tracks["artist"]) | albums.gather(library.tracks["album"])
        codes = pl.Series(found.arg_true(), dtype=pl.UInt32).implode()
        return pl.col("track").is_in(codes) & pl.col("platform").is_in([1, 3])

    lowered = library.lowered
    this, last = (pl.col("day").is_between(date(year, 1, 1), date(year, 12, 31)) for year in (2020, 2019))
    filters = Filters(shuffle=False, weekdays=(0, 1, 2, 3, 4))
    search = Filters(search="ab", platforms=(Platform.MOBILE, Platform.WEB))
    return [
        Selection("everything", {"lens": Lens(BERLIN)}, lambda: yes, thirty),
        Selection("one year", {"lens": Lens(BERLIN), "period": Period.year(2020)}, lambda: this, thirty, last),
        Selection(
            "filtered",
            {"lens": Lens(BERLIN, exclusions=excluded), "filters": filters},
            lambda: kept & straight & weekdays,
            thirty,
        ),
        Selection(
            "half, search",
            {"lens": Lens(BERLIN, rule="half"), "filters": search},
            named,
            pl.col("ms_played") * 2 >= pl.col("length"),
        ),
    ]


class Bare:
    """Each figure as the Polars expression one would write straight on the frame."""

    def __init__(self, frame: pl.DataFrame, library: Library, chosen: Selection) -> None:
        self._frame, self._library, self._chosen = frame.lazy(), library, chosen
        ms = pl.col("ms_played").cast(pl.Int64).sum()
        self._amounts = (chosen.play.sum().alias("plays"), ms)
        fast = (pl.col("reason_end") == 2) & (pl.col("ms_played") < 30_000)
        self._skips = (((pl.col("flags") & 8) != 0) | fast).sum().alias("skips")
        self._lookups = {
            "artist": library.artists.lazy().with_row_index("artist"),
            "album": library.albums.lazy().drop("artist").with_row_index("album"),
            "recording": library.recordings.lazy().drop("track", "artist").with_row_index("recording"),
        }

    def _seen(self) -> pl.LazyFrame:
        return self._frame.filter(self._chosen.condition())

    def _both(self, figure: Callable[[pl.LazyFrame], pl.LazyFrame]) -> list[pl.DataFrame]:
        """Return a figure of the period and, where the service compares, of the one before."""
        earlier = [] if self._chosen.earlier is None else [self._frame.filter(self._chosen.earlier)]
        return pl.collect_all([figure(part) for part in (self._seen(), *earlier)])

    def totals(self) -> object:
        """Compute the sums."""
        names = ("artist", "album", "recording")
        different = [pl.col(name).filter(self._chosen.play).n_unique().alias(name) for name in names]
        edges = [pl.col("ended").min().alias("first"), pl.col("ended").max().alias("last")]
        return self._both(lambda seen: seen.select(pl.len(), *self._amounts, self._skips, *different, *edges))

    def top(self, by: str) -> object:
        """Compute a ranked list."""
        descending = [True, True, False, False]
        order = ["plays", "ms_played", "name", "id"]

        def ranked(seen: pl.LazyFrame) -> pl.LazyFrame:
            heard = seen.group_by(by).agg(self._amounts).filter(pl.col("plays") > 0)
            return heard.join(self._lookups[by], on=by).sort(order, descending=descending)

        return self._both(ranked)

    def timeline(self, every: str) -> object:
        """Compute plays and time along the calendar."""
        start = pl.col("day").dt.truncate(every) if every != "1d" else pl.col("day")
        return self._both(lambda seen: seen.group_by(start).agg(self._amounts).sort("day"))

    def clock(self) -> object:
        """Compute plays and time per weekday and hour."""
        return self._seen().group_by("weekday", "hour").agg(self._amounts).collect()

    def first(self, by: str) -> object:
        """Compute first plays ever, joined to what is played in the selection."""
        first = self._frame.filter(self._chosen.play).group_by(by).agg(first=pl.col("ended").min())
        here = self._seen().filter(self._chosen.play).group_by(by).agg(plays=pl.len())
        return first.join(here, on=by).join(self._lookups[by], on=by).collect()

    def streaks(self) -> object:
        """Compute the lengths of runs of days."""
        days = self._seen().filter(self._chosen.play).select(pl.col("day").unique().sort())
        return days.select(run=(pl.col("day").diff().dt.total_days() != 1).cum_sum()).collect()["run"].value_counts()

    def skips(self) -> object:
        """Compute skips per artist."""
        found = self._seen().group_by("artist").agg(pl.len(), self._skips)
        return found.join(self._lookups["artist"], on="artist").collect()

    def latest(self) -> object:
        """Compute the newest 50 listens, with names."""
        last, library = self._seen().tail(50).collect(), self._library
        return last.select(
            pl.col("ended").dt.convert_time_zone(BERLIN),
            *(getattr(library, f"{by}s")["name"].gather(last[by]).alias(by) for by in ("track", "artist", "album")),
            pl.col("platform").replace_strict({1: "mobile", 2: "desktop"}, default="other", return_dtype=pl.String),
        ).reverse()


def floors(bare: Bare) -> dict[str, Callable[[], object]]:
    """Return the bare expressions by the names of ``figures``."""
    return {
        "totals": bare.totals,
        "top artists": lambda: bare.top("artist"),
        "top albums": lambda: bare.top("album"),
        "top tracks": lambda: bare.top("recording"),
        "timeline by day": lambda: bare.timeline("1d"),
        "timeline by month": lambda: bare.timeline("1mo"),
        "weekday and hour": bare.clock,
        "discoveries": lambda: bare.first("artist"),
        "new tracks": lambda: bare.first("recording"),
        "streaks": bare.streaks,
        "skip shares": bare.skips,
        "latest": bare.latest,
    }


def figures(service: Listening, user: int, arguments: dict[str, Any]) -> dict[str, Callable[[], object]]:
    """Return the service's calls by the name of their figure."""
    return {
        "totals": lambda: service.totals(user, **arguments),
        "top artists": lambda: service.top(user, by="artist", **arguments),
        "top albums": lambda: service.top(user, by="album", **arguments),
        "top tracks": lambda: service.top(user, by="track", **arguments),
        "timeline by day": lambda: service.timeline(user, unit="day", **arguments),
        "timeline by month": lambda: service.timeline(user, unit="month", **arguments),
        "weekday and hour": lambda: service.weekday_hours(user, **arguments),
        "discoveries": lambda: service.discoveries(user, by="artist", **arguments),
        "new tracks": lambda: service.discoveries(user, by="track", **arguments),
        "streaks": lambda: service.streaks(user, today=TODAY, **arguments),
        "skip shares": lambda: service.skips(user, by="artist", **arguments),
        "latest": lambda: service.page(user, limit=50, **arguments),
    }


def measure_figures(service: Listening, user: int) -> list[Held]:
    """Print each figure under each selection against bare Polars; return them with their budgets."""
    library, held = service.library(user), list[Held]()
    local = library.local(BERLIN)
    frame = library.listens.with_columns(
        pl.Series("day", local.day).cast(pl.Date),
        pl.Series("hour", local.hour),
        pl.Series("weekday", local.weekday),
        library.tracks["length_ms"].gather(library.listens["track"]).alias("length"),
    ).rechunk()
    print(f"{'':34}{'ms':>7}{'budget':>8}{'bare ms':>9}{'ratio':>7}{'budget':>8}{'again ms':>10}")
    for chosen in selections(library):
        floor, ours = floors(Bare(frame, library, chosen)), figures(service, user, chosen.arguments)
        for name, call in ours.items():

            def fresh(call: Callable[[], object] = call) -> object:
                service.forget_views()
                return call()

            again, took, least = milliseconds(call, fresh, floor[name])
            judged = judge(f"{name}, {chosen.name}", took, least)
            held += judged
            ratio, most = took / least, BUDGET_RATIO if len(judged) > 1 else "-"
            over = "" if all(each.within for each in judged) else "  OVER"
            print(
                f"{name:<20}{chosen.name:<14}{took:>7.1f}{BUDGET_MS:>8.0f}{least:>9.1f}{ratio:>7.2f}{most:>8}"
                f"{again:>10.1f}{over}"
            )
    print(f"(-: under {SMALL_MS:.0f} ms the ratio measures fixed costs; again: the same asked twice)")
    return held


def judge(name: str, took: float, least: float) -> list[Held]:
    """Return a figure's time with its budget, and its ratio with its own where it is not all fixed costs."""
    ratio = [Held(name, took / least, BUDGET_RATIO, "x bare Polars")] if took > SMALL_MS else []
    return [Held(name, took, BUDGET_MS, "ms"), *ratio]


def measure_library(db: Database, cache: Cache, user: int) -> list[Held]:
    """Print what making a library costs by each way; return what has a budget."""
    reader = LibraryReader(db)
    read = reader.read(user)
    library = build(read.rows, version=read.version)
    data = encode(library)
    key = f"{person(user)}library"
    cache.set_bytes(key, data, 600)
    added = add_listen(db, user, at=datetime(2024, 12, 30, tzinfo=UTC), import_id=2)

    def whole() -> Library:
        return build(reader.read(user).rows, version=1)

    def redis() -> Library:
        return decode(cache.get_bytes(key) or b"")

    def grown() -> Library:
        return append(library, reader.read(user, imports=[added]).rows, version=2)

    names = ["from PostgreSQL", "from Redis", "one listen appended", "the version"]
    took = milliseconds(whole, redis, grown, lambda: reader.version(user), rounds=9, pick=min)
    held = [
        Held(f"library of {library.listens.height:,}, {name}", ms, most, "ms")
        for name, ms, most in zip(names, took, (BUILD_MS, REDIS_MS), strict=False)
    ]
    print(f"\n{table('the quietest of 8', held)}")
    for name, ms in zip(names[2:], took[2:], strict=True):
        print(f"{name:<44}{ms:>9.2f}{'-':>8}  ms")
    print(f"{'in memory':<44}{library.nbytes / 1e6:>9.1f}{'-':>8}  MB")
    print(f"{'in Redis':<44}{len(data) / 1e6:>9.1f}{'-':>8}  MB")
    return held


def report(listens: int = LISTENS) -> list[Held]:
    """Measure and print; return every figure with its budget."""
    with servers() as (database, redis), scratch(database) as db:
        add_catalogue(db)
        user, cache = add_person(db, listens=listens), Cache(redis)
        held = measure_figures(Listening(db, cache, memory_bytes=10**9), user)
        held += measure_library(db, cache, user)
        cache.erase_person(user)
        cache.close()
    return held


def main(listens: int = LISTENS) -> int:
    """Measure, print, and return how many figures are over budget."""
    quiet()
    held = report(listens)
    print(f"\n{verdict(held)}")
    return sum(not each.within for each in held)


if __name__ == "__main__":
    sys.exit(1 if main(*map(int, sys.argv[1:2])) else 0)
