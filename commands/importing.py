"""The import command: files of this machine, read in this process."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import typer

from commands.house import house, person, say_json
from core.domain.errors import InvalidInput
from core.domain.imports import ImportRecord, Sheet
from core.domain.wording import counted
from core.services.importing import Progress, Upload

REJECTED = 3
WANTED = {".zip", ".json"}


def import_files(paths: Sequence[Path], *, user: str | None, other_account: bool, as_json: bool) -> None:
    """Import files and print the reconciliation sheet; exits with 3 when the import is refused."""
    uploads = found(paths)
    size = sum(upload.path.stat().st_size for upload in uploads)
    with house() as playing:
        who = person(playing, user)
        label = uploads[0].label if len(uploads) == 1 else f"{uploads[0].label} and {len(uploads) - 1} more"
        import_id = playing.importing.create(who.id, label=label, bytes_total=size)
        with _bar(hidden=as_json) as show:
            record = playing.importing.run(
                who.id, import_id=import_id, uploads=uploads, other_account=other_account, on_progress=show
            )
    if as_json:
        say_json(as_answer(record))
    else:
        _print_sheet(record)
    if record.status != "done":
        raise typer.Exit(REJECTED)


def found(paths: Sequence[Path]) -> list[Upload]:
    """Return the files to import: those named, and the zip and JSON files in the folders named.

    Raises:
        InvalidInput: a path does not exist or cannot be read, or a folder holds nothing to import.
    """
    uploads: list[Upload] = []
    for path in paths:
        if path.is_dir():
            files = sorted(file for file in path.rglob("*") if file.suffix.lower() in WANTED and file.is_file())
            if not files:
                raise InvalidInput(f"The folder {path} holds no zip and no .json file; is it the right one?")
            uploads += [Upload(file, file.relative_to(path).as_posix()) for file in files]
        else:
            uploads.append(Upload(path, path.name))
    for upload in uploads:
        try:
            upload.path.open("rb").close()
        except OSError as error:
            raise InvalidInput(f"{upload.path} cannot be read: {error.strerror}.") from error
    return uploads


def as_answer(record: ImportRecord) -> dict[str, object]:
    """Return what became of an import for programs."""
    sheet = record.sheet or Sheet()
    numbers = ("rows_read", "stored", "plays", "duplicates", "replaced", "unidentified", "errors")
    return {
        "outcome": "ok" if record.status == "done" else "rejected",
        "message": record.message,
        **{name: getattr(sheet, name) for name in numbers},
        "by_reason": sheet.by_reason,
        "files": [asdict(file) for file in sheet.files],
    }


@contextmanager
def _bar(*, hidden: bool) -> Iterator[Callable[[Progress], None] | None]:
    """Yield what shows the progress as a bar on standard error."""
    if hidden:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
    )
    with Bar(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reading", total=None, rows=0)

        def show(progress: Progress) -> None:
            bar.update(task, total=progress.bytes_total, completed=progress.bytes_done, rows=progress.rows_read)

        yield show


def _print_sheet(record: ImportRecord) -> None:
    """Print an import's sums by file and by reason."""
    if record.status != "done" or record.sheet is None:
        typer.echo(record.message, err=True)
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    sheet, console = record.sheet, Console()
    columns = ("rows_read", "stored", "duplicates", "unidentified", "errors")
    table = Table("File", box=None)
    for heading in ("Rows", "Stored", "Duplicates", "Unidentified", "Errors"):
        table.add_column(heading, justify="right")
    for file in sheet.files:
        table.add_row(escape(file.name), *(f"{getattr(file, column):,}" for column in columns))
    table.add_section()
    table.add_row("All", *(f"{getattr(sheet, column):,}" for column in columns))
    console.print(table)
    for reason, rows in sorted(sheet.by_reason.items(), key=lambda item: -item[1]):
        console.print(f"  {rows:>12,}  {reason}")
    if sheet.replaced:
        console.print(
            f"{counted(sheet.replaced, 'coarser row', 'coarser rows')} of earlier imports made way for finer ones."
        )
    _print_examples(sheet)
    for note in sheet.notes:
        console.print(note, markup=False)
    stored = counted(sheet.stored, "listen is", "listens are")
    console.print(f"{stored} new, {counted(sheet.plays, 'of them counts as a play', 'of them count as plays')}.")


def _print_examples(sheet: Sheet) -> None:
    """Print the first rows that were not stored, by file and row number."""
    if not sheet.examples:
        return
    from rich.console import Console

    console = Console()
    console.print("Not stored, for example:")
    for example in sheet.examples:
        reason = f"{example.reason} {example.detail}".rstrip()
        console.print(f"  {example.file}, row {example.row:,}: {reason}", markup=False, highlight=False)
