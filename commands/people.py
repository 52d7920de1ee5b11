"""Commands about people."""

import sys
from collections.abc import Mapping

import typer

from commands.house import house, say_json
from core.bootstrap import Playprint
from core.domain.errors import InvalidInput
from core.services.accounts import LINK_LIFE

HOURS = int(LINK_LIFE.total_seconds() // 3600)


def link(playing: Playprint, token: str) -> str:
    """Return the address that a one-time token opens."""
    return f"{playing.settings.address}/welcome?link={token}"


def add_person(name: str, *, as_json: bool) -> None:
    """Add a person and print their one-time link."""
    with house() as playing:
        owned = any(user.role == "owner" for user in playing.accounts.list())
        user, token = playing.accounts.add(name, role="member" if owned else "owner")
        answer = {"name": user.name, "role": user.role, "link": link(playing, token)}
        say_link(answer, f"{user.name} is here now. Choose a password within {HOURS} hours at", as_json=as_json)


def print_reset_link(name: str, *, as_json: bool) -> None:
    """Print a new one-time link for a person."""
    with house() as playing:
        answer = {"name": name, "link": link(playing, playing.accounts.reset_link(name))}
        say_link(answer, f"Choose a new password within {HOURS} hours at", as_json=as_json)


def list_people(*, as_json: bool) -> None:
    """Print everybody."""
    with house() as playing:
        users = playing.accounts.list()
    if as_json:
        say_json(
            [
                {
                    "name": user.name,
                    "role": user.role,
                    "since": user.created_at.isoformat(),
                    "has_password": user.has_password,
                    "second_factor": user.second_factor,
                }
                for user in users
            ]
        )
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table("Name", "Role", "Since", "Password", "Second factor", box=None)
    for user in users:
        password, factor = "yes" if user.has_password else "not yet", "on" if user.second_factor else "off"
        table.add_row(escape(user.name), user.role, f"{user.created_at:%Y-%m-%d}", password, factor)
    Console().print(table)


def delete_person(name: str, *, yes: bool, as_json: bool) -> None:
    """Delete a person, after asking."""
    with house() as playing:
        user = playing.accounts.find(name)
        if not yes and not _confirmed(user.name):
            typer.echo("Nothing was deleted.")
            return
        playing.accounts.delete(user.id)
        if as_json:
            say_json({"deleted": user.name})
        else:
            typer.echo(f"{user.name} and everything of theirs is gone.")


def _confirmed(name: str) -> bool:
    """Return whether the person at the terminal means it.

    Raises:
        InvalidInput: there is nobody to ask.
    """
    if not sys.stdin.isatty():
        raise InvalidInput("Nobody is there to ask; add --yes to delete without asking.")
    return typer.confirm(f"Delete {name} with all listens, imports and settings, for ever?")


def say_link(answer: Mapping[str, str], sentence: str, *, as_json: bool) -> None:
    """Print an answer with a link; the link stands on a line of its own, whole, to be copied."""
    if as_json:
        say_json(answer)
    else:
        typer.echo(sentence)
        typer.echo(answer["link"])
