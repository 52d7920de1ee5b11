"""Who is credited on a chart of songs: joined names taken apart, and the chart of artists that follows from it."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from core.domain.names import name_key
from core.domain.trends import Entry, Snapshot

JOINT = ", "
# Artists whose own name holds the joint.
WHOLE = frozenset(
    map(
        name_key,
        (
            *("Tyler, The Creator", "Earth, Wind & Fire", "Black Country, New Road", "Slaughter Beach, Dog"),
            *("Crosby, Stills & Nash", "Crosby, Stills, Nash & Young", "Crosby, Stills, Nash and Young"),
            *("Blood, Sweat & Tears", "Blood, Sweat and Tears", "Peter, Paul and Mary", "Peter, Paul & Mary"),
            *("Emerson, Lake & Palmer", "Emerson, Lake and Palmer", "Emerson, Lake & Powell"),
            *("The Good, The Bad & The Queen", "Dave Dee, Dozy, Beaky, Mick & Tich", "Bell, Book & Candle"),
            *("Hamilton, Joe Frank & Reynolds", "Anderson, Bruford, Wakeman & Howe", "Ray, Goodman & Brown"),
            *("Medeski, Martin & Wood", "Lambert, Hendricks & Ross", "Beck, Bogert & Appice"),
            *("West, Bruce & Laing", "Ashton, Gardner & Dyke", "Up, Bustle & Out", "Now, Now", "Oh, Sleeper"),
            *("Invent, Animate", "I, The Breather", "Grover Washington, Jr.", "Harry Connick, Jr."),
            *("Hank Williams, Jr.", "Sammy Davis, Jr.", "Ray Parker, Jr."),
        ),
    )
)


def split_artists(names: str, known: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the artists of a joined name ("SZA, Tyler, The Creator" names two), each once, in order.

    ``known``: ``name_key`` of more names that hold the joint and are one artist. The longest name that is known as one
    wins.
    """
    return tuple(name for _, name in _credited(names, known))


@lru_cache(maxsize=65_536)
def _credited(names: str, known: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Return (``name_key``, name) of the artists of a joined name."""
    if JOINT not in names:
        return ((name_key(names), names),)
    parts = [part for part in (piece.strip() for piece in names.split(JOINT)) if part]
    found: dict[str, str] = {}
    at = 0
    while at < len(parts):
        end = next((end for end in range(len(parts), at + 1, -1) if _is_one(parts[at:end], known)), at + 1)
        name = JOINT.join(parts[at:end])
        found.setdefault(name_key(name), name)
        at = end
    return tuple(found.items()) or ((name_key(names), names),)


def _is_one(parts: Sequence[str], known: frozenset[str]) -> bool:
    key = name_key(JOINT.join(parts))
    return key in WHOLE or key in known


def artist_chart(songs: Snapshot, known: frozenset[str] = frozenset()) -> Snapshot | None:
    """Return the chart of artists that follows from a chart of songs; None where no song names its artist.

    Every artist named on a song is credited with all of it: an artist's value is the sum of the values of their songs
    on the chart. Where a song has no value, nobody gets one, and artists are ordered by the sum of 1/rank of theirs.
    Equal ones are ordered by their best song.

    Source: derived here; songs below the end of the chart are not in it, so values are sums over charted songs alone.
    """
    counted = all(song.value is not None for song in songs.entries)
    names: dict[str, str] = {}
    weight: dict[str, float] = {}
    for rank, _, artist, value, *_ in songs.entries:
        share = (value or 0) if counted else 1 / rank
        for key, name in _credited(artist, known) if artist else ():
            if key in weight:
                weight[key] += share
            else:
                names[key], weight[key] = name, share
    if not names:
        return None
    ordered = sorted(weight, key=weight.__getitem__, reverse=True)  # stable: the best song's order breaks ties
    entries = tuple(
        [
            Entry(rank, names[key], "", int(weight[key]) if counted else None)
            for rank, key in enumerate(ordered, start=1)
        ]
    )
    return replace(songs, key=replace(songs.key, kind="artist"), entries=entries, total=None)
