"""Commands about the instance itself."""

import typer

from commands.house import house
from commands.keeping import end_with_parent
from core.repositories.migrating import current


def bring_up_to_date() -> None:
    """Upgrade the schema where it is not the newest, and say where it is."""
    with house() as playing:  # opening it upgrades
        typer.echo(f"The database is up to date (revision {current(playing.db)}).")


def seed_demo(*, with_parent: bool) -> None:
    """Prepare the demo profile unless it is there; beside a running ``playprint run`` without a word."""
    if with_parent:
        end_with_parent()
    with house() as playing:
        made = playing.demo.seed(playing.settings.home / "demo")
    if not with_parent:
        typer.echo("The demo profile is ready." if made else "The demo profile was there already.")
