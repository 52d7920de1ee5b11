"""Undoing an import: exactly its listens go, what it replaced comes back unless another row still holds it."""

import numpy as np

from core.domain.listen import Source
from core.importing.columns import Column
from core.importing.duplicates import Plays
from core.importing.moments import MINUTE, NOTHING
from core.importing.reconcile import Twins
from core.repositories import deletions
from core.repositories.imports import mark_undone
from core.repositories.listens import Listens, Writing
from core.services.settling import Settling


def undo(listens: Listens, user_id: int, *, import_id: int) -> int:
    """Undo a done import in one transaction; return how many listens were removed.

    Raises:
        Conflict: the import is not done.
    """
    with listens.writing(user_id) as writing:
        mark_undone(writing, import_id=import_id)
        removed = writing.remove(import_id)
        _leave_replaced(writing, import_id)
        restored = writing.restore(import_id)
        deletions.sweep(writing)
        settled = Settling(writing).finish()
        if removed or restored or settled.moved:
            writing.raise_version(None)
    return removed


def _leave_replaced(writing: Writing, import_id: int) -> None:
    """Let displaced rows whose play another import's extended history still holds wait for that one's undo."""
    waiting = writing.waiting(import_id)
    if not len(waiting["ended_at"]):
        return
    ended = waiting["ended_at"]
    reach = farthest(waiting)
    held = finer_rows(writing, int(ended.min()) - reach, int(ended.max()) + reach)
    keys = twin_keys(Twins(writing.names.pairs), waiting, np.arange(len(ended)))
    still = np.array([at for at, key in enumerate(keys) if key in held], np.int64)
    if len(still):
        places = {name: waiting[name][still] for name in ("ended_at", "track_id", "ms_played", "began_at")}
        writing.keep_waiting(places, [held[keys[at]] for at in still.tolist()])


def farthest(rows: dict[str, Column]) -> int:
    """Return how far from these rows the rows of the other package can end that are the same plays."""
    # An offline play ends up to a month before or after the minute it is logged in.
    return 32 * 1440 * MINUTE + int(rows["ms_played"].max()) * 1000


def finer_rows(writing: Writing, first: int, last: int) -> dict[tuple[int, ...], int]:
    """Return the extended rows that ended between two moments: (minute, names, milliseconds) → their import."""
    others = writing.stored(first, last, imports=True)
    finer = np.flatnonzero(others["source"] == Source.SPOTIFY_EXPORT)
    if not len(finer):
        return {}
    keys = twin_keys(Twins(writing.names.pairs), others, finer)
    return dict(zip(keys, others["import_id"][finer].tolist(), strict=True))


def twin_keys(twins: Twins, columns: dict[str, Column], rows: np.typing.NDArray[np.int64]) -> list[tuple[int, ...]]:
    """Return the (minute, names, milliseconds) of some listens."""
    unknown = np.full(len(columns["ended_at"]), NOTHING, np.int64)
    plays = Plays(
        columns["track_id"],
        columns["ms_played"],
        columns["logged_at"],
        unknown,
        unknown,
        unknown,
    )
    return list(zip(*(column.tolist() for column in twins.keys(plays, rows)), strict=True))
