"""The imports page: upload, progress, reconciliation sheets, undo."""

import streamlit as st

from core.domain.imports import ImportRecord, Sheet
from core.domain.people import Session
from ui import formats, html, panels
from ui.context import app
from ui.controls import UNDER_WAY
from ui.forms import upload_form
from ui.identity import require_user
from ui.states import REQUEST, panel

WORDS = {
    "queued": "waiting to start",
    "running": "reading",
    "done": "done",
    "rejected": "refused",
    "cancelled": "cancelled",
    "failed": "failed",
    "undone": "undone",
}
REASONS = {
    "play": "plays",
    "short_play": "shorter than 30 seconds (they count for time and skips)",
    "podcast": "podcast episodes",
    "audiobook": "audiobook chapters",
    "duplicate": "already there",
    "duplicate_start": "the same play reported twice",
    "in_extended_history": "already there from the extended history, which is finer",
    "deleted_by_you": "deleted by you, so they stay deleted",
    "unidentified": "without any name: the file does not say what was played",
}


def upload(person: Session, known: list[ImportRecord]) -> None:
    """Draw the upload form and where to get the zip from."""
    left, right = st.columns([0.58, 0.42], gap="large")
    with left:
        other = any("another Spotify account" in r.message for r in known[:1])
        st.html(
            upload_form(
                person,
                most_mb=app().settings.max_upload_mb,
                error=st.query_params.get("error", ""),
                other_account=other,
            )
        )
    with right:
        st.html(
            '<div class="pp-help"><h2>Where the zip comes from</h2><ol>'
            f'<li>Open <a href="{REQUEST}" target="_blank" rel="noreferrer">your Spotify privacy page</a>.</li>'
            "<li>Tick <strong>Extended streaming history</strong>: every play since your first day. It is mailed "
            "within 30 days, often within a week.</li>"
            "<li><strong>Account data</strong> is there in about five days and holds the last year. Import it "
            "meanwhile; the extended history replaces it play by play.</li></ol>"
            '<p class="pp-note">Importing something twice adds nothing twice. Addresses, device names and account '
            "names are dropped before anything is stored.</p></div>"
        )


def running(known: list[ImportRecord]) -> None:
    """Draw the imports under way, anew every second until they are over."""
    busy = [r.id for r in known if r.status in UNDER_WAY]
    if busy:
        _watch(busy)


@st.fragment(run_every=1.0)
def _watch(busy: list[int]) -> None:
    """Draw the progress of imports; the whole page follows when one is over or another has come."""
    user_id = require_user().user_id  # an open page must not go on after its session has ended
    under_way = [r for r in app().importing.records(user_id) if r.status in UNDER_WAY]
    if [r.id for r in under_way] != busy:
        st.rerun()
    for record in under_way:
        _progress(user_id, record)


def _progress(user_id: int, record: ImportRecord) -> None:
    share = min(1.0, record.bytes_done / record.bytes_total) if record.bytes_total else 0.0
    rows = f"{formats.number(record.rows_read)} rows" if record.rows_read else WORDS[record.status]
    st.html(
        f'<div class="pp-running" role="status"><strong>{html.text(record.label)}</strong>'
        f'<span class="pp-note"> {html.text(rows)} · {html.text(record.current_file)} · {share:.0%}</span>'
        f'<div class="pp-progress" style="--w:{share:.1%}" role="progressbar" aria-valuenow="{share * 100:.0f}" '
        'aria-valuemin="0" aria-valuemax="100" aria-label="Import"></div></div>'
    )
    if st.button("Cancel", key=f"cancel_{record.id}", disabled=record.cancel_requested):
        app().importing.cancel(user_id, import_id=record.id)
    st.html(html.note("You can close this page: the import goes on and its sheet will be here."))


def records(user_id: int, known: list[ImportRecord]) -> None:
    """Draw the imports that are over, newest first, each with its sheet."""
    over = [r for r in known if r.status not in UNDER_WAY]
    if not over:
        return
    st.html(panels.head("Imports so far"))
    for place, record in enumerate(over):
        with panel(f"import-{record.id}"):
            _record(user_id, record, opened=place == 0)


def _record(user_id: int, record: ImportRecord, *, opened: bool) -> None:
    when = formats.day(record.created_at.date())
    stored = f", {formats.number(record.sheet.stored)} new listens" if record.sheet and record.status == "done" else ""
    with st.expander(f"{formats.unmarked(record.label)} · {when} · {WORDS[record.status]}{stored}", expanded=opened):
        if record.message:
            look = "pp-error" if record.status in ("rejected", "failed") else "pp-say"
            st.html(f'<p class="{look}">{html.text(record.message)}</p>')
        if record.sheet and record.status in ("done", "undone"):
            sheet(record.sheet)
        if record.status == "done":
            _after(user_id, record)


def sheet(read: Sheet) -> None:
    """Draw a reconciliation sheet: every row read, in exactly one place."""
    sums = [
        ("Rows read", read.rows_read),
        ("Stored", read.stored),
        ("Duplicates", read.duplicates),
        ("Unidentified", read.unidentified),
        ("Errors", read.errors),
        ("Replaced", read.replaced),
    ]
    st.html(html.facts([html.Fact(label, formats.number(count)) for label, count in sums]))
    left, right = st.columns(2, gap="large")
    with left:
        rows = [[html.plain(REASONS.get(r, r.replace("_", " "))), _count(n)] for r, n in _largest(read.by_reason)]
        whole = formats.number(read.rows_read)
        total = [[html.Cell("<strong>rows read</strong>"), html.Cell(f"<strong>{whole}</strong>")]]
        columns = [html.Column("What became of them", "name"), html.Column("Rows", "number")]
        st.html(html.Table("Rows by reason", columns, [*rows, *total]).html())
    with right:
        st.html(_files(read))
    for words in read.notes:
        st.html(html.note(words))
    if read.library:
        kept = ", ".join(formats.plural(n, name.replace("_", " ")) for name, n in read.library.items())
        st.html(html.note(f"Kept from your library: {kept}."))
    if read.examples:
        _examples(read)


def _largest(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(((reason, count) for reason, count in counts.items() if count), key=lambda pair: -pair[1])


def _count(number: int) -> html.Cell:
    return html.plain(formats.number(number))


def _files(read: Sheet) -> str:
    columns = [
        html.Column("File", "name"),
        html.Column("Rows", "number"),
        html.Column("Stored", "number"),
        html.Column("Errors", "number", phone=False),
    ]
    rows = [
        [
            _file(f.name, f.refused),
            _count(f.rows_read),
            _count(f.stored),
            _count(f.errors),
        ]
        for f in read.files
    ]
    return html.Table("Rows by file", columns, rows).html()


def _file(name: str, refused: str) -> html.Cell:
    return html.Cell(f'<div class="pp-clip">{html.text(name)}</div><div class="pp-under">{html.text(refused)}</div>')


def _examples(read: Sheet) -> None:
    """Draw the first rows that were not stored, by file and row number."""
    columns = [html.Column("File", "name"), html.Column("Row", "number"), html.Column("Why", "text")]
    rows = [
        [
            html.plain(e.file),
            _count(e.row),
            html.plain(f"{REASONS.get(e.reason, e.reason.replace('_', ' '))} {e.detail}".strip()),
        ]
        for e in read.examples
    ]
    table = html.Table("Examples", columns, rows).html()
    words = f"The first {formats.plural(len(rows), 'row')} that {'was' if len(rows) == 1 else 'were'} not stored"
    st.html(f'<details class="pp-more"><summary>{words}</summary>{table}</details>')


def _after(user_id: int, record: ImportRecord) -> None:
    """Offer the sheet to take away, and to undo the import."""
    st.html(
        f'<p class="pp-tools"><a href="/download/import/{record.id}.json" download>Sheet as JSON</a> '
        f'<a href="/download/import/{record.id}.csv" download>Sheet as CSV</a></p>'
    )
    sure = st.checkbox("Undo this import: its listens go, what it replaced comes back", key=f"sure_{record.id}")
    if sure and st.button("Undo now", key=f"undo_{record.id}", type="primary"):
        count = app().importing.undo(user_id, import_id=record.id)
        st.toast(f"{formats.plural(count, 'listen')} taken out.")
        st.rerun()
