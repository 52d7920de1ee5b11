"""Public charts: five years of weekly charts of 70 countries put in, looked at, and clicked through by fifty visitors.

``python -m benchmarks.charts [--weeks 260] [--countries 70]``. Files in the form of charts.spotify.com are written to a
folder and put in by ``playprint trends import``; the floor is what reading their rows and copying bare rows of numbers
into PostgreSQL costs. Views are asked of a service that has kept nothing. Visitors are tabs over real websockets.
"""

import argparse
import csv
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import psutil

from benchmarks.budgets import Held, quiet, table, verdict
from benchmarks.pages import Tab, cpu_ms, free_port, serving, tab
from core.bootstrap import Playprint, open_playprint
from core.cache import Cache
from core.domain.trends import TrendAsk
from core.services.genre_map import read_artists
from core.services.trends import Trends
from core.settings import ROOT, Settings
from ui.countries import countries
from ui.figures.trend_panels import TREND_PANELS
from ui.trends import PARTS

WEEKS, COUNTRIES, SIZE = 260, 70, 200
SONGS, ARTISTS = 60_000, 9_000
# The ratio has no budget but its own: each chart of songs gives one of artists too, and its things have to be known.
IMPORT_S, IMPORT_RATIO, VIEW_MS, RERUN_S, PAGE_RATIO = 60.0, 8.0, 150.0, 1.0, 4.0
VISITORS, THINK_S, MINUTES = 50, 2.0, 0.75
LAST = date(2026, 11, 19)  # a Thursday: weeks of these charts end on it
HEAD = "rank,uri,artist_names,track_name,source,peak_rank,previous_rank,weeks_on_chart,streams"


def write_files(folder: Path, weeks: int, regions: list[str]) -> int:
    """Write a weekly chart of every region into a folder and return the number of rows.

    Songs come and go as on real charts: of 200, about ten are new each week; each region has its own.
    """
    chance, rows = random.Random(20), 0
    for region in regions:
        standing = [chance.randrange(SONGS) for _ in range(SIZE * 2)]
        for week in range(weeks):
            for _ in range(12):
                standing[chance.randrange(len(standing))] = chance.randrange(SONGS)
            for _ in range(80):
                at = chance.randrange(len(standing) - 3)
                standing[at], standing[at + 2] = standing[at + 2], standing[at]
            songs = list(dict.fromkeys(standing))[:SIZE]
            day = LAST - timedelta(weeks=weeks - 1 - week)
            lines = [HEAD, *(_line(rank, song) for rank, song in enumerate(songs, start=1))]
            name = f"regional-{region}-weekly-{day.isoformat()}.csv"
            (folder / name).write_text("\ufeff" + "\n".join(lines) + "\n", encoding="utf-8")
            rows += len(songs)
    return rows


@lru_cache(maxsize=ARTISTS)
def _artist(number: int) -> str:
    """Return an artist's name: of most the genres are known, as on real charts."""
    known = _known_artists()
    return known[number] if number < len(known) else f"Artist {number}"


@lru_cache(maxsize=1)
def _known_artists() -> list[str]:
    return sorted(name for name in read_artists() if "," not in name and '"' not in name)


def _line(rank: int, song: int) -> str:
    artist = song % ARTISTS
    names = _artist(artist) if song % 5 else f"{_artist(artist)}, {_artist((artist * 7) % ARTISTS)}"
    return f'{rank},"spotify:track:{song:022d}","{names}","Song {song}","A label",{rank},-1,1,"{9_000_000 // rank}"'


def floor_seconds(playing: Playprint, folder: Path) -> float:
    """Return the seconds that reading all rows with csv and copying (chart, rank, number, streams) alone takes."""
    began = time.perf_counter()
    with playing.db.driver() as connection, connection.cursor() as cursor:
        cursor.execute("create temporary table bare (chart int, rank int, song int, streams bigint)")
        with cursor.copy("copy bare from stdin (format binary)") as copy:
            copy.set_types(["int4", "int4", "int4", "int8"])
            for chart, path in enumerate(sorted(folder.iterdir())):
                with path.open(encoding="utf-8-sig", newline="") as file:
                    reader = csv.reader(file)
                    next(reader)
                    for row in reader:
                        copy.write_row((chart, int(row[0]), int(row[1][-22:]), int(row[8])))
    return time.perf_counter() - began


def import_seconds(folder: Path, environment: dict[str, str]) -> tuple[float, int]:
    """Return the wall seconds of ``playprint trends import`` on a folder and its peak memory in bytes."""
    command = [sys.executable, "-c", "import cli; cli.main()", "trends", "import", str(folder), "--json"]
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    taken = time.perf_counter() - began
    return taken, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


def views(playing: Playprint) -> list[Held]:
    """Return how long every panel takes, asked of a service that has kept nothing; the middle of three."""
    trends = Trends(playing.db, Cache(playing.redis_url, namespace="bench"))
    ask = TrendAsk(source="spotify", kind="track", window="week", region="US")
    chart = trends.chart(ask)
    assert chart is not None
    ids = tuple(chart.frame["id"][:5].to_list())
    asks = {"trend": ask.other(ids=ids), "thing": ask.other(thing=ids[0]), "genre": ask.other(genre="Pop")}
    held = []
    for name, make in TREND_PANELS.items():
        asked = asks[name.partition("-")[0]]
        taken = [_cold(playing, make, asked, number) for number in range(3)]
        held.append(Held(name, statistics.median(taken), VIEW_MS, "ms"))
    return held


def _cold(playing: Playprint, make: Callable[[Trends, TrendAsk], object], ask: TrendAsk, number: int) -> float:
    """Return the milliseconds a panel takes on a service that has kept nothing."""
    trends = Trends(playing.db, Cache(playing.redis_url, namespace=f"bench-{number}-{time.monotonic_ns()}"))
    began = time.perf_counter()
    make(trends, ask)
    return (time.perf_counter() - began) * 1000


def addresses(regions: list[str], thing: int) -> list[tuple[str, str]]:
    """Return (page, query) of what visitors look at: every part of many countries, weeks and things."""
    chance = random.Random(7)
    found = [("trend", f"id={thing + step}") for step in range(0, 40, 4)]
    for part in PARTS:
        for region in chance.sample(regions, 6):
            kind = chance.choice(("artist", "track"))
            day = LAST - timedelta(weeks=chance.choice((0, 0, 0, 5, 52)))
            found.append(("trends", f"part={part}&of={kind}&in={region.upper()}&at={day.isoformat()}"))
    chance.shuffle(found)
    return found


def visitors(port: int, asked: list[tuple[str, str]]) -> tuple[list[float], int]:
    """Return the seconds of each rerun that fifty visitors clicked, thinking two seconds between, and how many failed.

    A rerun that failed ends its visit.
    """
    taken: list[float] = []
    failed: list[Exception] = []
    end = time.monotonic() + MINUTES * 60

    def visit(number: int) -> None:
        chance = random.Random(number)
        time.sleep(chance.random() * THINK_S)  # not all in the same moment
        try:
            with tab(port) as visitor:
                while time.monotonic() < end:
                    page, query = chance.choice(asked)
                    began = time.perf_counter()
                    visitor.run(page, query)
                    taken.append(time.perf_counter() - began)
                    time.sleep(THINK_S)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(VISITORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken, len(failed)


def page_ratios(server: psutil.Process, visitor: Tab, floor: float, asked: list[tuple[str, str]]) -> list[Held]:
    """Return what a rerun of each kind of page costs beside an empty page, asked again."""
    first: dict[str, tuple[str, str]] = {}
    for page, query in asked:
        part = query.partition("&")[0] if page == "trends" else "id"
        first.setdefault(f"{page}, {part.removeprefix('part=')}", (page, query))
    held = []
    for name, (page, query) in sorted(first.items()):
        cost, _ = cpu_ms(server, visitor, page, [query], 100)
        held.append(Held(name, cost / floor, PAGE_RATIO, "x empty page"))
    return held


def report(weeks: int = WEEKS, number: int = COUNTRIES) -> list[Held]:
    """Measure and print; return every figure with its budget."""
    regions = ["global", *(letters.lower() for letters in sorted(countries())[: number - 1])]
    if "us" not in regions:
        regions[-1] = "us"
    with tempfile.TemporaryDirectory(prefix="pp-bench-") as home, tempfile.TemporaryDirectory() as folder:
        playing = open_playprint(Settings(home=Path(home), demo=False))
        try:
            return _measure(playing, Path(folder), weeks, regions)
        finally:
            playing.close()


def _measure(playing: Playprint, folder: Path, weeks: int, regions: list[str]) -> list[Held]:
    rows = write_files(folder, weeks, regions)
    environment = {**os.environ, "PLAYPRINT_HOME": str(playing.settings.home), "PLAYPRINT_DEMO": "false"}
    floor = floor_seconds(playing, folder)
    taken, memory = import_seconds(folder, environment)
    share = rows / (WEEKS * COUNTRIES * SIZE)
    held = [
        Held(f"{rows:,} rows put in", taken, IMPORT_S * max(share, 0.05), "s"),
        Held("the same beside the floor", taken / floor, IMPORT_RATIO, "x floor"),
    ]
    print(table(f"import (floor {floor:.1f} s, peak memory {memory / 1e6:.0f} MB)", held), flush=True)
    seen = views(playing)
    print(table("views nobody asked for yet", seen), flush=True)
    return held + seen + _pages(playing, regions, environment)


def _pages(playing: Playprint, regions: list[str], environment: dict[str, str]) -> list[Held]:
    """Serve the pages and an empty one, and measure visitors."""
    empty_port, port = free_port(), free_port()
    with serving("benchmarks.empty:app", empty_port, {}) as empty, tab(empty_port) as nothing:
        cpu_ms(empty, nothing, "", [""], 60)  # until what a server does in its first second is over
        floor, _ = cpu_ms(empty, nothing, "", [""], 200)
    regions = ["ZZ" if region == "global" else region for region in regions]
    found = Trends(playing.db, playing.cache).search("Song 1")
    asked = addresses(regions, int(found["id"][0]))
    with serving("app:app", port, environment | {"PLAYPRINT_PORT": str(port)}) as server:
        with tab(port) as visitor:
            for page, query in asked[:3]:
                visitor.run(page, query)
        taken, failed = visitors(port, asked)
        held = [
            Held("95 of 100 reruns within", statistics.quantiles(taken, n=20)[-1], RERUN_S, "s"),
            Held("reruns that failed", failed, 0.5, "reruns"),
        ]
        middle = statistics.median(taken) * 1000
        print(table(f"{VISITORS} visitors, {len(taken)} clicks, middle {middle:.0f} ms", held), flush=True)
        with tab(port) as visitor:
            ratios = page_ratios(server, visitor, floor, asked)
        print(table(f"pages asked again (an empty page costs {floor:.1f} ms)", ratios))
    return held + ratios


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--weeks", type=int, default=WEEKS)
    arguments.add_argument("--countries", type=int, default=COUNTRIES)
    chosen = arguments.parse_args()
    quiet()
    print(verdict(report(chosen.weeks, chosen.countries)))


if __name__ == "__main__":
    main()
