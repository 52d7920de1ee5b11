"""Who else a title says is on a track: "Song (feat. A & B)"; names with "&" in them stay whole where they are known."""

import re
from collections.abc import Callable, Iterator

from core.domain.names import ZERO_WIDTH, clean, name_key

MOST_GUESTS = 20
LONGEST_TITLE = 500  # characters; beyond it is no title, and patterns take their time
# What announces guests, in the languages of titles. "with" and its kin only in small letters at the start of a bracket:
# "(With or Without You)" is a title. Outside of brackets "feat" without its point may be a feat.
_WORDS = r"feat|ft|featuring|con\s+la\s+participaci[oó]n\s+de|avec\s+la\s+participation\s+de"
_WITHS = r"with|con|avec|mit|met|com|med"
_HINT = re.compile(rf"[(\[]\s*(?:{_WORDS}|{_WITHS})\b|\s(?:{_WORDS})\b|[(\[]w/", re.IGNORECASE)
_BRACKET = re.compile(
    rf"[(\[]\s*(?:(?:{_WORDS})\b\.?:?|(?P<with>(?:{_WITHS})\b|w/))\s+(?P<names>[^()\[\]]+?)\s*[)\]]", re.IGNORECASE
)
_INSIDE = re.compile(rf"[(\[][^()\[\]]*?\s(?:{_WORDS})\b\.?:?\s+(?P<names>[^()\[\]]+?)\s*[)\]]", re.IGNORECASE)
_OPEN = re.compile(
    r"\s(?:(?:-\s+)?(?:feat|ft)\.|-\s+(?:feat|ft)\b|featuring\b):?\s+(?P<names>[^()\[\]]+?)\s*(?:\s-\s|[(\[]|$)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"(\s*[,;]\s*(?:(?:&|and)\s+)?|\s+(?:&|\+|[Aa]nd|AND|x|×|und|et|y|e|och|with)\s+|\s+/\s+)")
# In a "with" bracket these are no people: "(with Strings)".
_NOBODY = re.compile(
    r"(?:you|me|my|your|love|all|strings|orchestra|choir|chorus|band|vocals|commentary|intro|outro|lyrics|bonus|piano|"
    r"tu|te|ti|mi|moi|toi|dir|mir|dich)\b",
    re.IGNORECASE,
)
_TAIL = re.compile(r"\s+-\s+.*$|\s+(?:remix|version|edit|mix)$", re.IGNORECASE)
_TRIM = f" \t.,;:-–—'\"{ZERO_WIDTH}"


def hinted(title: str) -> bool:
    """Return whether a title may name guests: cheap, for millions of titles."""
    if len(title) > LONGEST_TITLE or not ("(" in title or "[" in title or "f" in title or "F" in title):
        return False
    return _HINT.search(title) is not None


def announced(title: str) -> tuple[str, ...]:
    """Return the texts of a title that name guests, as they stand there: ``A & B`` of ``Song (feat. A & B)``."""
    found, title = [], title[:LONGEST_TITLE]
    for match in _BRACKET.finditer(title):
        names = match["names"]
        if match["with"] and (not match["with"].islower() or _NOBODY.match(names) or names[:1].islower()):
            continue
        found.append(names)
    if not found:
        found = [match["names"] for pattern in (_INSIDE, _OPEN) for match in pattern.finditer(title)][:1]
    return tuple(text for name in found if (text := _TAIL.sub("", name).strip(_TRIM)))


def wholes(text: str) -> Iterator[str]:
    """Yield every name that may stand in a text of guests: each part, and neighbouring parts with what joins them."""
    pieces = _pieces(text)
    for first in range(0, len(pieces), 2):
        for last in range(first, len(pieces), 2):
            yield "".join(pieces[first : last + 1])


def guests(text: str, known: Callable[[str], bool]) -> list[str]:
    """Return the names in a text of guests; ``known`` tells whether somebody is called so.

    From the left the longest run of parts that is somebody's name is one name ("Earth, Wind & Fire"). "X & The Y" is
    one band unless both are known. Everything else is as many names as it has parts.
    """
    pieces, found, first = _pieces(text), [], 0
    while first < len(pieces):
        last = next(at for at in range(len(pieces) - 1, first - 1, -1) if _one(pieces, first, at, known))
        found.append("".join(pieces[first : last + 1]))
        first = last + 2
    names: dict[str, str] = {}
    for name in (clean(text.strip(_TRIM)) for text in found):
        if name:
            names.setdefault(name_key(name), name)
    return list(names.values())[:MOST_GUESTS]


def _one(pieces: list[str], first: int, last: int, known: Callable[[str], bool]) -> bool:
    """Return whether the parts from ``first`` to ``last`` are one name."""
    if first == last or last % 2 != first % 2:
        return first == last
    if known("".join(pieces[first : last + 1])):
        return True
    joined, second = pieces[first + 1].strip().casefold(), pieces[last].casefold()
    band = last == first + 2 and joined in ("&", "+", "and") and second.startswith(("the ", "his ", "her "))
    return band and not (known(pieces[first]) and known(pieces[last]))


def _pieces(text: str) -> list[str]:
    """Return parts and what stands between them, in turn; a long list is cut."""
    pieces = _BETWEEN.split(text.strip(_TRIM))
    return [piece for piece in pieces if piece][: 2 * MOST_GUESTS - 1]
