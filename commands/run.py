"""``playprint run``: everything on one machine, one address."""

import sys

import typer

from commands.keeping import Child, check_port_free, keep_running, stop_all, stop_signals, wait_until_served
from commands.people import HOURS, link
from commands.trying import stand_ins
from core.bootstrap import Playprint, open_playprint
from core.logs import configure
from core.settings import Settings, settings


def run_everything(*, port: int | None, host: str | None, with_fake_spotify: bool = False) -> None:
    """Start servers, web process and worker, print the address, keep all running until told to stop.

    Raises:
        InvalidInput: the port cannot be used.
        Unavailable: a server or the web process does not start.
    """
    chosen = {name: value for name, value in (("port", port), ("host", host)) if value is not None}
    configured = settings().model_copy(update={**chosen, **_quiet(settings())})
    configure(configured)
    check_port_free(configured.host, configured.port)
    trying, fakes = stand_ins() if with_fake_spotify else ({}, [])
    with stop_signals() as stop:
        typer.echo("Starting Playprint …", err=True)
        playing = open_playprint(configured, watch=True)
        token = playing.accounts.invite_owner()
        children = [*_children(configured, trying), *fakes]
        try:
            for child in [*fakes, *children[:2]]:
                child.keep()
            wait_until_served(configured.host, configured.port, children[0], stop)
            if not stop.is_set():
                _greet(playing, token, trying.get("PLAYPRINT_SPOTIFY_ACCOUNTS_URL", ""))
                keep_running(children, stop)
        finally:
            stop_all(children)
            playing.close()


def _quiet(configured: Settings) -> dict[str, str]:
    """Return the log level for a console that shall show one address: warnings, unless a level was chosen."""
    return {} if "log_level" in configured.model_fields_set else {"log_level": "WARNING"}


def _children(configured: Settings, more: dict[str, str]) -> list[Child]:
    """Return the web process, the worker and, once, the demo's seeding, with this command's options as settings."""
    environment = more | {
        "PLAYPRINT_PORT": str(configured.port),
        "PLAYPRINT_HOST": configured.host,
        "PLAYPRINT_LOG_LEVEL": configured.log_level,
    }
    command = [sys.executable, "-m", "cli"]
    children = [Child(name, [*command, name, "--with-parent"], environment) for name in ("web", "worker")]
    if configured.demo:  # last: it starts once the page is served
        children.append(Child("demo", [*command, "demo", "--with-parent"], environment, once=True))
    return children


def _greet(playing: Playprint, token: str | None, fake: str) -> None:
    """Print the address, the owner's link while there is one to use, and where a stand-in for Spotify is."""
    if token:
        typer.echo("Nobody owns this Playprint yet. Make your account here:")
        typer.echo(f"  {link(playing, token)}")
        typer.echo(f"  (this link works once, for {HOURS} hours; the next start prints a new one)")
    if fake:
        typer.echo(f"A stand-in for Spotify with invented people is at {fake}; nothing here asks the real one.")
    typer.echo(f"Playprint is ready: {playing.settings.address}")
    typer.echo("Press Ctrl-C to stop.")
