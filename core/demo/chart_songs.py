"""The songs an invented world may listen to: who sings them, when they come out, how they are taken up."""

import re
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from core.demo.catalogue import Catalogue
from core.domain.names import name_key, recording_key, recording_title

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]

SEED = 20221114
CYCLE = 1826  # days after which an album has its anniversary and comes round again: five years
HIT, FILLER, SLEEPER, SUMMER = range(4)
_CHRISTMAS = re.compile(
    r"christmas|weihnacht|x-?mas|santa|sleigh|jingle|noel|noël|mistletoe|let it snow|silent night|holy night|navidad"
)
_SHORTEST_MS = 75_000  # what is shorter is an introduction
_EVERGREENS = 90
LASTING, _LASTING_MOST = 0.025, 0.09  # what an evergreen keeps of a world-wide hit, from and to
_MOST = 1.15  # how large the largest hit gets
# How many people a genre reaches; one that is not named here reaches few.
_REACH = {
    "pop": 1.0, "hip-hop": 0.85, "latin": 1.1, "k-pop": 1.0, "r&b": 0.7, "afrobeat": 0.6, "country": 0.35,
    "j-pop": 0.45, "singer-songwriter": 0.3, "rock": 0.35, "alternative": 0.3, "indie rock": 0.25, "soul": 0.3,
    "disco": 0.4, "funk": 0.3, "house": 0.3, "electronic": 0.25, "synth-pop": 0.35, "reggae": 0.35, "metal": 0.2,
    "punk": 0.15, "folk": 0.15, "schlager": 0.12, "chanson": 0.15, "trip-hop": 0.12, "world": 0.1, "blues": 0.06,
    "jazz": 0.05, "techno": 0.06, "shoegaze": 0.06, "bossa nova": 0.08, "children": 0.2, "soundtrack": 0.04,
    "classical": 0.02, "ambient": 0.03, "post-rock": 0.02, "christmas": 0.25,
}  # fmt: skip
# Songs that come back every Christmas, by how large they get; the others are small.
_LOVED = {
    ("Mariah Carey", "All I Want for Christmas Is You"): 1.7,
    ("Wham!", "Last Christmas"): 1.5,
    ("Brenda Lee", "Rockin' Around the Christmas Tree"): 1.1,
    ("Bobby Helms", "Jingle Bell Rock"): 1.0,
    ("Michael Bublé", "It's Beginning to Look a Lot Like Christmas"): 0.9,
    ("José Feliciano", "Feliz Navidad"): 0.75,
    ("Kelly Clarkson", "Underneath the Tree"): 0.7,
    ("Dean Martin", "Let It Snow! Let It Snow! Let It Snow!"): 0.7,
    ("Michael Bublé", "Holly Jolly Christmas"): 0.6,
    ("Nat King Cole", "The Christmas Song (Merry Christmas to You)"): 0.55,
    ("Chris Rea", "Driving Home for Christmas"): 0.55,
    ("Shakin' Stevens", "Merry Christmas Everyone"): 0.5,
    ("Band Aid", "Do They Know It's Christmas?"): 0.45,
    ("Bing Crosby", "White Christmas"): 0.45,
    ("Darlene Love", "Christmas (Baby Please Come Home)"): 0.4,
    ("Vince Guaraldi Trio", "Christmas Time Is Here (Vocal)"): 0.3,
    ("Rolf Zuckowski", "In der Weihnachtsbäckerei"): 0.12,
}
_FEW = 0.12  # of other songs of Christmas, at most


@dataclass(frozen=True, eq=False)
class Songs:
    """Every recording of a catalogue once, as columns in the order of artists, then albums.

    ``artist`` and ``album`` index the catalogue; ``out`` is the Monday (days since year 1) of the week of its release,
    ``strength`` how large it may get (1 is a world-wide hit), ``lasting`` what stays of it at any time, ``way`` how it
    is taken up (``HIT`` …), ``festive`` whether it belongs to Christmas.
    """

    names: list[str]
    artist: Integers
    album: Integers
    out: Integers
    strength: Floats
    lasting: Floats
    way: Integers
    festive: Bools


def songs_of(catalogue: Catalogue) -> Songs:
    """Return the songs of a catalogue with their invented fates; the same catalogue always gives the same."""
    rng = np.random.default_rng(SEED)
    kept, known = _recordings(catalogue)
    artist, album = catalogue.track_artist[kept], catalogue.track_album[kept]
    names = [recording_title(catalogue.tracks[track]) for track in kept]
    festive = _festive(catalogue)[kept]
    lead, way, summer = _ways(catalogue, album, known, rng)
    strength = _strengths(catalogue, rng)[album] * np.exp(rng.normal(0, 0.2, len(kept)))
    strength *= np.where(lead, 1.0, np.where(way == FILLER, rng.uniform(0.25, 0.55, len(kept)), 0.7))
    strength = _MOST * (1 - np.exp(-strength / _MOST))
    lasting = _lasting(catalogue, album, strength, lead & ~festive, rng)
    loved = [_LOVED.get((catalogue.artists[who], name), 0.0) for who, name in zip(artist, names, strict=True)]
    season = np.maximum(loved, rng.uniform(0.01, _FEW, len(kept)))
    out = _released(catalogue, album, summer, rng)
    return Songs(names, artist, album, out, np.where(festive, season, strength), lasting, way, festive)


def reach(genres: tuple[str, ...]) -> float:
    """Return how many people an artist's genres reach, 0 to about 1: the first counts most; children are few."""
    known = [_REACH.get(genre, 0.05) for genre in genres] or [0.05]
    return (0.8 * known[0] + 0.2 * max(known)) * (0.1 if "children" in genres else 1.0)


def monday(day: Integers) -> Integers:
    """Return the Monday of each day's week; days count from year 1, as ``date.toordinal`` does."""
    return day - (day - 1) % 7


def _recordings(catalogue: Catalogue) -> tuple[Integers, Bools]:
    """Return one track for each recording, the first, and which are well known: on several albums, or naming theirs.

    Introductions are left out.
    """
    first: dict[bytes, int] = {}
    known = np.zeros(len(catalogue.tracks), dtype=bool)
    of = zip(catalogue.tracks, catalogue.track_artist.tolist(), catalogue.track_album.tolist(), strict=True)
    for track, (title, artist, album) in enumerate(of):
        if catalogue.track_ms[track] >= _SHORTEST_MS:
            before = first.setdefault(recording_key(catalogue.artists[artist], title), track)
            known[before] |= before != track or name_key(title) == name_key(catalogue.albums[album])
    kept = np.array(sorted(first.values()))
    return kept, known[kept]


def _festive(catalogue: Catalogue) -> Bools:
    """Return which tracks belong to Christmas: by their title, their album's, or an artist who sings of nothing else.

    An artist of Christmas may have other albums: those without a word of it are not festive.
    """
    title = np.array([bool(_CHRISTMAS.search(each.lower())) for each in catalogue.tracks])
    album = np.array([bool(_CHRISTMAS.search(each.lower())) for each in catalogue.albums])
    singer = np.array(["christmas" in genres for genres in catalogue.genres])
    theirs = singer[catalogue.album_artist]
    album |= theirs & (np.bincount(catalogue.track_album, weights=title, minlength=len(album)) > 0)
    some = np.bincount(catalogue.album_artist, weights=album, minlength=len(singer)) > 0
    album |= theirs & ~some[catalogue.album_artist]
    return np.asarray(title | album[catalogue.track_album])


def _strengths(catalogue: Catalogue, rng: np.random.Generator) -> Floats:
    """Return how large each album may get: by its artist's genres, time and luck, and by its own year and luck."""
    reached = np.array([reach(genres) for genres in catalogue.genres])
    first = np.full(len(reached), 3000)
    np.minimum.at(first, catalogue.album_artist, catalogue.album_year)
    fame = reached * (0.3 + 0.7 / (1 + np.exp((1998 - first) / 4))) * np.exp(rng.normal(0, 0.25, len(reached)))
    luck = np.exp(rng.normal(0, 0.3, len(catalogue.albums)))
    return np.asarray(1.3 * fame[catalogue.album_artist] * _youth(catalogue) * luck)


def _youth(catalogue: Catalogue) -> Floats:
    """Return what the year of each album does to its reach: old ones have less of it."""
    return np.asarray(0.3 + 0.7 / (1 + np.exp((2009 - catalogue.album_year) / 3)))


def _ways(
    catalogue: Catalogue, album: Integers, known: Bools, rng: np.random.Generator
) -> tuple[Bools, Integers, Bools]:
    """Return which songs lead their album, how each is taken up, and which albums come out before summer."""
    draw = rng.random(len(album)) + known
    best = np.zeros(len(catalogue.albums))
    np.maximum.at(best, album, draw)
    lead = draw == best[album]
    way = rng.choice([HIT, SLEEPER, SUMMER], len(album), p=[0.68, 0.2, 0.12])
    second = ~lead & (rng.random(len(album)) < 0.2)
    way = np.where(lead, way, np.where(second, SLEEPER, FILLER))
    summer = np.zeros(len(catalogue.albums), dtype=bool)
    summer[album[way == SUMMER]] = True
    return lead, way, summer


def _released(catalogue: Catalogue, album: Integers, summer: Bools, rng: np.random.Generator) -> Integers:
    """Return the Monday of each song's week of release: a day in its album's year, in spring for a summer's song."""
    first = np.array([date(int(year), 1, 1).toordinal() for year in catalogue.album_year])
    day = np.where(summer, rng.integers(125, 165, len(first)), rng.integers(7, 330, len(first)))
    return monday((first + day)[album])


def _lasting(
    catalogue: Catalogue, album: Integers, strength: Floats, likely: Bools, rng: np.random.Generator
) -> Floats:
    """Return what stays of each song at any time: much of a few old ones, little of all others."""
    old = (catalogue.album_year[album] <= 2016) & likely
    loved = np.where(old, strength / _youth(catalogue)[album], 0.0)
    stays = 0.012 * strength
    evergreen = np.argsort(-loved, kind="stable")[:_EVERGREENS]
    stays[evergreen] = np.exp(rng.uniform(np.log(LASTING), np.log(_LASTING_MOST), len(evergreen)))
    return np.asarray(stays)
