"""The playlists of the invented person, made of what her life played: growing, abandoned, forgotten, untidy ones."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

import numpy as np

from core.demo.calendar import CHILD_LISTENS, FIRST, LAST
from core.demo.heard import Bools, Heard, Integers
from core.demo.life import Life
from core.demo.listing import Entry, MadeList, as_single, of_episode, of_file, of_track

FAVOURITES, BEST, SUMMER, COMMUTE, RUNNING, LATER = (
    "Favourites",
    "Best of the best",
    "Summer 2021 ☀️",
    "Way to work",
    "Running",
    "To listen to",
)
ATTIC, CHILDREN = "Mixtape from the attic", "Für Mila"
HIGH_SUMMER = date(2021, 6, 15), date(2021, 9, 6)
OFFICE_CLOSED = date(2020, 3, 13)
_OFFICE_SINCE, _LATER_ON = date(2019, 1, 14), date(2019, 8, 10)
FORGOTTEN_BY = date(2022, 6, 1)
_TWICE, _SINGLES, _NEW = 3, 4, 5
_FAVOURITES, _LOVED = 270, 225  # how many there are; how many of them hardly leave room for others on a list
_FILES = (
    ("Wedding Speech", "Aunt Renate", "", 412),
    ("Rehearsal Take 3", "Garage Band of ours", "Cellar tapes", 187),
    ("Rehearsal Take 7", "Garage Band of ours", "Cellar tapes", 203),
    ("Lake Song", "Garage Band of ours", "Cellar tapes", 221),
    ("Radio 1998", "", "Cassettes", 1_804),
    ("Lullaby", "Grandmother", "Cassettes", 95),
)


class _Maker:
    """Makes the lists of a life; ``items`` are what can be played, the catalogue's tracks first."""

    def __init__(self, life: Life, heard: Heard) -> None:
        self._items, self._heard, self._tiring = life.items, heard, life.tiring
        self._ordinary = ~heard.of("christmas", "children")
        self._lively = self._ordinary & ~np.isin(np.arange(heard.tracks), life.tiring)
        loved = heard.most(_FAVOURITES, heard.plays, self._lively)
        self._favourite, self._half = loved, self._lively & ~np.isin(np.arange(heard.tracks), loved[::2])
        self._rarer = self._lively & ~np.isin(np.arange(heard.tracks), loved[:_LOVED])

    def all(self) -> list[MadeList]:
        """Return every list, the newest made first as Spotify shows them."""
        favourites = self._favourite
        return [
            self._later(),
            self._norway(),
            self._dinner(),
            MadeList("Neue Playlist", date(2024, 9, 1), ()),
            self._birthday(),
            self._children(),
            self._running(),
            self._focus(),
            self._summer(),
            self._christmas(),
            self._best(favourites[:40]),
            self._attic(favourites[40:45]),
            self._commute(),
            self._favourites(favourites),
        ]

    def _entries(self, tracks: Iterable[int], added: Callable[[int], date]) -> list[Entry]:
        """Return tracks as entries in the order they were added."""
        return sorted((of_track(self._items[track], added(track)) for track in tracks), key=_when)

    def _top(self, name: str, count: int, weight: Integers, among: Bools, play: int) -> MadeList:
        """Return a list of the tracks with the most weight, each added on the day of its play of this number."""
        entries = self._entries(self._heard.most(count, weight, among), lambda track: self._heard.day_of(track, play))
        return MadeList(name, _when(entries[-1]), tuple(entries))

    def _favourites(self, tracks: Sequence[int]) -> MadeList:
        """Return the list that grows all the time: some songs came twice, some as a single as well."""
        entries = self._entries(tracks, lambda track: self._heard.day_of(track, 25))
        late = date(2026, 3, 14)
        entries += [of_track(self._items[track], late) for track in tracks[5 : 5 + _TWICE]]
        entries += [as_single(self._items[track], late + timedelta(days=9)) for track in tracks[50 : 50 + _SINGLES]]
        entries.sort(key=_when)
        return MadeList(FAVOURITES, _when(entries[-1]), tuple(entries), followers=3)

    def _best(self, tracks: Sequence[int]) -> MadeList:
        """Return the list that lies wholly inside the favourites."""
        entries = self._entries(tracks, lambda track: self._heard.day_of(track, 60))
        return MadeList(BEST, _when(entries[-1]), tuple(entries), "only the very best")

    def _summer(self) -> MadeList:
        """Return the list of a summer whose songs have not been heard since."""
        weight = self._heard.between(*HIGH_SUMMER)
        after = self._heard.between(FORGOTTEN_BY, LAST + timedelta(days=1))
        tracks = self._heard.most(34, weight, self._lively & (after == 0))
        entries = self._entries(tracks, lambda track: max(self._heard.day_of(track, 1), HIGH_SUMMER[0]))
        return MadeList(SUMMER, _when(entries[-1]), tuple(entries))

    def _commute(self) -> MadeList:
        """Return the list that was given up when the office closed."""
        early = self._heard.most(40, self._heard.between(_OFFICE_SINCE, _LATER_ON), self._lively)
        fresh = self._lively & ~np.isin(np.arange(self._heard.tracks), early)
        later = self._heard.most(24, self._heard.between(_LATER_ON, OFFICE_CLOSED), fresh)
        days = dict.fromkeys(early, _OFFICE_SINCE) | {n: _LATER_ON + timedelta(days=9 * i) for i, n in enumerate(later)}
        entries = self._entries(days, lambda track: max(self._heard.day_of(track, 1), days[track]))
        return MadeList(COMMUTE, _when(entries[-1]), tuple(entries))

    def _running(self) -> MadeList:
        """Return a list with songs she skips whenever they come, and one added twice."""
        fast = self._lively & self._heard.of("metal", "hiphop", "electronic")
        tracks = self._heard.most(58, self._heard.between(date(2020, 1, 1), LAST), fast)
        entries = self._entries(tracks, lambda track: max(self._heard.day_of(track, 4), date(2019, 4, 2)))
        tired = [of_track(self._items[track], self._heard.first_start(track)) for track in self._tiring.tolist()]
        entries = sorted([*entries, *tired, of_track(self._items[tracks[3]], date(2025, 5, 5))], key=_when)
        return MadeList(RUNNING, _when(entries[-1]), tuple(entries), "170 bpm or more (mostly)")

    def _later(self) -> MadeList:
        """Return songs she meant to hear and never did, and an episode; the last few were put there only lately."""
        never = np.flatnonzero(self._ordinary & (self._heard.starts == 0))
        known = np.isin(self._heard.editions[never], self._heard.editions[self._heard.starts > 0])
        tracks = never[~known][:: max(1, int((~known).sum()) // 48)][:48].tolist()
        days = [date(2024, 1, 20) + timedelta(days=19 * n) for n in range(len(tracks))]
        days[-_NEW:] = [LAST - timedelta(days=3 * n) for n in range(_NEW, 0, -1)]
        entries = [of_track(self._items[track], day) for track, day in zip(tracks, days, strict=True)]
        episode = next(item for item in reversed(self._items) if item.kind == "podcast")
        return MadeList(LATER, LAST - timedelta(days=3), (*entries, of_episode(episode, LAST - timedelta(days=3))))

    def _norway(self) -> MadeList:
        """Return the list of a journey, made in the days before it."""
        among = self._rarer & self._heard.of("rock", "pop", "folk", "german", "indie", "world")
        tracks = self._heard.most(72, self._heard.between(date(2026, 1, 1), date(2026, 7, 25)), among)
        return MadeList(
            "Roadtrip Norge 2026", date(2026, 7, 24), tuple(self._spread(tracks, date(2026, 7, 20), 5)), "with Jonas"
        )

    def _birthday(self) -> MadeList:
        """Return the list of a party, made in an evening."""
        among = self._rarer & self._heard.of("pop", "soul", "electronic", "hiphop")
        tracks = self._heard.most(38, self._heard.between(FIRST, date(2023, 9, 9)), among)
        entries = self._spread(tracks, date(2023, 9, 9), 1)
        return MadeList("Anna wird 40 🎉", date(2023, 9, 16), tuple(entries), followers=11)

    def _spread(self, tracks: Sequence[int], since: date, days: int) -> list[Entry]:
        """Return tracks as entries added within a few days."""
        place = {track: since + timedelta(days=n * days // len(tracks)) for n, track in enumerate(tracks)}
        return self._entries(tracks, place.__getitem__)

    def _dinner(self) -> MadeList:
        """Return calm company for a meal."""
        weight = self._heard.between(date(2022, 1, 1), LAST)
        return self._top("Dinner with friends", 84, weight, self._half & self._heard.of("jazz", "soul", "world"), 6)

    def _focus(self) -> MadeList:
        """Return music to work to."""
        among = self._half & self._heard.of("calm", "classical", "electronic", "jazz")
        return self._top("Focus", 140, self._heard.plays, among, 3)

    def _christmas(self) -> MadeList:
        """Return the songs of December."""
        return self._top("Weihnachten", 45, self._heard.plays, self._heard.of("christmas"), 6)

    def _children(self) -> MadeList:
        """Return a child's songs, with an episode of a show."""
        songs = self._top(CHILDREN, 44, self._heard.plays, self._heard.of("children"), 2)
        story = next(item for item in self._items if item.kind == "podcast")
        entries = (*songs.entries, of_episode(story, CHILD_LISTENS + timedelta(days=900)))
        return MadeList(CHILDREN, max(map(_when, entries)), tuple(sorted(entries, key=_when)))

    def _attic(self, tracks: Sequence[int]) -> MadeList:
        """Return files of her own beside a few songs; nobody knows any more when the first ones were added."""
        files = [of_file(*each, None if n < 2 else date(2020, 12, 27)) for n, each in enumerate(_FILES)]
        songs = [of_track(self._items[track], date(2020, 12, 28)) for track in tracks]
        return MadeList(ATTIC, date(2020, 12, 28), (*files, *songs))


def lists_of(life: Life, heard: Heard) -> tuple[MadeList, ...]:
    """Return the playlists of a life: the same life always has the same."""
    return tuple(_Maker(life, heard).all())


def _when(entry: Entry) -> date:
    """Return the day an entry was added; those of nobody knows when come first."""
    return entry.added or date.min
