"""The one transaction of an import: read all files, settle every row, write what is new, keep the sheet."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from core.domain.errors import ImportRejected
from core.domain.imports import FileSheet, Sheet
from core.domain.listen import Flag
from core.domain.wording import counted
from core.importing.archive import Budget, Limits
from core.importing.columns import Column
from core.importing.duplicates import Plays
from core.importing.extended import Reasons
from core.importing.fates import Fate
from core.importing.moments import DAY, NOTHING
from core.importing.placing import LATEST, MILLI, OLDEST, place
from core.importing.plan import Part, Plan
from core.importing.reading import Reading
from core.importing.reconcile import reconcile
from core.importing.saved import Saved
from core.importing.sheets import MINIMUM_MS, ReadFile, make_sheet, settle_stored
from core.importing.tracks import NewTrack
from core.repositories import deletions
from core.repositories.imports import save_library
from core.repositories.listens import Writing
from core.repositories.names import TrackRow
from core.services.import_progress import Reporter
from core.services.settling import Settling

_AT_ONCE = 50_000  # rows packed and sent together


@dataclass(slots=True)
class Storing:
    """One import on its way into the database."""

    writing: Writing
    import_id: int
    plan: Plan
    limits: Limits
    reporter: Reporter
    files: list[ReadFile] = field(default_factory=list)
    refused: list[tuple[str, str, ImportRejected]] = field(default_factory=list)
    reading: Reading = field(default_factory=Reading)
    saved: Saved = field(default_factory=Saved)

    def run(self) -> Sheet:
        """Read and store everything; return the sheet.

        Raises:
            ImportRejected: no file of it is a readable history, or a container is broken.
            ImportCancelled: the person asked for it.
            Unbalanced: the sums do not match.
        """
        self._read_all()
        columns, unidentified_ms = self.reading.columns.joined(), self.reading.columns.unidentified_ms
        begins, kept = self.reading.columns.begins, self.saved
        changed = self._settle_names(columns)
        self.reading = Reading()
        self.reporter.report()
        sheet, moved = self._write(columns, begins)
        sheet.unidentified_ms = unidentified_ms
        self._keep_library(kept)
        sheet.library = kept.counts()
        self._note(sheet)
        if sheet.stored or moved or changed:
            self.writing.raise_version(None if moved or changed else self.import_id)
        return sheet

    def _read_all(self) -> None:
        """Read the histories, then the saved lists; a file that cannot be read is noted and left out."""
        budget = Budget(self.limits)
        for part in self.plan.history:
            self._read(part, budget)
        if self.plan.history and not self.files:
            raise self.refused[0][2]
        for part in self.plan.saved:
            self.reporter.begin_file(part.source.label)
            try:
                self.saved.add(part, budget, self.reporter.bytes)
            except ImportRejected as refusal:
                self._refuse(part, refusal)

    def _read(self, part: Part, budget: Budget) -> None:
        """Read one history file and hand its tracks over."""
        self.reporter.begin_file(part.source.label)
        rows = 0
        try:
            for count in self.reading.read(part, budget, self.reporter.bytes):
                rows += count
                self.reporter.rows(count)
        except ImportRejected as refusal:
            self.reporter.rows(-rows)
            self._refuse(part, refusal)
            return
        self.files.append(ReadFile(part.source.label, str(part.format), rows))
        self.writing.names.add_tracks(map(track_row, self.reading.tracks.take_new()))

    def _refuse(self, part: Part, refusal: ImportRejected) -> None:
        """Note a file that cannot be read; one that breaks its container or a limit costs the whole upload."""
        if refusal.code != "bad-json":
            raise refusal
        self.refused.append((part.source.label, str(part.format), refusal))

    def _settle_names(self, columns: dict[str, Column]) -> bool:
        """Replace the import's own numbers by the database's; return whether known tracks got names."""
        ids, named = self.writing.names.settle(self.reading.tracks.given)
        columns["track"] = ids[columns["track"]]
        reasons = _reason_ids(self.reading.reasons, self.writing)
        for name in ("reason_start", "reason_end"):
            columns[name] = reasons[columns[name]]
        return named > 0

    def _write(self, columns: dict[str, Column], begins: list[int]) -> tuple[Sheet, bool]:
        """Settle each row against what is stored, write the new ones; return the sheet and whether others moved."""
        fate, ms, logged = columns["fate"].astype(np.uint8, copy=False), columns["ms_played"], columns["logged"]
        offline = (columns["flags"] & Flag.OFFLINE) != 0
        began, ended = place(columns["start"], logged, ms, offline)
        plays = Plays(columns["track"], ms, logged, columns["start"], began, ended)
        stored, gone = self._stored(fate == Fate.PLAY, plays)
        source = columns["source"].astype(np.int8, copy=False)
        names = self.writing.names
        displaced = reconcile(
            fate,
            plays,
            source,
            *stored_plays(stored),
            names.pairs,
            names.own_pairs,
            gone,
        )
        replaced = 0
        if len(displaced):
            places = {name: stored[name][displaced] for name in ("ended_at", "track_id", "ms_played", "began_at")}
            replaced = self.writing.displace(self.import_id, places)
        del stored
        reported = Settling(self.writing)
        fate[reported.deleted_among(plays, np.flatnonzero(fate == Fate.PLAY), source)] = Fate.DELETED_BY_YOU
        new = np.flatnonzero(fate == Fate.PLAY)
        new = new[np.argsort(ended[new], kind="stable")]
        settle_stored(fate, columns["kind"], ms)
        reported.make_way(self.import_id, plays, new)
        batches = (
            _listen_columns(columns, began, ended, new[at : at + _AT_ONCE]) for at in range(0, len(new), _AT_ONCE)
        )
        for _ in self.writing.insert(self.import_id, batches):
            self.reporter.report()
        settled = reported.finish()
        sheet = make_sheet(fate, self.files, begins, logged)
        sheet.replaced = replaced + settled.parked
        sheet.notes += _doubtful(plays, new) + _taken_over(settled.parked) + _stay_deleted(sheet)
        return sheet, bool(replaced or settled.moved)

    def _stored(
        self, usable: np.typing.NDArray[np.bool_], plays: Plays
    ) -> tuple[dict[str, Column], np.typing.NDArray[np.bool_]]:
        """Return the person's listens among which a duplicate of these plays can lie, and which of them are deleted.

        One play's two reports have the same start, each ends between it and a month and its duration later.
        """
        if not usable.any():
            return self.writing.stored(0, -1), np.zeros(0, bool)
        first = int(plays.ended.min(where=usable, initial=np.iinfo(np.int64).max))
        last = int(plays.ended.max(where=usable, initial=0))
        reach = OLDEST + LATEST + int(plays.ms.max(where=usable, initial=0)) * MILLI + DAY
        live = self.writing.stored(first - reach, last + reach)
        gone = deletions.deleted(self.writing, first=first - reach, last=last + reach)
        both = {name: np.concatenate([column, gone[name]]) for name, column in live.items()}
        return both, np.arange(len(both["ended_at"])) >= len(live["ended_at"])

    def _keep_library(self, saved: Saved) -> None:
        """Keep the saved library and the playlists."""
        items = ((i.kind, i.position, i.uri, i.artist, i.album, i.name) for i in saved.library)
        lists = (
            (at, p.name, p.description, p.followers, p.modified_on, p.items) for at, p in enumerate(saved.playlists)
        )
        if saved.library or saved.playlists:
            save_library(
                self.writing.connection, self.writing.user_id, import_id=self.import_id, items=items, playlists=lists
            )

    def _note(self, sheet: Sheet) -> None:
        """Add to the sheet the files that are no rows, and what a person should know about the others."""
        for part in self.plan.saved:
            if all(part.source.label != label for label, _, _ in self.refused):
                sheet.files.append(FileSheet(part.source.label, str(part.format)))
        refused = [(label, "", refusal) for label, refusal in self.plan.refused] + self.refused
        for label, word, refusal in refused:
            sheet.files.append(FileSheet(label, word, refused=refusal.message))
            sheet.notes.append(refusal.message)
        sheet.notes += _notes(self.plan.history, sheet, self.plan.left)


def _doubtful(plays: Plays, new: Column) -> list[str]:
    """Return a note on plays of unknown start that overlap the same track's: perhaps one play, reported twice."""
    unknown = new[plays.start[new] == NOTHING]
    order = unknown[np.lexsort((plays.logged[unknown], plays.ms[unknown], plays.track[unknown]))]
    one, other = order[:-1], order[1:]
    same = (plays.track[one] == plays.track[other]) & (plays.ms[one] == plays.ms[other]) & (plays.ms[one] >= MINIMUM_MS)
    count = int((same & (plays.logged[other] - plays.logged[one] < plays.ms[one] * (MILLI * 9 // 10))).sum())
    which = counted(count, "play overlaps", "plays overlap")
    text = f"{which} another of the same track and length, perhaps the same one reported twice; all were kept."
    return [text] if count else []


def _taken_over(parked: int) -> list[str]:
    """Return a note on plays the API reported that this import holds, with their true lengths."""
    which = counted(parked, "play that Spotify's API had reported was", "plays that Spotify's API had reported were")
    return [f"{which} replaced by the export's."] if parked else []


def _stay_deleted(sheet: Sheet) -> list[str]:
    """Return a note on plays this import holds and the person deleted."""
    count = sheet.by_reason.get(Fate.DELETED_BY_YOU.word, 0)
    which = counted(count, "play stays deleted, as you", "plays stay deleted, as you")
    return [f"{which} wanted; under Rules you can have what you deleted back."] if count else []


def track_row(new: NewTrack) -> TrackRow:
    """Return a track as the repository takes it."""
    track = new.track
    return (
        new.number,
        new.key,
        track.uri,
        track.name,
        int(track.kind),
        track.artist,
        new.artist_key,
        track.album,
        new.album_key,
        new.recording_key,
    )


def _reason_ids(reasons: Reasons, writing: Writing) -> Column:
    """Return the database's id of each of the import's reason numbers; 0 stays 0."""
    ids = np.zeros(len(reasons) + 1, np.int16)
    known = writing.names.reasons(list(reasons))
    for word, number in reasons.items():
        ids[number] = known[word]
    return ids


def stored_plays(stored: dict[str, Column]) -> tuple[Plays, np.typing.NDArray[np.int8]]:
    """Return stored listens as plays, and their sources."""
    known = (stored["flags"] & Flag.START_KNOWN) != 0
    start = np.where(known, stored["began_at"], NOTHING)
    track, ms, logged = stored["track_id"], stored["ms_played"], stored["logged_at"]
    plays = Plays(track, ms, logged, start, stored["began_at"], stored["ended_at"])
    return plays, stored["source"].astype(np.int8, copy=False)


def _listen_columns(columns: dict[str, Column], began: Column, ended: Column, new: Column) -> dict[str, Column]:
    """Return the columns of the listens to write, in order of their ends."""
    named = {"track_id": "track", "logged_at": "logged"}
    same = ("ms_played", "reason_start", "reason_end", "platform", "country", "kind", "source", "flags")
    chosen = {name: columns[named.get(name, name)][new] for name in (*named, *same)}
    return chosen | {"began_at": began[new], "ended_at": ended[new]}


def _notes(history: Sequence[Part], sheet: Sheet, left: int) -> list[str]:
    """Return what a person should know about how the rows were read."""
    notes = []
    if history and not sheet.rows_read:
        notes.append("The history files are empty: there was nothing to import.")
    if any(part.video for part in history):
        notes.append("Music videos are in no other file of the export; their plays count like those of tracks.")
    if any(part.old_account for part in history):
        notes.append("Account files of before 2023 mix podcasts among the tracks without a mark; they count as music.")
    if sheet.unidentified:
        rows = counted(sheet.unidentified, "row names", "rows name")
        minutes = counted(round(sheet.unidentified_ms / 60_000), "minute", "minutes")
        notes.append(f"{rows} no track, {minutes} in all; Spotify no longer knows what was played.")
    if left:
        notes.append(
            f"{counted(left, 'other file was', 'other files were')} left out: no listening history is in there."
        )
    return notes
