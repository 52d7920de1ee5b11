"""Commands about roles, invitations, devices, second factors and records."""

from datetime import datetime

import typer

from commands.house import house, say_json
from commands.people import say_link
from core.domain.events import EVENTS
from core.domain.people import Role

DAYS = 7


def invite(role: Role, *, as_json: bool) -> None:
    """Print the link of a new invitation."""
    with house() as playing:
        token = playing.invitations.invite(None, role=role)
        answer = {"role": role, "link": f"{playing.settings.address}/register?invitation={token}"}
        say_link(answer, f"Somebody makes an account ({role}) within {DAYS} days at", as_json=as_json)


def set_role(name: str, role: Role, *, as_json: bool) -> None:
    """Give a person a role."""
    with house() as playing:
        user = playing.accounts.find(name)
        playing.people.set_role(None, user_id=user.id, role=role)
    if as_json:
        say_json({"name": user.name, "role": role})
    else:
        typer.echo(f"{user.name} is {role} now.")


def sessions(name: str, *, end_all: bool, as_json: bool) -> None:
    """Print where a person is signed in, or sign them out everywhere."""
    with house() as playing:
        user = playing.accounts.find(name)
        if end_all:
            ended = playing.people.end_sessions(None, user_id=user.id)
            _say({"name": user.name, "ended": ended}, f"Signed out on {ended} devices.", as_json=as_json)
            return
        found = playing.sessions.list(user.id)
    rows = [
        {"device": each.label, "since": _iso(each.created_at), "seen": _iso(each.seen_at), "key": each.key}
        for each in found
    ]
    _table(rows, ("Device", "Since", "Last used", "Key"), as_json=as_json)


def second_factor(name: str, *, off: bool, as_json: bool) -> None:
    """Print whether a person's second factor is on, or switch it off."""
    with house() as playing:
        user = playing.accounts.find(name)
        if off:
            playing.people.end_second_factor(None, user_id=user.id)
    is_on = user.second_factor and not off
    sentence = f"The second factor of {user.name} is {'on' if is_on else 'off'}."
    _say({"name": user.name, "second_factor": is_on}, sentence, as_json=as_json)


def events(name: str, *, limit: int, as_json: bool) -> None:
    """Print the record of an account, the newest line first."""
    with house() as playing:
        found = playing.events.of(playing.accounts.find(name).id, limit=limit)
    if as_json:
        say_json([{"at": _iso(e.at), "event": e.event, "result": e.result, "place": e.place} for e in found])
        return
    rows = [{"at": _iso(e.at), "what": EVENTS[e.event], "result": e.result, "place": e.place} for e in found]
    _table(rows, ("At (UTC)", "What", "Result", "Place"), as_json=False)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _say(answer: dict[str, object], sentence: str, *, as_json: bool) -> None:
    if as_json:
        say_json(answer)
    else:
        typer.echo(sentence)


def _table(rows: list[dict[str, str]], titles: tuple[str, ...], *, as_json: bool) -> None:
    """Print rows as a table for people, or as JSON."""
    if as_json:
        say_json(rows)
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(*titles, box=None)
    for row in rows:
        table.add_row(*(escape(value) for value in row.values()))
    Console().print(table)
