"""Commands about the instance itself."""

from datetime import UTC, datetime

import typer

from commands.house import house
from commands.keeping import end_with_parent
from core.repositories.migrating import current


def bring_up_to_date() -> None:
    """Upgrade the schema where it is not the newest, and say where it is."""
    with house() as playing:  # opening it upgrades
        typer.echo(f"The database is up to date (revision {current(playing.db)}).")


def seed_demo(*, with_parent: bool) -> None:
    """Prepare the demo's charts and profile unless they are there; beside a running ``playprint run`` without a word.

    The charts come first: they are what visitors see first, and are ready sooner.
    """
    if with_parent:
        end_with_parent()
    with house() as playing:
        charted = playing.demo_charts.refresh(datetime.now(UTC))
        made = playing.demo.seed(playing.settings.home / "demo")
    if not with_parent:
        typer.echo("The demo charts are up to date." if charted else "There is nothing to do for the demo charts.")
        typer.echo("The demo profile is ready." if made else "The demo profile was there already.")
