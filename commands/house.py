"""What every command begins with: quiet logs, the parts put together, the person it is about."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import typer

from core.bootstrap import Playprint, open_playprint
from core.domain.errors import InvalidInput, NotFound
from core.domain.people import User
from core.logs import configure
from core.settings import settings


@contextmanager
def house() -> Iterator[Playprint]:
    """Yield the parts put together for one command; only warnings are logged: the answer is the output."""
    configure(settings().model_copy(update={"log_level": "WARNING"}))
    playing = open_playprint(settings())
    try:
        yield playing
    finally:
        playing.close()


def person(playing: Playprint, name: str | None) -> User:
    """Return the person called ``name``, or the only one there is.

    ``demo`` stands for the demo profile unless somebody is called so.

    Raises:
        NotFound: nobody is called so, or nobody is there yet.
        InvalidInput: no name is given and there are several people.
    """
    everybody = playing.accounts.list()
    if name is not None:
        return _named(playing, everybody, name)
    users = [user for user in everybody if _has_come(playing, user)]
    if not users:
        raise NotFound("Nobody is here yet; add yourself with `playprint user add NAME`.")
    if len(users) > 1:
        names = ", ".join(user.name for user in users[:5])
        raise InvalidInput(f"There are several people ({names}); say whose listening with --user NAME.")
    return users[0]


def _has_come(playing: Playprint, user: User) -> bool:
    """Return whether somebody goes by this name: neither the demo profile nor an owner who has not come yet does."""
    with suppress(NotFound):
        return playing.accounts.find(user.name).id == user.id
    return False


def _named(playing: Playprint, everybody: list[User], name: str) -> User:
    try:
        return playing.accounts.find(name)
    except NotFound:
        demo = next((user for user in everybody if user.role == "demo"), None)
        if demo is not None and name.strip().lower() == "demo":
            return demo
        raise NotFound(f"Nobody here is called {name}; add them with `playprint user add`.") from None


def say_json(answer: object) -> None:
    """Print an answer for programs: one JSON value."""
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
