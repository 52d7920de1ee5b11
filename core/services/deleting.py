"""Deleting listens: previewed, in every form known of them, and with a way back until they are gone for good."""

from dataclasses import replace

import numpy as np

from core.analytics import counting, latest
from core.analytics.arrays import array
from core.analytics.view import View
from core.domain.deletions import Chosen, Deletion, DeletionPreview, OneListen
from core.domain.errors import Conflict, InvalidInput, NotFound
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.names import clean
from core.domain.period import Period
from core.logs import logger
from core.repositories.database import Database
from core.repositories.deletions import DeletionRows
from core.repositories.listens import Listens
from core.services import deleting_rows
from core.services.deleting_rows import Places
from core.services.events import Events
from core.services.listening import Listening

log = logger(__name__)
EXAMPLES = 5
LONGEST_LABEL = 200
WHOLE = "This is your whole history; to delete all of it, delete your account: Account, then Delete account."
NOTHING = "There is no listen in this selection, so there is nothing to delete."
CHANGED = "Your history has changed since you looked; look at the preview again."


class Deleting:
    """What people delete of their own listens."""

    def __init__(self, db: Database, listening: Listening, events: Events) -> None:
        """Delete from ``db`` what ``listening`` shows, and note it in the record of the account."""
        self._rows, self._listens, self._listening, self._events = DeletionRows(db), Listens(db), listening, events

    def preview(self, user_id: int, *, lens: Lens, period: Period, filters: Filters) -> DeletionPreview:
        """Return what deleting a selection would take: every listen History shows for it, however short."""
        view = self._view(user_id, Chosen(lens, period, filters))
        sums = counting.totals(view)
        shown = latest.latest(view, limit=EXAMPLES).rows.select("ended", "name", "artist")
        return DeletionPreview(
            sums.listens, sums.plays, sums.ms_played, sums.first, sums.last, tuple(shown.iter_rows())
        )

    def delete(self, user_id: int, *, label: str, chosen: OneListen | Chosen, expected: int | None = None) -> Deletion:
        """Delete one listen or a selection in one transaction; ``expected``: how many the person saw it would be.

        Raises:
            InvalidInput: there is nothing to delete, it is the whole history, or it has no name.
            Conflict: it would be another number of listens than ``expected``.
        """
        name = clean(label)
        if not name:
            raise InvalidInput("Give this deletion a name, so that you recognise it later.")
        with self._listening.reading():
            places, everything = self._places(user_id, chosen), len(self._listening.library(user_id).listens)
        count = len(places["ended_at"])
        if not count:
            raise InvalidInput(NOTHING)
        if count == everything and isinstance(chosen, Chosen):
            raise InvalidInput(WHOLE)
        if expected is not None and count != expected:
            raise Conflict(CHANGED)
        with self._listens.writing(user_id) as writing:
            made = deleting_rows.delete(writing, places, label=name[:LONGEST_LABEL])
            if made.listens != count:
                raise Conflict(CHANGED)
        self._note(user_id, "listens-deleted", made.id, count)
        return made

    def deletions(self, user_id: int) -> list[Deletion]:
        """Return a person's deletions that can still be undone, newest first."""
        return self._rows.all(user_id)

    def undo(self, user_id: int, *, deletion_id: int) -> int:
        """Put the listens of a deletion back, but for those held by now; return how many came back.

        Raises:
            NotFound: there is no such deletion of this person.
        """
        with self._listens.writing(user_id) as writing:
            back = deleting_rows.undo(writing, deletion_id=deletion_id)
        self._note(user_id, "deletion-undone", deletion_id, back)
        return back

    def purge(self, user_id: int, *, deletion_id: int) -> None:
        """Forget the listens of a deletion for good; importing them again would bring them back.

        Raises:
            NotFound: there is no such deletion of this person.
        """
        with self._listens.writing(user_id) as writing:
            deleting_rows.purge(writing, deletion_id=deletion_id)
        self._note(user_id, "deletion-purged", deletion_id, 0)

    def _view(self, user_id: int, chosen: Chosen) -> View:
        """Return the view of a selection as History lists it."""
        lens = replace(chosen.lens, api=True)
        return self._listening.view(user_id, lens=lens, period=chosen.period, filters=chosen.filters)

    def _places(self, user_id: int, chosen: OneListen | Chosen) -> Places:
        """Return where the chosen listens lie: ended_at, track_id, ms_played, began_at (microseconds since 2000)."""
        if isinstance(chosen, Chosen):
            view = self._view(user_id, chosen)
            return deleting_rows.places(view.library, view.positions)
        library = self._listening.library(user_id)
        ended = array(library.listens["ended"].is_in([chosen.ended_at]))
        same = ended & (library.column("ms_played") == chosen.ms_played)
        code = library.code("track", chosen.track_id)
        rows = np.flatnonzero(same & (library.column("track") == code)) if code >= 0 else ()
        if not len(rows):
            raise NotFound("This listen is not in your history; look at the list again.")
        return deleting_rows.places(library, np.asarray(rows))

    def _note(self, user_id: int, event: str, deletion_id: int, listens: int) -> None:
        """Write a line into the record of the account, and one into the log."""
        self._events.note(user_id, event)
        log.info(event.replace("-", "."), user_id=user_id, deletion_id=deletion_id, listens=listens)
