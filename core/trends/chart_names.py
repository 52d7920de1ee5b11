"""What the name of a chart file says: whose chart it is, of which days, and what people may say instead by hand."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from core.domain.errors import InvalidInput
from core.domain.trends import WORLD, Window

# Countries by their letters in ISO 3166-1, and XK; a test holds them to data/world/countries.txt.
_LETTERS = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY
    BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK
    FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR
    IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK
    ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
    PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF
    TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""
COUNTRIES = frozenset(_LETTERS.split())
_WORLD = {"global", "world", "worldwide", WORLD.lower()}
_ALIASES = {"uk": "GB"}
_WINDOWS: dict[str, Window] = {
    **dict.fromkeys(("daily", "day"), "day"),
    **dict.fromkeys(("weekly", "week"), "week"),
    **dict.fromkeys(("monthly", "month"), "month"),
    **dict.fromkeys(("yearly", "year", "annual"), "year"),
    **dict.fromkeys(("alltime", "overall"), "all"),
}
_DAY = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")
_MONTH = re.compile(r"(?<!\d)(\d{4})-(\d\d)(?!\d)")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


@dataclass(frozen=True, slots=True)
class Named:
    """What a file's name says; blank or None: nothing."""

    region: str = ""
    window: Window | None = None
    day: date | None = None


def read_name(name: str) -> Named:
    """Return what a file's name says: a region beside its date, a window in words, the date of its last day.

    A month (``2026-08``) or a year stands for its last day where the name says "monthly" or "yearly".

    Raises:
        InvalidInput: the date in it is none of the calendar.
    """
    stem = re.sub(r"(?i)\.(csv|tsv|txt)$", "", name)
    window = next((_WINDOWS[word] for word in _words(stem) if word in _WINDOWS), None)
    found = _DAY.search(stem)
    if found is None and window == "month":
        found = _MONTH.search(stem)
    if found is None and window == "year":
        found = _YEAR.search(stem)
    if found is None:
        return Named(_region(_words(stem)[::-1], whole=True), window)
    before, after = _words(stem[: found.start()]), _words(stem[found.end() :])
    return Named(_region(before[::-1]) or _region(after), window, _last_day(*map(int, found.groups())))


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


def _region(words: list[str], *, whole: bool = False) -> str:
    """Return the region the nearest word names; window words do not count. ``whole``: only ever the world."""
    near = next((word for word in words if word not in _WINDOWS), "")
    if near in _WORLD:
        return WORLD
    letters = _ALIASES.get(near, near).upper()
    return letters if letters in COUNTRIES and not whole else ""


def _last_day(year: int, month: int = 0, day: int = 0) -> date:
    """Return a date; the last day of a month or a year where no day or month is given."""
    try:
        found = date(year, month or 12, day or 1)
        found = found if day else (found + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    except (ValueError, OverflowError):
        found = date.min
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        said = f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if day else "")
        raise InvalidInput(f"The name says {said}, which is no date; name the file after the last day of its chart.")
    return found


def read_region(given: str) -> str:
    """Return the region somebody typed: two letters of a country, or ZZ for "global".

    Raises:
        InvalidInput: there is no such country.
    """
    word = given.strip()
    if word.lower() in _WORLD:
        return WORLD
    letters = _ALIASES.get(word.lower(), word).upper()
    if letters not in COUNTRIES:
        raise InvalidInput(f"“{word[:20]}” is no country; use its two letters (DE, US …) or “global”.")
    return letters


def stretch(window: Window, day: date) -> tuple[date, date]:
    """Return the first day and the first day after of the chart whose last day is ``day``.

    A week is the seven days that end with it; a month or a year the calendar's that holds it; "all" is told by its
    last day alone.
    """
    if window == "week":
        return day - timedelta(days=6), day + timedelta(days=1)
    if window == "month":
        return day.replace(day=1), (day.replace(day=1) + timedelta(days=31)).replace(day=1)
    if window == "year":
        return date(day.year, 1, 1), date(day.year + 1, 1, 1)
    return day, day + timedelta(days=1)
