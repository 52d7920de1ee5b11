"""What is true of the invented person's lists: what was put into them, for whoever holds an analysis against it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.demo import lists
from core.demo.calendar import LAST
from core.demo.life import Life
from core.demo.listing import Account, Entry, MadeList, of_track

Song = tuple[str, str]
_WAITED_DAYS = 90


@dataclass(frozen=True)
class ListsTruth:
    """What was put into the lists; a song is its title and artist.

    ``twice``: list → addresses that are on it two times. ``singles``: songs on the favourites as a single as well.
    ``never``: songs never begun; ``lately`` those of them added in the last 90 days. ``tiring``: songs skipped every
    time. ``inside``: (list, the list it lies within). ``forgotten``: (list, day since which nothing of it was
    played). ``abandoned``: (list, day of its last song). ``growing``: the list that grows all the time. ``files``:
    songs of her own files. ``empty``: lists without an entry.
    """

    twice: dict[str, frozenset[str]]
    singles: frozenset[Song]
    never: frozenset[Song]
    lately: frozenset[Song]
    tiring: frozenset[Song]
    inside: tuple[str, str]
    forgotten: tuple[str, date]
    abandoned: tuple[str, date]
    growing: str
    files: frozenset[Song]
    empty: frozenset[str]


def truth_of_lists(life: Life, account: Account) -> ListsTruth:
    """Return the truth of the lists of a life."""
    made = {each.name: each for each in account.lists}
    albums = {of_track(item, None).uri for item in life.items if item.kind == "music"}
    waiting = [entry for entry in made[lists.LATER].entries if entry.kind == "track"]
    late = [entry for entry in waiting if entry.added and (LAST - entry.added).days < _WAITED_DAYS]
    return ListsTruth(
        {name: twice for name, each in made.items() if (twice := _twice(each))},
        _songs(entry for entry in made[lists.FAVOURITES].entries if entry.uri not in albums),
        _songs(waiting),
        _songs(late),
        frozenset((life.items[track].name, life.items[track].by) for track in life.tiring.tolist()),
        (lists.BEST, lists.FAVOURITES),
        (lists.SUMMER, lists.FORGOTTEN_BY),
        (lists.COMMUTE, made[lists.COMMUTE].modified),
        lists.FAVOURITES,
        _songs(entry for each in made.values() for entry in each.entries if entry.kind == "local"),
        frozenset(name for name, each in made.items() if not each.entries),
    )


def _songs(entries: Iterable[Entry]) -> frozenset[Song]:
    """Return the songs of entries."""
    return frozenset((entry.name, entry.by) for entry in entries)


def _twice(made: MadeList) -> frozenset[str]:
    """Return the addresses that are on a list more than once."""
    counts = Counter(entry.uri for entry in made.entries)
    return frozenset(uri for uri, count in counts.items() if count > 1)
