"""The command that puts chart files in: files, folders, zips and patterns of this machine."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import typer

from commands.house import house, say_json
from core.domain.errors import InvalidInput
from core.domain.trends import Kind, Window
from core.domain.wording import counted
from core.services.chart_files import ByHand, Taken
from core.services.chart_unpacking import Given, chart_files
from core.trends.chart_names import read_region

REFUSED = 1
MANY = 20  # files, before a bar is worth its line; refusals printed at most


def import_charts(
    paths: Sequence[Path],
    *,
    country: str | None,
    day: date | None,
    window: Window | None,
    kind: Kind | None,
    as_json: bool,
) -> None:
    """Store the charts of files and print what became of each; exits with 1 when any was refused."""
    by_hand = ByHand(read_region(country) if country else "", day, window, kind)
    given = found(paths)
    with house() as playing, _seldom_tidied(), _bar(len(given), hidden=as_json) as show:
        told = playing.chart_files.take(given, by_hand, on_taken=show)
    if as_json:
        say_json([each.answer() for each in told])
    else:
        _print(told)
    if any(each.message for each in told):
        raise typer.Exit(REFUSED)


def found(paths: Sequence[Path]) -> list[Given]:
    """Return the files named, those a pattern names, and the chart files in folders.

    Raises:
        InvalidInput: a folder or a pattern holds no chart file.
    """
    given: list[Given] = []
    for path in paths:
        if path.is_dir():
            inside = chart_files(path)
            if not inside:
                raise InvalidInput(f"The folder {path} holds no .csv and no .zip file; is it the right one?")
            given += inside
        elif not path.exists() and set("*?[") & set(str(path)):
            pattern = path.relative_to(path.anchor) if path.anchor else path
            met = sorted(each for each in Path(path.anchor or ".").glob(str(pattern)) if each.is_file())
            if not met:
                raise InvalidInput(f"No file is called like {path}; is the pattern right?")
            given += [Given(each, each.name) for each in met]
        else:
            given.append(Given(path, path.name))
    return given


@contextmanager
def _seldom_tidied() -> Iterator[None]:
    """Look for unused rings of objects seldom: millions of rows are none, and looking at them costs a third."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def _bar(files: int, *, hidden: bool) -> Iterator[Callable[[Taken], None] | None]:
    """Yield what shows the progress of many files as a bar on standard error."""
    if hidden or files < MANY:
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reading", total=files)
        yield lambda taken: bar.advance(task)


def _print(told: Sequence[Taken]) -> None:
    """Print the sums, and what was refused with the reasons."""
    refused = [each for each in told if each.message]
    for each in refused[:MANY]:
        typer.echo(f"{each.name}: {each.message}", err=True)
    if len(refused) > MANY:
        typer.echo(f"{len(refused) - MANY:,} more were refused; --json lists them all.", err=True)
    read = [each for each in told if not each.message]
    if read:
        stored, kept = sum(each.stored for each in read), sum(each.kept for each in read)
        places = counted(sum(each.entries for each in read), "place", "places")
        typer.echo(
            f"{counted(len(read), 'file', 'files')} read with {places}: {counted(stored, 'chart', 'charts')} stored, "
            f"{kept:,} there already."
        )
