"""Words for stretches of time and for the artists that made them."""

from collections.abc import Sequence
from datetime import date


def spanned(first: date, last: date) -> str:
    """Return the months from one day to another: ``Mar – Jul 2020``, ``Nov 2019 – Mar 2020``, ``May 2021``."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{last:%b %Y}"
    return f"{first:%b} – {last:%b %Y}" if first.year == last.year else f"{first:%b %Y} – {last:%b %Y}"


def names_of(names: Sequence[str]) -> str:
    """Return names joined for a title: ``Radiohead & Beach House``."""
    return " & ".join(names) or "Many artists"


def listed(words: Sequence[str]) -> str:
    """Return words joined for a sentence: ``a, b and c``."""
    return ", ".join(words[:-1]) + (" and " if len(words) > 1 else "") + words[-1] if words else ""


def percent(share: float) -> str:
    """Return a share 0..1 in whole per cent, ``under 1 %`` where it is less."""
    return f"{round(share * 100)}\u202f%" if share >= 0.01 else "under 1\u202f%"


def lasting(days: int) -> str:
    """Return a number of days in the unit that reads best: ``1 day``, ``45 days``, ``7 months``, ``3 years``."""
    if days >= 730:
        return f"{days // 365} years"
    if days >= 60:
        return f"{days // 30} months"
    return f"{days} day{'' if days == 1 else 's'}"


def prose_of(names: Sequence[str], shares: Sequence[float], outside: Sequence[float]) -> str:
    """Return what artists were to a stretch: ``Radiohead (12 % of plays, 4 % otherwise) and Beach House (…)``."""
    told = [f"{name} ({percent(share)} of plays" for name, share in zip(names, shares, strict=True)]
    others = [f", {percent(other) if other else 'none'} otherwise)" for other in outside] or [")"] * len(names)
    return listed([f"{name}{other}" for name, other in zip(told, others, strict=True)])
