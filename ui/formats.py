"""Numbers, durations and days as text: thin spaces, real minus signs, units that fit the size."""

import re
from datetime import date, datetime, timedelta

from core.domain.period import Period

THIN = "\u202f"
MINUS = "\u2212"
COMMA_LOCALES = {"de", "fr", "es", "it", "pt", "nl", "sv", "nb", "nn", "no", "da", "fi", "pl", "cs", "ru", "uk", "tr"}


def number(value: float, *, decimals: int = 0, locale: str = "en") -> str:
    """Return a number with thin spaces between thousands and the locale's decimal sign."""
    text = f"{abs(value):,.{decimals}f}".replace(",", THIN)
    if locale.split("-")[0].lower() in COMMA_LOCALES:
        text = text.replace(".", ",")
    return f"{MINUS}{text}" if value < 0 and text.strip("0.,") else text


def amount(value: float, *, locale: str = "en") -> str:
    """Return a count in few letters: ``31.4 M``, ``840 k``, ``9 500``."""
    for size, sign in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size * (10 if size == 1e3 else 1):
            decimals = 1 if abs(value) < size * 100 else 0
            return f"{number(value / size, decimals=decimals, locale=locale)}{THIN}{sign}"
    return number(value, locale=locale)


def hours(ms: float, *, locale: str = "en") -> str:
    """Return a listening time of ``ms`` milliseconds in hours, with one decimal below ten."""
    value = ms / 3_600_000
    return f"{number(value, decimals=1 if 0 < value < 10 else 0, locale=locale)}{THIN}h"


def duration(ms: float) -> str:
    """Return a length of ``ms`` milliseconds as ``3 h 12 min``, ``4 min 5 s`` or ``12 s``."""
    seconds = round(ms / 1000)
    if seconds >= 3600:
        return f"{number(seconds // 3600)}{THIN}h {seconds % 3600 // 60}{THIN}min"
    if seconds >= 60:
        return f"{seconds // 60}{THIN}min {seconds % 60}{THIN}s"
    return f"{seconds}{THIN}s"


def share(value: float, *, locale: str = "en") -> str:
    """Return a share 0..1 in per cent, with one decimal below ten."""
    percent = value * 100
    if 0 < percent < 0.05:
        return f"under {number(0.1, decimals=1, locale=locale)}{THIN}%"
    return f"{number(percent, decimals=1 if 0 < percent < 9.95 else 0, locale=locale)}{THIN}%"


def change(now: float, before: float | None) -> str:
    """Return the relative change as ``+9 %``; empty where nothing was there to compare with."""
    if not before:
        return ""
    percent = round((now - before) / before * 100)
    return f"{'+' if percent > 0 else MINUS if percent < 0 else '±'}{number(abs(percent))}{THIN}%"


def day(value: date) -> str:
    """Return a day as ``3 Mar 2025``."""
    return f"{value.day} {value:%b %Y}"


def moment(value: datetime) -> str:
    """Return a local moment as ``3 Mar 2025, 14:05``."""
    return f"{day(value.date())}, {value:%H:%M}"


def days(period: Period) -> str:
    """Return a closed period in the fewest words: a year, a month, or its first and last day."""
    start, end = period.start, period.end
    if start is None or end is None:
        return "all time"
    last = end - timedelta(days=1)
    if period == Period.year(start.year):
        return str(start.year)
    if period == Period.month(start.year, start.month):
        return f"{start:%B %Y}"
    if start == last:
        return day(start)
    if start.year == last.year:
        return f"{start.day} {start:%b} – {day(last)}"
    return f"{day(start)} – {day(last)}"


def first_letter(words: str) -> str:
    """Return words as they begin a sentence."""
    return words[:1].upper() + words[1:]


def plural(count: int, word: str, *, locale: str = "en") -> str:
    """Return ``1 play`` or ``2 plays``."""
    return f"{number(count, locale=locale)} {word}{'' if count == 1 else 's'}"


# What becomes an icon, an emoji or a link after markup was read, escaped or not; a joiner of no width keeps it apart.
_LATER = re.compile(r":(?=[\w/])|www(?=\.)|@", re.IGNORECASE)
_TURNING = dict.fromkeys((*range(8234, 8239), *range(8294, 8298)))  # letters that turn the direction of a line


def unmarked(label: str) -> str:
    """Return a foreign text with nothing in it that Streamlit's own labels would take for markup."""
    plain = " ".join(label.translate(_TURNING).split())
    whole = _LATER.sub("\\g<0>\u2060", plain)
    return "".join(f"\\{c}" if c in "\\`*_{}[]()#+-!$:~<>|" else c for c in whole)
