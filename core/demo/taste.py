"""What the invented person likes when: artists met over the years, binged, kept or forgotten."""

import re
from datetime import date

import numpy as np
from numpy.typing import NDArray

from core.demo import leaders
from core.demo.calendar import CHILD_LISTENS, FIRST, LAST
from core.demo.catalogue import Catalogue
from core.demo.genres import GROUPS, fondness, group_of

Floats = NDArray[np.float64]

_DAYS = (LAST - FIRST).days
_CHRISTMAS = re.compile(
    r"christmas|weihnacht|x-?mas|santa|sleigh|jingle|noel|noël|mistletoe|let it snow|silent night|holy night"
)
_KNOWN_BEFORE = 0.24  # share of the artists the person brings along
_HOTTEST = 2.5  # no fever takes over the life: that is for its turns
_TRIED, _TRIED_DAYS = 2.0, 7  # whoever is met is given a try, liked in the end or not
NEVER = 10**6


class Taste:
    """Weights of every track at any moment of the life. Days count from the first day of the life.

    ``festive``, ``for_children`` and ``ordinary`` tell per track when it may be played at all.
    """

    def __init__(self, catalogue: Catalogue, rng: np.random.Generator) -> None:
        self._of_track, self._album = catalogue.track_artist, catalogue.track_album
        self._rng = rng
        self.group = np.array([group_of(*each) for each in zip(catalogue.genres, catalogue.countries, strict=True)])
        self._apart = apart = np.isin(self.group, [GROUPS.index("children"), GROUPS.index("christmas")])
        festive = np.array([bool(_CHRISTMAS.search(title.lower())) for title in catalogue.tracks])
        self.festive = festive | (self.group[self._of_track] == GROUPS.index("christmas"))
        self.for_children = self.group[self._of_track] == GROUPS.index("children")
        self.ordinary = ~(self.festive | apart[self._of_track])
        self._released = released = np.array([_release(int(year)) for year in catalogue.album_year])
        self.met = self._meetings(_first(released, catalogue.album_artist, len(catalogue.artists)))
        self.album_met = self._album_meetings(released, catalogue.album_artist)
        self._characters(len(catalogue.artists))
        self._popularity = self._hits(catalogue)
        songs = np.bincount(self._of_track[self.ordinary], minlength=len(catalogue.artists))
        self.leaders = leaders.drawn(self.met, self._liking * ~apart, songs, rng)

    def _meetings(self, released: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the day each artist is met first; 0 for those known before."""
        met = np.zeros(len(released), dtype=np.int64)
        weeks = np.arange(0, _DAYS - 60, 7)
        liking = np.array([fondness(FIRST.year + 0.84 + day / 365.25) for day in weeks])
        for n, group in enumerate(self.group):
            chances = liking[:, group] ** 1.5 + 0.08
            met[n] = self._rng.choice(weeks, p=chances / chances.sum()) + self._rng.integers(0, 7)
        met[self._rng.random(len(met)) < _KNOWN_BEFORE] = 0
        met[self.group == GROUPS.index("christmas")] = 0
        met[self.group == GROUPS.index("children")] = (CHILD_LISTENS - FIRST).days
        late = self._rng.integers(0, 150, len(met))
        return np.asarray(np.where(released > met, released + late, met))

    def _album_meetings(self, released: NDArray[np.int64], artist: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the day each album is met: the first one out with the artist, others later, new ones when out."""
        met = self.met[artist]
        first, order = np.zeros(len(artist), dtype=bool), np.lexsort((released, artist))
        first[order[np.unique(artist[order], return_index=True)[1]]] = True
        wait = np.where(first, 0, self._rng.exponential(110, len(artist))).astype(np.int64)
        wait = np.where((met == 0) & (self._rng.random(len(artist)) < 0.6), 0, wait)
        out = np.where(released > 0, released + self._rng.integers(0, 90, len(artist)), 0)
        return np.asarray(np.maximum(met + wait, out))

    def _characters(self, artists: int) -> None:
        """Draw how each artist is taken up: how much, how fast the first fever falls, what stays of it."""
        role = self._rng.choice(4, artists, p=[0.10, 0.38, 0.34, 0.18])  # favourite, regular, fad, passer-by
        self._liking = np.exp(self._rng.normal(0, 0.6, artists)) * np.array([1.8, 1.0, 0.9, 0.3])[role]
        self._stays = np.array([0.55, 0.20, 0.012, 0.10])[role]
        self._fades = np.array([6000.0, 1500.0, 400.0, 900.0])[role]
        fever = self._rng.gamma(3.0, 0.6, artists) * np.array([1.4, 1.0, 2.2, 0.4])[role]
        self._fever = np.minimum(fever, _HOTTEST)
        self._cools = self._rng.uniform(14, 75, artists)
        again = self.met + self._rng.integers(400, 1600, artists)
        self._again = np.where(self._rng.random(artists) < 0.3, again, NEVER)

    def _hits(self, catalogue: Catalogue) -> Floats:
        """Return how much each track is liked among its artist's; an artist's tracks sum to 1."""
        liked = np.exp(self._rng.normal(0, 0.55, len(catalogue.tracks)))
        total = np.bincount(self._of_track, weights=liked, minlength=len(catalogue.artists))
        return np.asarray(liked / total[self._of_track])

    def artists(self, day: int) -> Floats:
        """Return the weight of each artist on a day: 0 before they are met."""
        age = day - self.met
        known = age >= 0
        age = np.maximum(age, 0)
        fresh = np.where(self.met == 0, 0.0, self._fever * np.exp(-age / self._cools))
        tried = np.where((self.met == 0) | ~known | self._apart, 0.0, _TRIED * np.exp(-age / _TRIED_DAYS))
        later = day - self._again
        revived = np.where((later >= 0) & (later < 120), 1.5 * np.exp(-np.maximum(later, 0) / 30), 0.0)
        stays = self._stays * np.exp(-age / self._fades)
        level = fondness(FIRST.year + 0.84 + day / 365.25)[self.group]
        return self._led(np.where(known, self._liking * (stays + fresh + revived), 0.0) * level + tried, day)

    def _led(self, weights: Floats, day: int) -> Floats:
        """Return the weights of a day with those of its leaders raised, and none for artists that were given up."""
        leading = self.leaders.on(day)
        weights[~self.knows(day)] = weights[leading] = 0.0
        theirs = self.leaders.weights[leading]
        weights[leading] = theirs / theirs.sum() * weights.sum() * leaders.SHARE / (1 - leaders.SHARE)
        return weights

    def knows(self, day: int) -> NDArray[np.bool_]:
        """Return which artists have been met by a day and not been given up."""
        known: NDArray[np.bool_] = self.met <= day
        known[[artist for artist, since in self.leaders.stopped.items() if day >= since]] = False
        return known

    def tracks(self, day: int) -> Floats:
        """Return the weight of each track on a day; Christmas and children's music have none here."""
        age = day - self.album_met
        newness = np.where(age < 0, 0.0, 1 + 3.0 * np.exp(-np.maximum(age, 0) / 35))[self._album]
        return np.asarray(self.artists(day)[self._of_track] * newness * self._popularity * self.ordinary)

    def around(self, day: int) -> Floats:
        """Return the weight of each track a radio may play: of all artists met by then, what is out by then."""
        out = self._released <= day
        level = fondness(FIRST.year + 0.84 + day / 365.25)[self.group]
        known = (level * self.knows(day))[self._of_track]
        return np.asarray(self._popularity * self.ordinary * known * out[self._album])


def _first(released: NDArray[np.int64], artist: NDArray[np.int64], artists: int) -> NDArray[np.int64]:
    """Return the earliest release of each artist; ``NEVER`` for one without an album."""
    earliest = np.full(artists, NEVER, dtype=np.int64)
    np.minimum.at(earliest, artist, released)
    return earliest


def _release(year: int) -> int:
    """Return the day from which an album may be heard.

    The catalogue knows years alone: an album of the life's own years waits for the December of its year,
    so that nothing is heard before it was out.
    """
    return 0 if year < FIRST.year else (date(year, 12, 1) - FIRST).days
