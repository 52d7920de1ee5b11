"""Commands about the Spotify connection: how it stands, a sync right now, and the way out."""

import sys
from dataclasses import asdict
from datetime import UTC, datetime

import typer

from commands.house import house, person, say_json
from core.bootstrap import Playprint
from core.domain.errors import InvalidInput, NotFound
from core.domain.people import User
from core.domain.wording import counted
from core.services.syncing import SyncState

PARTS = {
    "recent": "Recent plays",
    "top": "Top artists and tracks",
    "playlists": "Playlists",
    "saved_tracks": "Saved tracks",
    "saved_albums": "Saved albums",
    "followed": "Followed artists",
}
_LONG_SECONDS = 3600.0


def print_status(*, user: str | None, as_json: bool) -> None:
    """Print a person's connection, how far its sync is, what is kept, and what the Spotify app may do."""
    with house() as playing:
        who = person(playing, user)
        state = playing.syncing.state(who.id)
        spending, capabilities = playing.spotify_calls.spending(), playing.spotify_calls.capabilities()
    if as_json:
        app = {"calls": asdict(spending), "capabilities": [asdict(each) for each in capabilities]}
        say_json(_plain({"user": who.name, **_as_answer(state), **app}))
        return
    _print_state(who, state)
    typer.echo(
        f"Calls to Spotify in 24 hours: {spending.total} of {spending.most}, "
        f"at most {spending.most_by_endpoint} to one endpoint."
    )
    if spending.closed_until:
        typer.echo(f"Spotify wants no calls before {_moment(spending.closed_until)}.")
    for capability in capabilities:
        if not capability.works:
            typer.echo(f"This Spotify app may not use {capability.endpoint}.")


def sync_now(*, user: str | None, as_json: bool) -> None:
    """Sync a person in this process, as far as Spotify may be asked now, and print what came."""
    with house() as playing:
        who = _connected(playing, user)
        before = playing.syncing.state(who.id).kept
        playing.syncing.ask(who.id)
        playing.syncing.run(who.id, slice_seconds=_LONG_SECONDS)
        state = playing.syncing.state(who.id)
    if as_json:
        say_json(_plain({"user": who.name, "new_plays": state.kept.plays - before.plays, **_as_answer(state)}))
        return
    typer.echo(f"{counted(state.kept.plays - before.plays, 'play is', 'plays are')} new.")
    _print_state(who, state)


def disconnect(*, user: str, yes: bool) -> None:
    """End a person's connection, after asking."""
    with house() as playing:
        who = _connected(playing, user)
        if not yes and not _confirmed(who.name):
            typer.echo("Nothing was changed.")
            return
        playing.connecting.disconnect(who.id)
    typer.echo(
        f"{who.name} is not connected to Spotify any more, and what came from there is gone. "
        "Spotify's own list of apps is at https://www.spotify.com/account/apps."
    )


def _connected(playing: Playprint, user: str | None) -> User:
    """Return the person a command is about.

    Raises:
        NotFound: they are not connected.
    """
    who = person(playing, user)
    if playing.connecting.connection(who.id) is None:
        raise NotFound(f"{who.name} is not connected to Spotify; they can connect on the page Spotify.")
    return who


def _confirmed(name: str) -> bool:
    """Return whether the person at the terminal means it.

    Raises:
        InvalidInput: there is nobody to ask.
    """
    if not sys.stdin.isatty():
        raise InvalidInput("Nobody is there to ask; add --yes to disconnect without asking.")
    return typer.confirm(f"Disconnect {name} from Spotify and delete everything that came from there?")


def _as_answer(state: SyncState) -> dict[str, object]:
    """Return a state for programs."""
    connection = state.connection
    return {
        "state": connection.state if connection else "not_connected",
        "scopes": sorted(connection.scopes) if connection else [],
        "consent_ends_at": connection.ends_at if connection else None,
        "next_at": state.next_at,
        "parts": [asdict(part) for part in state.parts],
        "gaps": [asdict(gap) for gap in state.gaps],
        "kept": asdict(state.kept),
    }


def _plain(value: object) -> object:
    """Return an answer as JSON knows it."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _print_state(who: User, state: SyncState) -> None:
    """Print how a connection and its sync stand."""
    if state.connection is None:
        typer.echo(f"{who.name} is not connected to Spotify.")
        return
    from rich.console import Console
    from rich.table import Table

    words = state.connection.state.replace("_", " ")
    typer.echo(f"{who.name}: {words}; the consent ends on {state.connection.ends_at:%Y-%m-%d}.")
    table = Table("Part", "State", box=None)
    table.add_column("Rows", justify="right")
    table.add_column("Last run")
    table.add_column("Next run")
    for part in state.parts:
        outcome = part.outcome.replace("_", " ") or "not yet"
        table.add_row(PARTS[part.part], outcome, f"{part.rows:,}", _moment(part.finished_at), _moment(part.next_at))
    Console().print(table)
    if state.gaps:
        typer.echo(f"{counted(len(state.gaps), 'gap', 'gaps')} in the recent plays; an export fills them.")


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if moment else "-"
