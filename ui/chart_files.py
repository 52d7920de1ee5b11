"""Chart files on the page of chart sources: the form that takes them, the folder, and what became of each."""

from collections.abc import Sequence
from datetime import UTC, datetime

from core.domain.people import DONE, Session
from core.domain.trends import SOURCES, Health
from core.repositories.chart_files import NotedFile
from ui import formats, html
from ui.forms import error_line, field, hidden

MOST_SHOWN = 200


def upload_form(session: Session, *, error: str = "", done: str = "") -> str:
    """Return the form that takes chart files and says what came of the last ones; works without JavaScript."""
    said = f'<p class="pp-say" role="status">{html.text(DONE[done])}</p>' if done in DONE and not error else ""
    country = field(
        "country", "Country", autocomplete="off", most=6, optional=True, hint="Two letters (DE, US …) or “global”."
    )
    day = field("day", "Last day of the chart", autocomplete="off", most=10, optional=True, hint="Such as 2026-08-20.")
    return (
        '<form class="pp-form pp-upload" method="post" action="/charts/upload" enctype="multipart/form-data">'
        f"{hidden('csrf', session.csrf)}{error_line(error)}{said}"
        '<label class="pp-drop"><span class="pp-drop-words"><strong>Choose chart files</strong></span>'
        '<span class="pp-hint">CSV files as charts.spotify.com gives them, plain ones of rank,title,artist,value, or '
        "zips of those; 200 MB together.</span>"
        '<input type="file" name="files" multiple required accept=".csv,.tsv,.txt,.zip" /></label>'
        '<details class="pp-more"><summary>Their names do not say country or date</summary>'
        f"{country}{day}</details>"
        '<button class="pp-button" type="submit">Store charts</button></form>'
    )


def advice(folder: str) -> str:
    """Return where chart files come from, how they are named, and the folder that is read by itself."""
    return (
        '<div class="pp-help"><h2>Where the files come from</h2><ol>'
        '<li>Sign in at <a href="https://charts.spotify.com" target="_blank" rel="noreferrer">charts.spotify.com</a>, '
        "open a chart and choose <strong>Download CSV</strong>. Keep the name: it says country and date.</li>"
        "<li>Or make a file of your own whose first line is <code>rank,title,artist,value</code>, named like "
        "<code>chart-de-weekly-2026-08-20.csv</code>; the date is the chart's last day.</li>"
        f"<li>Files put into <code>{html.text(folder)}</code> on the server are read within a few minutes and stay "
        "where they are.</li></ol>"
        '<p class="pp-note">The same chart is stored once. A file with a mistake is refused with the line and the '
        "reason, and nothing of it is stored.</p></div>"
    )


def file_table(files: Sequence[NotedFile], counts: tuple[int, int]) -> str:
    """Return the files that were read or refused last, with how many there were ever (read, refused)."""
    if not files:
        return html.note("No chart file was put in yet.")
    columns = [
        html.Column("File", "name"),
        html.Column("Charts", "number"),
        html.Column("Rows", "number", phone=False),
        html.Column("Read", "when"),
    ]
    table = html.Table("Chart files", columns, [_row(each) for each in files], low=len(files) > 12).html()
    read, refused = counts
    latest = f" The last {len(files):,} are shown." if read + refused > len(files) else ""
    words = f"{formats.plural(read, 'file')} read, {formats.number(refused)} refused.{latest}"
    return f"{html.note(words)}{table}"


def _row(file: NotedFile) -> list[html.Cell]:
    """Return a file as cells; why it was refused stands below its name."""
    why = f'<div class="pp-under">{html.text(file.message)}</div>' if file.message else ""
    name = html.Cell(f'<div class="pp-clip" title="{html.text(file.name)}">{html.text(file.name)}</div>{why}')
    counts = [html.plain(formats.number(count)) for count in (file.snapshots, file.entries)]
    return [name, *counts, html.plain(_when(file.read_at))]


def health_table(sources: Sequence[Health]) -> str:
    """Return how each source is: when it last answered, and what it said where something was wrong."""
    if not sources:
        return html.note("No source of charts is on, and none has told anything yet.")
    columns = [html.Column("Source", "name"), html.Column("Last answer", "when"), html.Column("How it is", "prose")]
    rows = [[_title(each), html.plain(_when(each.succeeded_at)), html.plain(_state(each))] for each in sources]
    return html.Table("Sources of charts", columns, rows).html()


def _title(health: Health) -> html.Cell:
    known = SOURCES.get(health.source)
    return html.plain(known.title if known else health.source)


def _state(health: Health) -> str:
    """Return in plain words how a source is."""
    if health.message:
        return health.message
    if not health.enabled:
        return "is not asked; what it told stays"
    if health.succeeded_at:
        return "answers"
    return "was not asked yet; that happens in the background"


def _when(moment: datetime | None) -> str:
    if moment is None:
        return "never"
    at = moment.astimezone(UTC)
    return f"{formats.day(at.date())} {at:%H:%M} UTC"
