"""The embedded PostgreSQL: made once, started, watched for readiness, stopped."""

import contextlib
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg
from psycopg import sql

from core.domain.errors import Unavailable
from core.embedded import process
from core.embedded.account import Account
from core.embedded.binaries import Binaries
from core.embedded.layout import DATABASE, Layout

# TCP stays closed; commits are durable (fsync and synchronous_commit keep their defaults).
# Failed statements are not logged and details are left out: both may carry what people listened to.
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "effective_io_concurrency": "64",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
START_SECONDS = 600.0  # recovery after a crash may have much to read
ORPHAN_SECONDS = 120.0


class Postgres:
    """One PostgreSQL of one home; used by its supervisor alone."""

    name = "postgres"

    def __init__(self, layout: Layout, binaries: Binaries, account: Account | None) -> None:
        self._layout, self._binaries, self._account = layout, binaries, account
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, making the data first where there is none, and return once it takes connections.

        Raises:
            Unavailable: it cannot start; the sentence names the log.
        """
        data = self._layout.data
        if not data.is_dir():
            self._make_data()
        self._check_version()
        self._clear_leftovers()
        options = [part for name, value in OPTIONS.items() for part in ("-c", f"{name}={value}")]
        self._process = process.spawn(
            [self._binaries.postgres_bin / "postgres", "-D", data, "-k", self._layout.sockets, *options],
            log=self._layout.log(self.name),
            cwd=data,
            account=self._account,
            dies_with=signal.SIGINT,  # PostgreSQL's fast shutdown
        )
        self._wait_until_ready(self._process)

    @property
    def ended(self) -> bool:
        """Whether the server is not running (any more)."""
        return self._process is None or self._process.poll() is not None

    def stop(self, *, in_haste: bool = False) -> None:
        """Stop the server: cleanly, or (``in_haste``) as if the power failed, for data that is being deleted."""
        if self._process and not self.ended:
            fast, immediate = (signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0)
            process.stop(self._process, *([immediate] if in_haste else [fast, immediate]))

    def _make_data(self) -> None:
        """Run initdb beside the final place and rename: half-made data is never seen."""
        half = self._layout.data.with_name("postgres.half")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        user = {}
        if self._account:
            self._account.own(half)
            user = {"user": self._account.uid, "group": self._account.gid, "extra_groups": []}
        command = [self._binaries.postgres_bin / "initdb", "-D", half, "-U", DATABASE, "--encoding=UTF8"]
        # Whoever may open the socket (its folder is 0700) is let in; no other way in exists.
        access = ["--locale=C.UTF-8", "--auth-local=trust", "--auth-host=reject"]
        done = subprocess.run(  # type: ignore[call-overload]
            [*command, *access], check=False, capture_output=True, text=True, cwd="/", **user
        )
        if done.returncode:
            raise Unavailable(f"The database cannot be made in {self._layout.servers}: {_last_line(done.stderr)}")
        half.rename(self._layout.data)

    def _check_version(self) -> None:
        made_by = (self._layout.data / "PG_VERSION").read_text().strip()
        if made_by != self._binaries.postgres_version.split(".")[0]:
            raise Unavailable(
                f"The database in {self._layout.data} was made by PostgreSQL {made_by} and this Playprint brings "
                f"{self._binaries.postgres_version}; docs/operating.md says how to move it."
            )

    def _clear_leftovers(self) -> None:
        """Wait for what an earlier, killed supervisor left, then drop lock files that name somebody else's process.

        PostgreSQL copes with stale ones unless their number belongs to a process of the same user: another one after
        a restart of the machine, or the killed one nobody has waited for yet. We hold the home's lock and saw that
        nothing runs in the data folder, so the files mean nothing.
        """
        stale = [self._layout.data / "postmaster.pid", *self._layout.sockets.glob(".s.PGSQL.*")]
        if not any(path.exists() for path in stale):
            return
        if not process.end_all(self._layout.data, signal.SIGINT, seconds=ORPHAN_SECONDS):
            raise Unavailable(f"An earlier PostgreSQL still runs in {self._layout.data}; end it and start again.")
        for path in stale:
            path.unlink(missing_ok=True)

    def _wait_until_ready(self, server: "subprocess.Popen[bytes]") -> None:
        give_up, pause = time.monotonic() + START_SECONDS, 0.02
        while True:
            try:
                _ensure_database(self._layout)
                return
            except psycopg.OperationalError as error:
                if server.poll() is not None or time.monotonic() > give_up:
                    log = self._layout.log(self.name)
                    raise Unavailable(f"PostgreSQL cannot start: {_last_line(_tail(log))} (see {log})") from error
            time.sleep(pause)
            pause = min(pause * 1.5, 0.5)


def is_ready(layout: Layout) -> bool:
    """Return whether the database takes connections, by making one."""
    with contextlib.suppress(psycopg.OperationalError):
        psycopg.connect(layout.database_url(), connect_timeout=5).close()
        return True
    return False


def _ensure_database(layout: Layout) -> None:
    with psycopg.connect(layout.database_url("postgres"), connect_timeout=5, autocommit=True) as connection:
        found = connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone()
        if not found:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))


def _tail(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4000))
        return file.read().decode(errors="replace")


def _last_line(output: str) -> str:
    """Return the line that tells why: the last FATAL or error one, else the last."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL:" in line or "PANIC:" in line or "error:" in line]
    return (telling or lines or ["no reason given"])[-1].rstrip(".") + "."
