"""Settles which plays Spotify's API reported are live: those that no export holds.

What is live is a function of two sets alone: the rows exports brought and all plays the API reported, live or parked.
Every change of either set settles anew what it may have touched, inside its own transaction, so the order of polls,
imports and undos makes no difference. A play whose row of an export was deleted is deleted with it. Plays of different
recordings never meet: a settlement takes whole recordings, over all of the history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.domain.listen import Source
from core.importing.api_matching import NOBODY, Exported, Reported, Rows, match
from core.importing.duplicates import Plays
from core.importing.grouping import Ints, Mask, within
from core.importing.moments import DAY
from core.repositories import api_listens
from core.repositories.listens import Writing

# No row of an export ends further than this from its start or its logged time: a month offline, the longest duration.
_APART = 60 * DAY


@dataclass(frozen=True, slots=True)
class Settled:
    """What a settlement changed.

    ``parked`` and ``buried`` live plays an export holds now, or held when it was deleted; the import ids of the parked
    ones now live.
    """

    parked: int
    buried: int
    back: Rows

    @property
    def moved(self) -> bool:
        """Return whether the listens are others than before."""
        return bool(self.parked or self.buried or len(self.back))


class Settling:
    """One settlement: read what the API reported, let something change, finish."""

    def __init__(self, writing: Writing, *, recordings: Sequence[int] | None = None) -> None:
        """Take the reported plays of some recordings, or all of them; without any, nothing here costs anything."""
        self._writing = writing
        self._known = dict(api_listens.reported(writing, recordings=recordings))
        self._parked = 0

    def make_way(self, import_id: int, plays: Plays, new: Rows) -> None:
        """Park live plays of the track and end of a play that an import is about to write: places are unique.

        Nothing is nearer to such a play than that row, so it stays parked.
        """
        known, holder = self._known, self._known["replaced_by"]
        if not len(holder):
            return
        new = new[np.isin(plays.ended[new], known["ended_at"])]
        same = within((known["ended_at"], known["track_id"]), (plays.ended[new], plays.track[new]))
        self._park(same & (holder == 0), np.full(len(holder), import_id, np.int64))

    def finish(self) -> Settled:
        """Park live plays an export holds now, and put parked ones back that none holds any more."""
        if not len(self._known["ended_at"]):
            return Settled(0, 0, np.zeros(0, np.int64))
        now = self._known["replaced_by"]
        holder = np.where(now < 0, now, self._holders())
        back = (now > 0) & (holder == 0)
        moved = (now > 0) & (holder > 0) & (now != holder)
        for table, there in (("listens", now == 0), ("replaced_listens", now > 0)):
            api_listens.bury(self._writing, self._places(there & (holder < 0), holder), table=table)
        self._park((now == 0) & (holder > 0), holder)
        api_listens.unpark(self._writing, self._places(back, holder))
        api_listens.repark(self._writing, self._places(moved, holder))
        buried = int(((now == 0) & (holder < 0)).sum())
        return Settled(self._parked, buried, self._known["import_id"][back])

    def deleted_among(self, plays: Plays, new: Rows, source: Ints) -> Rows:
        """Return which of the new rows of an import are plays that were deleted as the API had told them."""
        known = self._known
        if not len(new) or not (known["replaced_by"] < 0).any():
            return new[:0]
        track = plays.track[new]
        recording_of = api_listens.recording_of(self._writing, np.unique(track).tolist())
        recording = np.array([recording_of[each] for each in track.tolist()], np.int64)
        near = np.isin(recording, known["recording_id"])
        new, recording = new[near], recording[near]
        coming = Exported(
            track=plays.track[new],
            recording=recording,
            ms=plays.ms[new],
            began=plays.began[new],
            ended=plays.ended[new],
            logged=plays.logged[new],
            coarse=source[new] == Source.SPOTIFY_ACCOUNT,
        )
        stored = _exported(self._rows())
        count, partner = len(stored.track), self._partners(stored.and_then(coming))
        taken = partner[(known["replaced_by"] < 0) & (partner >= count)] - count
        return new[taken]

    def _park(self, chosen: Mask, holder: Rows) -> None:
        """Park chosen live plays, each for the import that holds it."""
        api_listens.park(self._writing, self._places(chosen, holder))
        self._known["replaced_by"] = np.where(chosen, holder, self._known["replaced_by"])
        self._parked += int(chosen.sum())

    def _places(self, chosen: Mask, holder: Rows) -> dict[str, Rows]:
        """Return where the chosen plays lie, and the imports that hold them."""
        places = {name: self._known[name] for name in ("ended_at", "track_id")} | {"replaced_by": holder}
        return {name: column[chosen] for name, column in places.items()}

    def _holders(self) -> Rows:
        """Return for each reported play the import whose row is the same play, 0 for none.

        Where that row is deleted: the negative id of the deletion.
        """
        rows = self._rows()
        partner = self._partners(_exported(rows))
        holder = np.where(rows["deletion_id"] > 0, -rows["deletion_id"], rows["import_id"])
        return np.where(partner == NOBODY, 0, np.append(holder, 0)[partner])

    def _rows(self) -> Mapping[str, Rows]:
        """Return the rows of exports, deleted ones too, among which those of the reported plays can be."""
        known, ended = self._known, self._known["ended_at"]
        return api_listens.exported(
            self._writing,
            recordings=np.unique(known["recording_id"]).tolist(),
            first=int(ended.min()) - _APART,
            last=int(ended.max()) + _APART,
        )

    def _partners(self, exported: Exported) -> Rows:
        """Return for each reported play the place of the exported one it is."""
        known = self._known
        return match(Reported(known["track_id"], known["recording_id"], known["ended_at"]), exported)


def _exported(rows: Mapping[str, Rows]) -> Exported:
    """Return stored rows of exports as the matching takes them."""
    return Exported(
        track=rows["track_id"],
        recording=rows["recording_id"],
        ms=rows["ms_played"],
        began=rows["began_at"],
        ended=rows["ended_at"],
        logged=rows["logged_at"],
        coarse=rows["source"] == Source.SPOTIFY_ACCOUNT,
    )
