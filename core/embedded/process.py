"""Starting, ending and finding server processes."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from core.embedded.account import Account

PR_SET_PDEATHSIG = 1
LARGEST_LOG = 5_000_000


def spawn(
    command: Sequence[str | Path], *, log: Path, cwd: Path, account: Account | None, dies_with: signal.Signals
) -> "subprocess.Popen[bytes]":
    """Start a server in ``cwd`` that writes to ``log`` and gets the signal ``dies_with`` when this process is gone.

    Call from the main thread: Linux ties that signal to the thread that started the process.
    """
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.rename(log.with_suffix(".log.1"))
    user = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as output:
        started: subprocess.Popen[bytes] = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=cwd,
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},
            start_new_session=True,
            preexec_fn=_die_with_parent(dies_with),  # noqa: PLW1509 - the supervisor has one thread
            **user,  # type: ignore[call-overload]
        )
    return started


def _die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """Return what the child does before it becomes the server; other systems have no such signal (see ``end_all``)."""
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:
            os._exit(1)

    return ask


def running_in(folder: Path) -> Iterator[psutil.Process]:
    """Yield the processes whose working folder is ``folder``: PostgreSQL's and Valkey's processes stay in theirs."""
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.cwd() == str(folder):
                yield process


def end_all(folder: Path, number: signal.Signals, *, seconds: float) -> bool:
    """End what an earlier supervisor left running in ``folder``; return whether nothing is left after ``seconds``.

    Only heads are told (a postmaster ends its own children); those that lost their head end by themselves.
    """
    left = list(running_in(folder))
    ours = {process.pid for process in left}
    for process in left:
        with suppress(psutil.Error):
            if process.ppid() not in ours:
                process.send_signal(number)
    return not psutil.wait_procs(left, timeout=seconds)[1]


def stop(process: "subprocess.Popen[bytes]", *steps: tuple[signal.Signals, float]) -> None:
    """Send each signal in turn and wait its seconds for the process to end; kill it after the last."""
    for number, seconds in steps:
        process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
            return
    process.kill()
    process.wait()
