"""Whether two sources mean the same name: apostrophes, dashes, accents, case and a leading The do not count."""

import re
import unicodedata
from collections.abc import Mapping
from uuid import UUID

from core.domain.names import name_key, recording_title

_AND = re.compile(r"\s*[&+]\s*")
_THE = re.compile(r"^the (?!the$)")
# What stands between the artists of a credit.
_BETWEEN = re.compile(r"\s*(?:,|;|/|&|\+|\band\b|\bfeat\b\.?|\bft\b\.?|\bfeaturing\b|\bwith\b|\bx\b|\bvs\b\.?)\s*")


def loose(name: str) -> str:
    """Return the form in which two spellings of a name are equal; never empty for a name with any sign in it."""
    folded = unicodedata.normalize("NFKD", _AND.sub(" and ", name_key(name)))
    kept = "".join(letter if letter.isalnum() else " " for letter in folded if not unicodedata.combining(letter))
    bare = _THE.sub("", " ".join(kept.split())).replace(" ", "")
    return bare or name_key(name)


def same(one: str, other: str) -> bool:
    """Return whether two sources mean the same artist or album."""
    return loose(one) == loose(other)


def same_title(one: str, other: str) -> bool:
    """Return whether two titles mean the same recording: words that name an edition do not count."""
    return loose(recording_title(one)) == loose(recording_title(other))


def artist_of(credit: str, artists: Mapping[UUID, str | None], name: str) -> UUID | None:
    """Return which artist of a credit has a name, None when none has.

    ``artists`` maps ids, in the order of the credit, to names, None where the source does not tell them.
    """
    named = [key for key, known in artists.items() if known and same(known, name)]
    if named:
        return named[0]
    if same(credit, name):
        return next(iter(artists)) if len(artists) == 1 else None
    parts = [part for part in _BETWEEN.split(name_key(credit)) if part]
    if len(parts) != len(artists):
        return None
    return next((key for key, part in zip(artists, parts, strict=True) if same(part, name)), None)
