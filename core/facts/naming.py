"""Whether two sources mean the same name: apostrophes, dashes, accents, case and a leading The do not count."""

import re
import unicodedata

from core.domain.names import name_key, recording_title

_AND = re.compile(r"\s*[&+]\s*")
_THE = re.compile(r"^the (?=.)")
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


def credited(credit: str, name: str) -> bool:
    """Return whether a credit such as "Queen & David Bowie" names an artist."""
    return same(credit, name) or any(same(part, name) for part in _BETWEEN.split(name_key(credit)) if part)
