"""What a deletion and its undo do inside their one transaction."""

import numpy as np
import polars as pl

from core.analytics.arrays import Ints, array
from core.analytics.library import Library
from core.domain.deletions import Deletion
from core.domain.listen import Source
from core.importing.fates import Fate
from core.importing.reconcile import Rows, Twins, reconcile
from core.repositories import deletions
from core.repositories.listens import Writing
from core.services.import_storing import stored_plays
from core.services.import_undoing import farthest, finer_rows, twin_keys
from core.services.settling import Settling

_MOMENTS = {"ended_at": "ended", "began_at": "began"}
Places = dict[str, Ints]
_EPOCH_MICROS = 946_684_800_000_000  # 2000 as a library counts moments: since 1970


def places(library: Library, rows: Ints) -> Places:
    """Return where some listens of a library lie in the database: the columns of their key."""
    ids = array(library.tracks["id"])
    found = {
        name: array(library.listens[column].cast(pl.Int64))[rows] - _EPOCH_MICROS for name, column in _MOMENTS.items()
    }
    return found | {"track_id": ids[library.column("track")[rows]], "ms_played": library.column("ms_played")[rows]}


def delete(writing: Writing, places: Places, *, label: str) -> Deletion:
    """Move listens into a new deletion, with what waits behind them and what the API told of them."""
    deletion_id = deletions.begin(writing, label=label)
    count = deletions.bury(writing, places, deletion_id=deletion_id)
    _bury_waiting(writing, deletion_id)
    Settling(writing).finish()
    writing.raise_version(None)
    return deletions.end(writing, deletion_id=deletion_id, listens=count)


def _bury_waiting(writing: Writing, deletion_id: int) -> None:
    """Move rows of account data that wait behind deleted extended ones into their deletion."""
    gone = deletions.deleted(writing, deletion_id=deletion_id)
    if not len(gone["ended_at"]):
        return
    reach = farthest(gone)
    first, last = int(gone["ended_at"].min()) - reach, int(gone["ended_at"].max()) + reach
    waiting = deletions.waiting(writing, first=first, last=last)
    if not len(waiting["ended_at"]):
        return
    twins = Twins(writing.names.pairs)
    finer = np.flatnonzero(gone["source"] == Source.SPOTIFY_EXPORT)
    held = set(twin_keys(twins, gone, finer))
    keys = twin_keys(twins, waiting, np.arange(len(waiting["ended_at"])))
    behind = np.array([key in held for key in keys], bool)
    deletions.bury(writing, deletions.at(waiting, behind), deletion_id=deletion_id, table="replaced_listens")


def undo(writing: Writing, *, deletion_id: int) -> int:
    """Make the rows of a deletion listens again, but for plays that are stored by now; return how many listens."""
    deletions.require(writing, deletion_id=deletion_id)
    gone = deletions.deleted(writing, deletion_id=deletion_id)
    back = _put_back(writing, gone, deletion_id) if len(gone["ended_at"]) else 0
    reported = deletions.hand_over_reported(writing, deletion_id=deletion_id)
    deletions.forget(writing, deletion_id=deletion_id)
    settled = Settling(writing).finish()
    if back or reported or settled.moved:
        writing.raise_version(None)
    return back + len(settled.back)


def _put_back(writing: Writing, gone: Places, deletion_id: int) -> int:
    """Put rows of exports back as if they were imported just now; return how many are listens again."""
    fate = np.full(len(gone["ended_at"]), Fate.PLAY, np.uint8)
    reach = farthest(gone)
    first, last = int(gone["ended_at"].min()) - reach, int(gone["ended_at"].max()) + reach
    stored = writing.stored(first, last, imports=True)
    plays, source = stored_plays(gone)
    names = writing.names.pairs
    displaced = reconcile(fate, plays, source, *stored_plays(stored), names, names)
    _make_way(writing, gone, fate, stored, displaced)
    back = deletions.put_back(writing, deletions.at(gone, fate == Fate.PLAY), deletion_id=deletion_id)
    coarse = np.flatnonzero(fate == Fate.IN_EXTENDED_HISTORY)
    if len(coarse):
        held = finer_rows(writing, first, last)
        keys = twin_keys(Twins(names), gone, coarse)
        holder = np.array([held.get(key, 0) for key in keys], np.int64)
        for import_id in np.unique(holder[holder > 0]).tolist():
            rows = deletions.at(gone, coarse[holder == import_id])
            deletions.let_wait(writing, rows, deletion_id=deletion_id, import_id=import_id)
    return back


def _make_way(writing: Writing, gone: Places, fate: Ints, stored: Places, displaced: Rows) -> None:
    """Let stored rows of account data wait behind the finer rows that come back."""
    if not len(displaced):
        return
    twins, finer = Twins(writing.names.pairs), np.flatnonzero(fate == Fate.PLAY)
    owner = dict(zip(twin_keys(twins, gone, finer), gone["import_id"][finer].tolist(), strict=True))
    for row, key in zip(displaced.tolist(), twin_keys(twins, stored, displaced), strict=True):
        writing.displace(owner[key], deletions.at(stored, np.array([row])))


def purge(writing: Writing, *, deletion_id: int) -> None:
    """Forget what a deletion holds; plays the API told of it are forgotten with it."""
    deletions.require(writing, deletion_id=deletion_id)
    deletions.forget(writing, deletion_id=deletion_id)
