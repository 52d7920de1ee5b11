"""Which system user the servers run as: this one, or an unprivileged one when Playprint is started by root."""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.domain.errors import Unavailable
from core.embedded.layout import Layout

SYSTEM_USER = "playprint-pg"
ELSEWHERE = Path("/var/lib/playprint")
OWN_NAMES = {
    "owner.lock",
    "clients.lock",
    "stopping.lock",
    "servers",
    "secret",
    "token-keys",
    "uploads",
    "charts",
    "demo",
}


@dataclass(frozen=True, slots=True)
class Account:
    """The user and group the servers run as."""

    uid: int
    gid: int

    def can_enter(self, folder: Path) -> bool:
        """Return whether this user can reach ``folder``: tried, since access lists may say more than mode bits."""
        command = ["test", "-x", str(folder)]
        done = subprocess.run(command, check=False, user=self.uid, group=self.gid, extra_groups=[], cwd="/")
        return done.returncode == 0

    def own(self, path: Path) -> None:
        """Give ``path`` and everything in it to this user."""
        os.chown(path, self.uid, self.gid)
        for folder, names, files in os.walk(path):
            for name in [*names, *files]:
                os.chown(Path(folder, name), self.uid, self.gid, follow_symlinks=False)


def account_for(layout: Layout) -> Account | None:
    """Return the account to change to, ``None`` to stay as we are.

    PostgreSQL refuses to run as root. Data made by a plain user keeps running as that user.

    Raises:
        Unavailable: root, and the unprivileged user cannot be made.
    """
    if os.geteuid() != 0:
        return None
    if layout.data.is_dir() and (owner := layout.data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        _make_system_user()
        entry = pwd.getpwnam(SYSTEM_USER)
    return Account(entry.pw_uid, entry.pw_gid)


def _make_system_user() -> None:
    """Add the unprivileged user; another process may be adding it too."""
    command = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    arguments = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/bin/false"]
    made = command and subprocess.run([command, *arguments, SYSTEM_USER], check=False, capture_output=True)
    if not made or (made.returncode and SYSTEM_USER not in {entry.pw_name for entry in pwd.getpwall()}):
        raise Unavailable(
            f"PostgreSQL does not run as root and the system user {SYSTEM_USER} cannot be made; start Playprint as "
            "another user, or name a server in PLAYPRINT_DATABASE_URL and one in PLAYPRINT_REDIS_URL."
        )


def make_servers_folder(layout: Layout, account: Account | None) -> Layout:
    """Make the servers' folder where their user can reach it and return the layout with it.

    A home below a closed folder (/root) cannot be reached by the unprivileged user, and nobody else's folder is
    opened for it: the servers then live in /var/lib/playprint/<name> and ``home/servers`` is a link to there.
    """
    link = layout.home / "servers"
    if account and not link.is_symlink() and not account.can_enter(layout.home):
        _open_or_leave(layout, account, link)
    layout.servers.mkdir(mode=0o711 if account else 0o700, exist_ok=True, parents=True)
    return Layout.of(layout.home)


def _open_or_leave(layout: Layout, account: Account, link: Path) -> None:
    """Let others pass through a home that is ours alone; where that is not enough, link to a folder elsewhere."""
    if {entry.name for entry in layout.home.iterdir()} <= OWN_NAMES and account.can_enter(layout.home.parent):
        layout.home.chmod(layout.home.stat().st_mode | 0o011)
        return
    if layout.data.is_dir():
        raise Unavailable(
            f"The database in {layout.servers} cannot be reached by the system user it runs as; "
            "let others pass through the folders above it (chmod o+x), or start Playprint as its owner."
        )
    target = elsewhere(layout.home)
    target.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        target.mkdir(mode=0o711)
    if target.is_symlink() or target.stat().st_uid != 0:
        raise Unavailable(f"{target} belongs to somebody else; name another folder in PLAYPRINT_HOME.")
    link.symlink_to(target, target_is_directory=True)


def elsewhere(home: Path) -> Path:
    """Return where the servers of an unreachable home live; those of a temporary home in a temporary folder."""
    name = hashlib.sha256(str(home).encode()).hexdigest()[:16]
    temporary = Path(tempfile.gettempdir())
    return temporary / f"playprint-servers-{name}" if home.is_relative_to(temporary) else ELSEWHERE / name
