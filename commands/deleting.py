"""Commands that delete listens and take deletions back."""

from datetime import datetime

import typer

from commands.figures import days
from commands.house import house, person, say_json
from core.domain.deletions import Chosen
from core.domain.errors import InvalidInput
from core.domain.filters import Filters
from core.domain.wording import counted


def delete_listens(
    *, user: str, artist: int | None, first: datetime | None, last: datetime | None, yes: bool, as_json: bool
) -> None:
    """Delete the listens of an artist, of some days, or of both; asks first."""
    if artist is None and first is None and last is None:
        raise InvalidInput("Say what to delete: --artist, --from or --to.")
    period = days(first, last)
    with house() as playing:
        who = person(playing, user)
        lens = playing.profiles.lens(who.id)
        chosen = Chosen(lens, period, Filters(artists=() if artist is None else (artist,)))
        found = playing.deleting.preview(who.id, lens=lens, period=period, filters=chosen.filters)
        listens = counted(found.listens, "listen", "listens")
        if found.listens and not yes:
            typer.confirm(f"Delete {listens} of {who.name}? They can be taken back.", abort=True)
        made = playing.deleting.delete(who.id, label="At the command line", chosen=chosen, expected=found.listens)
    if as_json:
        say_json({"deletion": made.id, "listens": made.listens})
    else:
        typer.echo(f"{listens} deleted; `playprint listens restore {made.id} --user …` takes that back.")


def restore_listens(deletion: int, *, user: str, as_json: bool) -> None:
    """Take a deletion back."""
    with house() as playing:
        back = playing.deleting.undo(person(playing, user).id, deletion_id=deletion)
    if as_json:
        say_json({"listens": back})
    else:
        typer.echo(f"{counted(back, 'listen', 'listens')} back.")
