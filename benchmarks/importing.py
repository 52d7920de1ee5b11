"""What an import costs against its floor: unpacking, typed parsing and binary COPY of the same rows.

``python -m benchmarks.importing --rows 100000 1000000`` starts a PostgreSQL of its own, runs every measurement in a
fresh process, and prints wall and CPU seconds (client and server), peak memory, and the ratios the budgets are about.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import psutil
import psycopg

from benchmarks import spotify_export
from benchmarks.budgets import Held, quiet, table

BUDGET_RATIO, BUDGET_MB, BUDGET_LINEAR = 3.0, 300, 11.0
BUDGET_WALL = {100_000: 3.0, 1_000_000: 20.0}
_COLUMNS = (
    "user_id, ended_at, began_at, logged_at, track_id, ms_played, import_id, reason_start, reason_end, platform,"
    " country, kind, source, flags"
)


def _server_cpu(connection: psycopg.Connection) -> float:
    """Return the CPU seconds PostgreSQL has used so far: its living processes and the ones that have ended."""
    postmaster = psutil.Process(connection.info.backend_pid).parent()
    assert postmaster is not None
    times = [postmaster.cpu_times()] + [child.cpu_times() for child in postmaster.children()]
    return sum(t.user + t.system for t in times) + times[0].children_user + times[0].children_system


def _peak_mb() -> float:
    """Return the most memory this process has held; its maximum as the kernel sums it up includes the parent's."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024


def _product(url: str, path: Path) -> dict[str, float]:
    """Import the zip for a person of its own or again for the same one; return rows read and stored."""
    from core.repositories.database import Database
    from core.services.importing import Importing, Upload

    db = Database(url)
    importing = Importing(db, secret=b"benchmark")
    with db.driver() as connection:
        row = connection.execute(
            "insert into users (name, name_key) values ('b', 'b')"
            " on conflict (name_key) do update set name = 'b' returning id"
        ).fetchone()
    assert row is not None
    import_id = importing.create(row[0], label=path.name, bytes_total=path.stat().st_size)
    sheet = importing.run(row[0], import_id=import_id, uploads=[Upload(path, path.name)]).sheet
    assert sheet is not None
    return {"read": sheet.rows_read, "stored": sheet.stored, "errors": sheet.errors}


def _floor(url: str, path: Path, rows: Path) -> dict[str, float]:
    """Unpack and parse the zip, then copy the rows the product made of it."""
    from core.importing.archive import Budget, Limits, entries
    from core.importing.extended import decode

    budget, read = Budget(Limits()), 0
    for entry in entries(path, path.name, Limits()):
        read += len(decode(b"".join(entry.blocks(budget, lambda _: None))))
    sql = f"copy listens ({_COLUMNS}) from stdin (format binary)"
    with psycopg.connect(url) as connection, rows.open("rb") as file, connection.cursor().copy(sql) as copy:
        while block := file.read(1 << 20):
            copy.write(block)
    return {"read": read}


def _child(task: str, url: str, path: Path, rows: Path) -> None:
    """Do one measurement in this process and print it as JSON."""
    import core.services.importing  # noqa: F401 - a worker has it loaded long before

    with psycopg.connect(url) as connection:
        before, wall, cpu = _server_cpu(connection), time.perf_counter(), time.process_time()
        found = _floor(url, path, rows) if task == "floor" else _product(url, path)
        client, wall = time.process_time() - cpu, time.perf_counter() - wall
        time.sleep(0.5)  # until the server has taken stock of the connections that have ended
        server = _server_cpu(connection) - before
    peak = _peak_mb()
    print(json.dumps(found | {"wall": wall, "client": client, "server": server, "cpu": client + server, "mb": peak}))


def _measure(task: str, url: str, path: Path, rows: Path) -> dict[str, float]:
    """Return a measurement made in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.importing", "--child", task, url, str(path), str(rows)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _show(name: str, found: dict[str, float]) -> None:
    print(
        f"  {name:<8} wall {found['wall']:6.2f} s  cpu {found['cpu']:6.2f} s"
        f" (client {found['client']:.2f}, server {found['server']:.2f})  peak {found['mb']:4.0f} MB"
    )


def measure(url: str, rows: int, folder: Path) -> dict[str, float]:
    """Measure one size in the empty database at ``url``; return the product's first run with its ratio to the floor."""
    path, copied = folder / "my_spotify_data.zip", folder / "rows.copy"
    size = spotify_export.write(path, rows)
    print(f"{rows:,} rows, {size / 1e6:.0f} MB of JSON, {path.stat().st_size / 1e6:.0f} MB zipped")
    with psycopg.connect(url, autocommit=True) as connection:
        first = _measure("first", url, path, copied)
        again = _measure("again", url, path, copied)
        query = f"copy (select {_COLUMNS} from listens order by ended_at) to stdout (format binary)"
        with copied.open("wb") as file, connection.cursor().copy(query) as copy:
            for block in copy:
                file.write(block)
        connection.execute("truncate listens")
        connection.execute("checkpoint")
        floor = _measure("floor", url, path, copied)
        connection.execute("truncate listens")
    for name, found in (("floor", floor), ("import", first), ("again", again)):
        _show(name, found)
    assert first["read"] == again["read"] == floor["read"] == rows
    assert again["stored"] == 0
    first["ratio"] = first["cpu"] / floor["cpu"]
    return first


def held(results: Sequence[dict[str, float]]) -> list[Held]:
    """Return the first imports of all sizes against their budgets; memory counts at the largest."""
    made = []
    for found in results:
        rows = int(found["read"])
        if rows in BUDGET_WALL:
            made.append(Held(f"{rows:,} rows, from zip to committed", found["wall"], BUDGET_WALL[rows], "s"))
        made.append(Held(f"{rows:,} rows, CPU to the floor's", found["ratio"], BUDGET_RATIO, "x the floor"))
    for few, many in pairwise(results):
        name, times = f"{many['read']:,} rows to {few['read']:,}", many["wall"] / few["wall"]
        made.append(Held(name, times, BUDGET_LINEAR * many["read"] / few["read"] / 10, "x the time"))
    largest = max(results, key=lambda found: found["read"])
    made.append(Held(f"{largest['read']:,} rows, peak memory of the worker", largest["mb"], BUDGET_MB, "MB"))
    return made


def report(sizes: Sequence[int]) -> list[Held]:
    """Measure every size on an embedded PostgreSQL of its own; print and return what has a budget."""
    from core.embedded.servers import attach
    from core.repositories.database import Database
    from core.repositories.migrating import migrate

    os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[1])
    with tempfile.TemporaryDirectory(prefix="pp-bench-") as home, attach(Path(home) / "home", linger=0) as attachment:
        url = attachment.urls.database
        migrate(Database(url, pooled=False))
        results = [measure(url, rows, Path(home)) for rows in sizes]
    made = held(results)
    print(f"\n{table('imports', made)}")
    return made


def main() -> None:
    """Measure every size asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--child", nargs=4)
    asked = parser.parse_args()
    quiet()
    if asked.child:
        task, url, path, rows = asked.child
        _child(task, url, Path(path), Path(rows))
    else:
        report(asked.rows)


if __name__ == "__main__":
    main()
