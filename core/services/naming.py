"""People's names: how they are shown and when two are the same."""

import unicodedata

from core.domain.people import Refused

LONGEST = 40


def name_key(name: str) -> str:
    """Return the comparable form of a name: composed, without case, single spaces."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", " ".join(name.split())).casefold())


def clean_name(name: str) -> str:
    """Return a name as it is shown; raises ``Refused`` (``name``) for one that is empty, too long or unprintable."""
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    if not 1 <= len(name) <= LONGEST or not name.isprintable() or not any(c.isalnum() for c in name):
        raise Refused("name")
    return name


def usable_name(hint: str) -> str:
    """Return a name made of what another service calls somebody: cleaned, shortened, "Listener" for nothing."""
    shown = "".join(c for c in unicodedata.normalize("NFC", hint) if c.isprintable())
    try:
        return clean_name(" ".join(shown.split())[:LONGEST])
    except Refused:
        return "Listener"


def numbered(name: str, number: int) -> str:
    """Return a name with a number behind it, short enough."""
    tail = f" {number}"
    return f"{name[: LONGEST - len(tail)].rstrip()}{tail}"
