"""The command about facts from open sources: how far they are, and a round of asking right now."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import typer

from commands.house import house, say_json
from core.domain.facts import STATES, Outcome, Round, Standing

OFF = "Asking open sources is switched off (PLAYPRINT_FACTS=false); what is known stays."
# How a round ended, in words that say what comes next.
ENDS: dict[Outcome, str] = {
    "": "it is still at work, or was cut off; the next one goes on",
    "done": "nothing is left to ask for now",
    "time": "its time was over; the next one goes on",
    "stopped": "it made way for something urgent; the next one goes on",
    "pause": "a source wants a pause, or the calls of a day are spent; later rounds go on",
    "trouble": "a source gave no usable answer three times; it is asked again in half an hour",
    "busy": "Another process is asking already.",
    "off": OFF,
}
NAMES = {"musicbrainz": "MusicBrainz", "listenbrainz": "ListenBrainz"}


def print_facts(*, run: bool, as_json: bool) -> None:
    """Print how far the facts are, after a round of asking where one is wanted."""
    with house() as playing:
        done = playing.enriching.run(list_now=True) if run else None
        standing, similar = playing.enriching.standing(), playing.crowd_asking.standing()
    if as_json:
        say_json(_answer(standing, done) | {"similar_artists": similar})
        return
    if not standing.enabled:
        typer.echo(OFF)
    elif done is not None and done.outcome == "busy":
        typer.echo(ENDS["busy"])
    _print(standing)
    typer.echo(
        f"Similar artists: {similar['lists']:,} lists, {similar['missing']:,} not known there, {similar['failed']:,} "
        f"failed; listeners of {similar['listeners']:,} artists."
    )


def _print(standing: Standing) -> None:
    """Print states as a table, then the last round and the calls."""
    from rich.console import Console
    from rich.table import Table

    table = Table("", *(state.capitalize() for state in STATES), box=None)
    for column in table.columns[1:]:
        column.justify = "right"
    for kind, counts in standing.counts.items():
        table.add_row(f"{kind.capitalize()}s", *(f"{counts[state]:,}" for state in STATES))
    Console().print(table)
    last = standing.last
    if last is None:
        typer.echo("No round has run yet.")
    else:
        typer.echo(
            f"Last round {last.began_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC: {last.found:,} found, "
            f"{last.missing:,} missing, {last.failed:,} failed; {ENDS[last.outcome]}."
        )
    for each in standing.calls:
        pause = f", a pause until {each.closed_until.astimezone(UTC):%H:%M} UTC" if each.closed_until else ""
        typer.echo(f"{NAMES[each.service]}: {each.calls:,} of {each.most:,} calls in 24 hours{pause}.")


def _answer(standing: Standing, done: Round | None) -> dict[str, Any]:
    """Return what programs get."""
    counts = {f"{kind}s": dict(states) for kind, states in standing.counts.items()}
    rounds = {"last_round": _plain(standing.last), **({} if done is None else {"this_round": _plain(done)})}
    return {"enabled": standing.enabled, **counts, **rounds, "calls": [_plain(each) for each in standing.calls]}


def _plain(value: Any) -> Any:
    """Return a dataclass as JSON knows it, moments as ISO text in UTC."""
    if value is None:
        return None
    fields = asdict(value)
    return {k: v.astimezone(UTC).isoformat() if isinstance(v, datetime) else v for k, v in fields.items()}
