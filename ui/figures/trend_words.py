"""What a chart is called, in words: its kind, its place, its time; and names fit to stand anywhere."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from core.domain.trends import WORLD, Kind, Window
from ui.countries import country_name
from ui.figures.panels_genres import CREDIT

if TYPE_CHECKING:
    from core.services.trends import Settled

KINDS: Mapping[Kind, str] = {"artist": "artists", "track": "songs", "album": "albums", "genre": "genres"}
ONE: Mapping[Kind, str] = {"artist": "artist", "track": "song", "album": "album", "genre": "genre"}
# Countries whose names want an article in a sentence.
_THE = frozenset({"AE", "BS", "CD", "CF", "DO", "FO", "GB", "GM", "KM", "KY", "MH", "MV", "NL", "PH", "SB", "US", "VA"})
_JOINTS = "\u200c\u200d"  # they keep letters apart or together, which changes how a word looks
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})  # control, direction, half letters, private, line ends


def plain(name: str, *, most: int = 80) -> str:
    """Return a foreign name on one line, without letters that are not seen, cut to ``most`` letters."""
    seen = "".join(" " if _unseen(each) else each for each in name)
    whole = " ".join(seen.split()).strip(f"{_JOINTS} ")
    return whole if len(whole) <= most else f"{whole[: most - 1].rstrip()}…"


def in_several(regions: Sequence[str], *, named: int = 3) -> str:
    """Return regions inside a sentence, more than ``named`` as a number: ``France and Peru``, ``5 countries``."""
    if len(regions) > named:
        return f"{len(regions)} countries"
    return listed([in_words(region) for region in regions])


def listed(names: Sequence[str]) -> str:
    """Return names inside a sentence: ``A``, ``A and B``, ``A, B and C``."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def genre_title(name: str) -> str:
    """Return a genre as a sentence begins with it: ``Indie rock``, ``R&B``, ``K-pop``."""
    whole = plain(name).replace("r&b", "R&B")
    return whole[:1].upper() + whole[1:]


def _unseen(letter: str) -> bool:
    return letter not in _JOINTS and unicodedata.category(letter) in _UNSEEN


def place(region: str) -> str:
    """Return where, to stand in a sentence: ``worldwide``, ``in Germany``, ``in the United States``."""
    return "worldwide" if region == WORLD else f"in {in_words(region)}"


def place_name(region: str) -> str:
    """Return the name of a region: a country's, or the world."""
    return "The world" if region == WORLD else country_name(region)


def in_words(region: str) -> str:
    """Return a region inside a sentence: ``the world``, ``Germany``, ``the United States``."""
    return "the world" if region == WORLD else f"{'the ' if region in _THE else ''}{country_name(region)}"


def title(settled: "Settled") -> str:
    """Return what a chart is called: ``Top artists in Germany, week of 5–11 January 2026``."""
    return f"{ranked(settled)}, {when(settled)}"


def ranked(settled: "Settled") -> str:
    """Return what a chart ranks: ``Top artists in Germany``."""
    return f"Top {KINDS[settled.ask.kind]} {place(settled.key.region)}"


def when(settled: "Settled") -> str:
    """Return the time of a chart: ``week of 5–11 January 2026``."""
    return time(settled.key.window, settled.at, settled.until, complete=settled.complete)


def credit(settled: "Settled", *, tags: bool) -> str:
    """Return whose data a chart is; ``tags``: whether genres come from the tags of MusicBrainz's users."""
    genres = settled.derived or settled.ask.genre
    return f"{settled.info.credit}. {CREDIT}" if genres and tags else settled.info.credit


def time(window: Window, first: date, until: date, *, complete: bool = True) -> str:
    """Return the days from ``first`` to before ``until`` in words: ``week of 5–11 January 2026``, ``March 2026``."""
    last = until - timedelta(days=1)
    words = days(first, last)
    if window == "all":
        words = f"all time up to {days(last, last)}"
    elif window == "week" and (last - first).days == 6:
        words = f"week of {words}"
    elif (window, first.day, until.day) == ("month", 1, 1):
        words = f"{first:%B %Y}"
    elif window == "year" and (first.month, first.day, until.month, until.day) == (1, 1, 1, 1):
        words = f"{first:%Y}"
    return words if complete or window == "all" else f"{words} so far"


def days(first: date, last: date) -> str:
    """Return both days and those between in few words: ``5–11 January 2026``, ``30 March – 5 April 2026``."""
    end = f"{last.day} {last:%B %Y}"
    if first >= last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    return f"{first.day} {first:%B}{f' {first.year}' if first.year != last.year else ''} – {end}"
