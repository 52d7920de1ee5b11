"""The embedded servers under everything that happens to processes: shared, stopped, killed, started all at once."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import psutil
import psycopg
import pytest

from core.domain.errors import Unavailable
from core.embedded import process, valkey
from core.embedded.account import ELSEWHERE, elsewhere
from core.embedded.layout import Layout
from core.embedded.servers import attach, is_stopping

ROOT = Path(__file__).resolve().parents[2]
T = TypeVar("T")
NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")

# Attaches, says so, and holds on until its input is closed.
CLIENT = """
import sys
from pathlib import Path
from core.embedded.servers import attach
with attach(Path(sys.argv[1]), linger=0) as attachment:
    print(attachment.urls.database, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """Return a home of this test's own; whatever still runs there afterwards is ended."""
    folder = Path(tempfile.mkdtemp(prefix="pp-"))
    yield folder
    kill_everything(folder)
    for path in (folder, Layout.of(folder).sockets):
        shutil.rmtree(path, ignore_errors=True)


def eventually(condition: Callable[[], T], seconds: float = 30) -> T:
    """Return the first true answer of ``condition``."""
    give_up = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < give_up, "it never happened"
        time.sleep(0.02)
    return answer


def supervisors(home: Path) -> list[psutil.Process]:
    found = []
    for each in psutil.process_iter(["cmdline"]):
        line = each.info["cmdline"] or []
        with suppress(psutil.NoSuchProcess):
            if "core.embedded.supervisor" in line and str(home) in line and each.status() != psutil.STATUS_ZOMBIE:
                found.append(each)
    return found


def everything(home: Path) -> list[psutil.Process]:
    layout = Layout.of(home)
    return [*supervisors(home), *process.running_in(layout.data), *process.running_in(layout.valkey)]


def kill_everything(home: Path) -> None:
    for each in everything(home):
        with suppress(psutil.NoSuchProcess):  # one takes others along
            each.kill()


def ended(one: psutil.Process) -> bool:
    """Return whether a process is over, whether somebody has taken notice of it or not."""
    try:
        return not one.is_running() or one.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # it was taken notice of between the two questions
        return True


def owners(running: Iterable[psutil.Process]) -> set[int]:
    """Return the users processes run as, but for those that have ended meanwhile."""
    found = set()
    for each in running:
        with suppress(psutil.NoSuchProcess):
            found.add(each.uids().effective)
    return found


def postmaster(home: Path) -> psutil.Process:
    return psutil.Process(int((Layout.of(home).data / "postmaster.pid").read_text().split()[0]))


def query(home: Path, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(Layout.of(home).database_url(), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def remember(home: Path) -> None:
    query(home, "create table kept as select 42 as answer")


def remembers(home: Path) -> bool:
    try:
        return query(home, "select answer from kept") == [(42,)]
    except psycopg.OperationalError:
        return False


def client(home: Path, python: str = sys.executable, **options: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # type: ignore[call-overload]
        [python, "-c", CLIENT, str(home)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options
    )


def python_for(plain: dict[str, object], environment: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Return a Python that user can run: ours, or the system's (ours may lie below /root)."""
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        with suppress(OSError):
            command = [python, "-c", "import psycopg, psutil"]
            done = subprocess.run(  # type: ignore[call-overload]
                command, check=False, cwd=ROOT, env=environment, capture_output=True, **plain
            )
            if done.returncode == 0:
                return python, environment
    pytest.skip("no Python here that another user can run")


def nothing_runs(home: Path) -> bool:
    return not everything(home)


def test_two_processes_share_one_and_a_clean_stop_leaves_nothing(home: Path) -> None:
    with attach(home, linger=0) as attachment:
        remember(home)
        first = postmaster(home).pid
        with client(home) as other:
            assert other.stdout is not None
            assert other.stdout.readline().strip() == attachment.urls.database
            assert (postmaster(home).pid, len(supervisors(home))) == (first, 1)
            other.communicate()
        assert postmaster(home).is_running()
    eventually(lambda: nothing_runs(home))
    with attach(home, linger=0):
        assert remembers(home)


def test_nothing_listens_on_the_network_and_commits_are_durable(home: Path) -> None:
    with attach(home, linger=0):
        layout = Layout.of(home)
        running = [postmaster(home), *process.running_in(layout.valkey)]
        assert [each.net_connections("inet") for each in running] == [[], []]
        assert query(home, "show fsync") == [("on",)]
        assert layout.sockets.stat().st_mode & 0o777 == 0o700
        logs = list(home.rglob("*.log"))
        assert len(logs) >= 2
        assert {log.stat().st_mode & 0o777 for log in logs} == {0o600}


def test_servers_outlive_their_last_user_for_a_moment(home: Path) -> None:
    attach(home, linger=3).close()
    first = postmaster(home).pid
    with attach(home):
        assert postmaster(home).pid == first


def test_killed_postgres_comes_back_with_what_was_committed(home: Path) -> None:
    with attach(home, linger=0):
        remember(home)
        postmaster(home).kill()
        assert eventually(lambda: remembers(home))


def test_killed_valkey_comes_back(home: Path) -> None:
    with attach(home, linger=0):
        layout = Layout.of(home)
        (killed,) = process.running_in(layout.valkey)
        killed.kill()
        eventually(lambda: ended(killed))
        assert eventually(lambda: valkey.is_ready(layout))


def test_killed_supervisor_takes_the_servers_along_and_the_next_one_finds_everything(home: Path) -> None:
    with attach(home, linger=0):
        remember(home)
        server = postmaster(home)
        supervisors(home)[0].kill()
        server.wait(30)
        with attach(home, linger=0):
            assert remembers(home)


def test_long_lived_processes_bring_a_killed_supervisor_back(home: Path) -> None:
    with attach(home, linger=0, watch=True):
        remember(home)
        killed = supervisors(home)[0]
        killed.kill()
        eventually(lambda: [each for each in supervisors(home) if each.pid != killed.pid])
        assert eventually(lambda: remembers(home))


def test_everything_killed_at_once(home: Path) -> None:
    with attach(home, linger=0):
        remember(home)
        kill_everything(home)
    with attach(home, linger=0):
        assert remembers(home)


def test_a_stale_pid_file_that_names_a_living_process_of_the_same_user(home: Path) -> None:
    with attach(home, linger=0):
        remember(home)
        lines = (Layout.of(home).data / "postmaster.pid").read_text().splitlines()
    pid_file = Layout.of(home).data / "postmaster.pid"
    owner = pid_file.parent.stat()
    with subprocess.Popen(["sleep", "600"], cwd="/", user=owner.st_uid, group=owner.st_gid) as living:
        pid_file.write_text("\n".join([str(living.pid), *lines[1:]]) + "\n")
        os.chown(pid_file, owner.st_uid, owner.st_gid)
        with attach(home, linger=0):
            assert remembers(home)
        assert living.poll() is None
        living.kill()


def test_four_at_once_share_one_supervisor(home: Path) -> None:
    clients = [client(home) for _ in range(4)]
    answers = {each.stdout.readline() for each in clients if each.stdout}
    assert answers == {Layout.of(home).database_url() + "\n"}
    assert len(supervisors(home)) == 1
    for each in clients:
        each.communicate()
        assert each.returncode == 0
    eventually(lambda: nothing_runs(home))


def test_a_killed_client_does_not_hold_the_servers(home: Path) -> None:
    with client(home) as other:
        assert other.stdout is not None
        assert other.stdout.readline()
        other.kill()
    eventually(lambda: nothing_runs(home))


def test_attaching_while_the_servers_are_stopping(home: Path) -> None:
    with attach(home, linger=0):
        remember(home)
        supervisor = supervisors(home)[0]
        supervisor.send_signal(signal.SIGTERM)
        # From here on nobody is given what is about to go.
        eventually(lambda: is_stopping(home) or not supervisors(home))
        with attach(home, linger=0):
            assert remembers(home)


def test_a_long_path_gets_a_short_folder_for_its_sockets(home: Path) -> None:
    deep = home / ("x" * 60) / ("y" * 60)
    deep.parent.mkdir(mode=0o755)
    home.chmod(0o711)
    with attach(deep, linger=0) as attachment:
        layout = Layout.of(deep)
        assert layout.sockets.parent == Path("/tmp")
        assert valkey.is_ready(layout)
        with psycopg.connect(attachment.urls.database) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        assert layout.sockets.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(layout.sockets)


def test_a_deleted_home_is_not_served_on(home: Path) -> None:
    with attach(home, linger=600):
        servers = [supervisors(home)[0], postmaster(home)]
        shutil.rmtree(home, ignore_errors=True)  # PostgreSQL, ending, removes files too
        assert not psutil.wait_procs(servers, timeout=30)[1]


def test_data_of_another_postgres_is_refused_in_plain_words(home: Path) -> None:
    with attach(home, linger=0):
        pass
    (Layout.of(home).data / "PG_VERSION").write_text("9\n")
    with pytest.raises(Unavailable, match=r"made by PostgreSQL 9.*docs/operating\.md"):
        attach(home)


def test_a_home_that_is_a_file_is_refused_in_plain_words(home: Path) -> None:
    (home / "file").write_text("")
    with pytest.raises(Unavailable, match="PLAYPRINT_HOME"):
        attach(home / "file")


@as_root
def test_root_runs_the_servers_as_somebody_without_rights(home: Path) -> None:
    with attach(home, linger=0):
        layout = Layout.of(home)
        running = [*process.running_in(layout.data), *process.running_in(layout.valkey)]
        assert owners(running) == {layout.data.stat().st_uid}
        assert layout.data.stat().st_uid != 0


@as_root
def test_a_home_below_a_closed_folder_keeps_its_servers_elsewhere_and_opens_nothing(home: Path) -> None:
    inner = home / "closed" / "home"
    inner.parent.mkdir(mode=0o700)
    with attach(inner, linger=0):
        layout = Layout.of(inner)
        assert layout.servers == elsewhere(inner)
        assert layout.servers.parent == Path(tempfile.gettempdir())
        assert (inner / "servers").is_symlink()
        assert inner.parent.stat().st_mode & 0o777 == 0o700
        remember(inner)
    with attach(inner, linger=0):
        assert remembers(inner)
    shutil.rmtree(layout.servers)


def test_servers_of_a_lasting_home_never_live_in_a_temporary_folder() -> None:
    first, second = elsewhere(Path("/root/.local/share/playprint")), elsewhere(Path("/root/other"))
    assert {first.parent, second.parent} == {ELSEWHERE}
    assert first != second


@as_root
def test_a_plain_user_needs_nobody_else(home: Path) -> None:
    os.chown(home, NOBODY, NOBODY)
    plain = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    packages = str(Path(psycopg.__file__).parents[1])
    python, environment = python_for(plain, {"PATH": os.defpath, "PYTHONPATH": packages})
    with client(home, python, env=environment, **plain) as other:
        assert other.stdout is not None
        assert other.stdout.readline().startswith("postgresql://")
        assert owners(everything(home)) == {NOBODY}
        # Root shares them and needs no account of its own for it.
        with attach(home, linger=0):
            assert query(home, "select 1") == [(1,)]
        other.communicate()
    eventually(lambda: nothing_runs(home))
