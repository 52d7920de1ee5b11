"""What of an upload is read, in which order, and what is refused or left alone before a row is looked at."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.domain.errors import ImportRejected
from core.domain.names import clean
from core.importing import refusals
from core.importing.archive import Budget, Limits, Loose, Source, basename, binary_kind, entries, is_zip
from core.importing.detect import HEAD, Format, NeedsWhole, detect, first_rows
from core.importing.text import NotJson, as_utf8

_HISTORY = re.compile(r"(endsong|endvideo|streaming_?history).*\.json$", re.IGNORECASE)
_SAVED = re.compile(r"(yourlibrary|playlist\d*)\.json$", re.IGNORECASE)
_VIDEO = re.compile(r"endvideo|streaming_history_video", re.IGNORECASE)
_OLD_ACCOUNT = re.compile(r"streaminghistory\d*\.json$", re.IGNORECASE)
# Other files of the account package: personal, of no use here, never opened.
_PRIVATE = re.compile(
    r"(useraddress|payments?|identity|identifiers|userdata|searchqueries|inferences|follow|familyplan|duonewfamily"
    r"|purchases|voiceinput|userprompts|podcastinteractivity|messagedata|marquee|wrapped|yoursoundcapsule).*\.json$",
    re.IGNORECASE,
)
_FOREIGN = (
    (re.compile(r"(^|/)listens/\d{4}/\d+\.jsonl$"), "a ListenBrainz export"),
    (re.compile(r"apple[_ ](media|music)", re.IGNORECASE), "an Apple Music export"),
    (re.compile(r"(^|/)takeout/", re.IGNORECASE), "a Google Takeout"),
    (re.compile(r"(^|/)xl/workbook\.xml$"), "a spreadsheet"),
)
_ORDER = (Format.EXTENDED, Format.UNKNOWN, Format.ACCOUNT)


@dataclass(frozen=True, slots=True)
class Part:
    """One file to read."""

    source: Source
    format: Format
    video: bool = False

    @property
    def old_account(self) -> bool:
        """Return whether it is an account file of the years that mixed podcasts among the tracks."""
        return self.format is Format.ACCOUNT and bool(_OLD_ACCOUNT.match(self.source.label))


@dataclass(slots=True)
class Plan:
    """The files to read, histories in reading order; the refused ones; how many were left alone; whose they are."""

    history: list[Part] = field(default_factory=list)
    saved: list[Part] = field(default_factory=list)
    refused: list[tuple[str, ImportRejected]] = field(default_factory=list)
    left: int = 0
    usernames: set[str] = field(default_factory=set)


def make_plan(uploads: Sequence[tuple[Path, str]], limits: Limits) -> Plan:
    """Return the plan for (path, label) pairs, opened as one import.

    Raises:
        ImportRejected: a container cannot be opened safely, or nothing in all of it can be read.
    """
    plan = Plan()
    for path, label in uploads:
        name = clean(basename(label)) or "upload"
        size, head = _beginning(path, name)
        if is_zip(head):
            _add_zip(plan, path, name, limits)
        elif head and name.lower().endswith(".zip") and head.lstrip()[:1] not in (b"[", b"{"):
            kind = binary_kind(head)
            raise refusals.unknown_type(name, kind) if kind and kind != "a binary file" else _cut_zip(head, name)
        else:
            _add_loose(plan, Loose(path, name, size), limits, alone=len(uploads) == 1)
    if not plan.history and (plan.refused or not plan.saved):
        raise plan.refused[0][1] if plan.refused else refusals.no_history(_together(uploads))
    plan.history.sort(key=_reading_order)
    return plan


def _beginning(path: Path, label: str) -> tuple[int, bytes]:
    """Return a file's size and its first bytes."""
    try:
        with path.open("rb") as file:
            return path.stat().st_size, file.read(512)
    except OSError as error:
        raise refusals.gone(label) from error


def _cut_zip(head: bytes, label: str) -> ImportRejected:
    """Return the refusal of a .zip that does not begin like one."""
    if head.lstrip()[:1] in (b"<", b"v"):
        return refusals.bad_json(label, "is a page or a pointer instead of the zip")
    return refusals.bad_zip(label)


def _together(uploads: Sequence[tuple[Path, str]]) -> str:
    """Return what to call the upload in a sentence."""
    return basename(uploads[0][1]) if len(uploads) == 1 else f"The upload of {len(uploads)} files"


def _reading_order(part: Part) -> tuple[int, list[tuple[int, str]]]:
    """Return where a part stands: extended before account, and by number within, so that 10 comes after 9."""
    words = re.split(r"(\d+)", part.source.label.lower())
    return _ORDER.index(part.format), [(int(w), "") if w.isdecimal() else (-1, w) for w in words]


def _add_zip(plan: Plan, path: Path, label: str, limits: Limits) -> None:
    """Add the files of a zip by their names, and JSON files of other names by their content."""
    found = entries(path, label, limits)
    before = len(plan.history) + len(plan.saved) + len(plan.refused)
    for entry in found:
        if _HISTORY.match(entry.label) or _SAVED.match(entry.label):
            _take(plan, entry, limits)
        elif entry.label.lower().endswith(".json") and not _PRIVATE.match(entry.label):
            _try(plan, entry, limits)
        else:
            plan.left += 1
    if len(plan.history) + len(plan.saved) + len(plan.refused) == before:
        for pattern, service in _FOREIGN:
            if any(pattern.search(entry.info.filename) for entry in found):
                plan.refused.append((label, refusals.unsupported(label, service)))
                return


def _add_loose(plan: Plan, source: Loose, limits: Limits, *, alone: bool) -> None:
    """Add a file of its own: by its content when it came alone, else like an entry of a zip."""
    if alone:
        part = _part(plan, source, limits)
        (plan.saved if part.format in (Format.LIBRARY, Format.PLAYLISTS) else plan.history).append(part)
    elif _PRIVATE.match(source.label) or source.label.startswith("._"):
        plan.left += 1
    elif source.label.lower().endswith(".json"):
        _take(plan, source, limits)
    else:
        _try(plan, source, limits)


def _take(plan: Plan, source: Source, limits: Limits) -> None:
    """Add a file that should be readable; note its refusal if it is not."""
    try:
        part = _part(plan, source, limits)
    except ImportRejected as refusal:
        if refusal.code in ("bad-zip", "too-large"):
            raise
        if refusal.code == "no-history" and not _HISTORY.match(source.label):
            plan.left += 1
        else:
            plan.refused.append((source.label, refusal))
        return
    (plan.saved if part.format in (Format.LIBRARY, Format.PLAYLISTS) else plan.history).append(part)


def _try(plan: Plan, source: Source, limits: Limits) -> None:
    """Add a file of any other name if its rows are a history, else leave it alone."""
    try:
        part = _part(plan, source, limits)
    except ImportRejected as refusal:
        if refusal.code in ("bad-zip", "too-large"):
            raise
        plan.left += 1
        return
    if part.format in (Format.EXTENDED, Format.ACCOUNT) and source.start(limits, 256).strip() != b"[]":
        plan.history.append(part)
    else:
        plan.left += 1


def _part(plan: Plan, source: Source, limits: Limits) -> Part:
    """Return a file with its format, and remember the account names in its first rows.

    Raises:
        ImportRejected: it is nothing Playprint reads.
    """
    head = source.start(limits, HEAD)
    if kind := binary_kind(head):
        raise refusals.unknown_type(source.label, kind)
    try:
        try:
            format_ = detect(head, None, source.label)
        except NeedsWhole:
            format_ = detect(head, b"".join(source.blocks(Budget(limits), lambda _: None)), source.label)
        text = b"".join(as_utf8(iter([head]))).decode(errors="ignore").lstrip()
    except NotJson as error:
        raise refusals.bad_json(source.label, error.problem) from error
    if format_ is Format.EXTENDED:
        rows = [row for row in first_rows(text)[0] if isinstance(row, dict)]
        plan.usernames |= {
            str(row["username"]) for row in rows if isinstance(row.get("username"), str) and row["username"]
        }
    return Part(source, format_, video=bool(_VIDEO.match(source.label)))
