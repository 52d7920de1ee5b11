"""A selection: what a page's address says about range, unit, filters and order, and back to an address."""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal, TypeVar
from urllib.parse import urlencode

from core.domain.errors import InvalidInput
from core.domain.filters import Filters
from core.domain.listen import Platform, Source
from core.domain.period import Period

Metric = Literal["plays", "hours"]
DEFAULT_RANGE = "12m"
RELATIVE = {"7d": 7, "30d": 30, "90d": 90}
FILTER_NAMES = (
    *("artist", "album", "track", "genre", "weekday", "hour", "device", "country", "source", "skipped", "shuffle", "q"),
)
GAPS = (10, 20, 30, 60)  # minutes of silence that end a session, to choose from
DEFAULT_GAP = 20
HALF_LIVES = (30, 180, 0)  # days after which a play counts half for an attachment; 0: it always counts whole
DEFAULT_HALF_LIFE = 180
_YEARS = (1900, 2200)  # of ranges in addresses: nobody heard anything outside, and its neighbours stay in the calendar
_MOST_VALUES = 100  # of a filter: results are kept by what an address names, so it cannot name thousands of things
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Selection:
    """What a personal page shows.

    ``range`` is the token in the address (``12m``, ``2025``, ``2025-03``, ``2025-03-02..2025-04-01``, ``all``),
    ``period`` the days it means for this person; ``brush`` narrows every panel but the timeline. ``versus``: the range
    to compare with (``None``: the one before), ``versus_range`` its token. ``gap``: minutes of silence that end a
    session. ``half_life``: days after which a play counts half for an attachment (0: never). ``today``: the local day
    of whoever looks.
    """

    range: str = DEFAULT_RANGE
    period: Period = field(default_factory=Period)
    metric: Metric = "plays"
    filters: Filters = field(default_factory=Filters)
    brush: Period | None = None
    versus_range: str = ""
    versus: Period | None = None
    gap: int = DEFAULT_GAP
    today: date = date.min
    half_life: int = DEFAULT_HALF_LIFE

    @property
    def shown(self) -> Period:
        """Return the period the panels show: the brushed part, or the whole range."""
        return self.brush or self.period

    def params(self) -> dict[str, str]:
        """Return the address parameters that reproduce this selection."""
        made = {"range": self.range, "metric": self.metric, **filter_params(self.filters)}
        if self.brush:
            made["brush"] = range_token(self.brush)
        if self.versus:
            made["vs"] = self.versus_range
        if self.gap != DEFAULT_GAP:
            made["gap"] = str(self.gap)
        if self.half_life != DEFAULT_HALF_LIFE:
            made["half"] = str(self.half_life)
        return made

    def without(self, *names: str) -> "Selection":
        """Return this selection without some of its filters, by their names in the address."""
        kept = {name: value for name, value in filter_params(self.filters).items() if name not in names}
        return replace(self, filters=parse_filters(kept))

    def other(self) -> "Selection | None":
        """Return the same selection over the range to compare with, where one was chosen."""
        if self.versus is None:
            return None
        return replace(
            self, range=self.versus_range, period=self.versus, brush=None, versus=self.period, versus_range=self.range
        )

    def query(self, **changes: str | None) -> str:
        """Return the query string of this selection with ``changes``; ``None`` takes a parameter away."""
        merged: dict[str, str | None] = {**self.params(), **changes}
        return urlencode({key: value for key, value in merged.items() if value is not None})


def parse_selection(params: Mapping[str, str], *, first: date, last: date, today: date | None = None) -> Selection:
    """Return the selection an address asks for; ``first`` and ``last`` are the person's first and last local day.

    ``today`` is the local day of whoever looks; their last day where it is not given.

    Values that make no sense fall back to the defaults: an address is typed and pasted by people.
    """
    token = params.get("range", DEFAULT_RANGE)
    try:
        period = parse_range(token, first=first, last=last)
    except InvalidInput:
        token, period = DEFAULT_RANGE, parse_range(DEFAULT_RANGE, first=first, last=last)
    brush, versus = (_range_or_none(params.get(name, ""), first, last) for name in ("brush", "vs"))
    metric: Metric = "hours" if params.get("metric") == "hours" else "plays"
    gap = _one_of(GAPS, params.get("gap"), DEFAULT_GAP)
    half_life = _one_of(HALF_LIVES, params.get("half"), DEFAULT_HALF_LIFE)
    compared = params["vs"] if versus else ""
    return Selection(
        token, period, metric, parse_filters(params), brush, compared, versus, gap, today or last, half_life
    )


def _one_of(allowed: tuple[int, ...], asked: str | None, default: int) -> int:
    """Return the allowed number an address asks for."""
    return next((number for number in allowed if asked == str(number)), default)


def _range_or_none(token: str, first: date, last: date) -> Period | None:
    """Return the days a range token means; ``None`` for no token and for one that makes no sense."""
    try:
        return parse_range(token, first=first, last=last) if token else None
    except InvalidInput:
        return None


def parse_range(token: str, *, first: date, last: date) -> Period:
    """Return the days a range token means; relative ranges end with the person's last day.

    Raises:
        InvalidInput: the token is none of the forms ``Selection`` names.
    """
    if token == "all":  # noqa: S105 - a range, not a secret
        return Period(first, last + timedelta(days=1))
    if token in RELATIVE:
        return Period(last - timedelta(days=RELATIVE[token] - 1), last + timedelta(days=1))
    if token == "12m":  # noqa: S105
        return Period(_year_before(last + timedelta(days=1)), last + timedelta(days=1))
    try:
        found = _calendar_range(token)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise InvalidInput(
            "This range is not one Playprint knows; use a year like 2025, a month like 2025-03, or two days."
        )
    return found


def _calendar_range(token: str) -> Period | None:
    """Return the days of a year, a month or two days; ``None`` for other forms and for years no music is from."""
    if re.fullmatch(r"\d{4}", token, re.ASCII):
        start, end = date(int(token), 1, 1), date(int(token), 12, 31)
    elif re.fullmatch(r"\d{4}-\d\d", token, re.ASCII):
        start = date(int(token[:4]), int(token[5:]), 1)
        end = date(start.year, start.month, monthrange(start.year, start.month)[1])
    elif re.fullmatch(r"\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d", token, re.ASCII):
        start, end = date.fromisoformat(token[:10]), date.fromisoformat(token[12:])
    else:
        return None
    within = _YEARS[0] <= start.year and end.year < _YEARS[1]
    return Period(start, end + timedelta(days=1)) if within and start <= end else None


def range_token(period: Period) -> str:
    """Return the token of a closed period, the shortest form that says it."""
    start, end = period.start, period.end
    if start is None or end is None:
        return "all"
    if start == date(start.year, 1, 1) and end == date(start.year + 1, 1, 1):
        return f"{start.year}"
    if period == Period.month(start.year, start.month):
        return f"{start:%Y-%m}"
    return f"{start}..{end - timedelta(days=1)}"


def parse_filters(params: Mapping[str, str]) -> Filters:
    """Return the filters of an address; unknown values are left out."""
    return Filters(
        artists=_numbers(params.get("artist", "")),
        albums=_numbers(params.get("album", "")),
        tracks=_numbers(params.get("track", "")),
        weekdays=_numbers(params.get("weekday", ""), 6),
        hours=_numbers(params.get("hour", ""), 23),
        platforms=_named(params.get("device", ""), Platform),
        genres=tuple(sorted(set(_parts(params.get("genre", ""))))[:20]),
        countries=tuple(sorted({c for c in _parts(params.get("country", "").upper()) if re.fullmatch("[A-Z]{2}", c)})),
        sources=_named(params.get("source", ""), Source),
        skipped=_yes_no(params.get("skipped", "")),
        shuffle=_yes_no(params.get("shuffle", "")),
        search=params.get("q", "").strip()[:200],
    )


def filter_params(filters: Filters) -> dict[str, str]:
    """Return the address parameters of the filters that are set."""
    words = {True: "yes", False: "no", None: ""}
    made = {
        "artist": ",".join(map(str, filters.artists)),
        "album": ",".join(map(str, filters.albums)),
        "track": ",".join(map(str, filters.tracks)),
        "weekday": ",".join(map(str, filters.weekdays)),
        "hour": ",".join(map(str, filters.hours)),
        "device": ",".join(p.name.lower() for p in filters.platforms),
        "genre": ",".join(filters.genres),
        "country": ",".join(filters.countries),
        "source": ",".join(s.name.lower() for s in filters.sources),
        "skipped": words[filters.skipped],
        "shuffle": words[filters.shuffle],
        "q": filters.search,
    }
    return {name: value for name, value in made.items() if value}


def with_item(filters: Filters, kind: str, item_id: int) -> Filters:
    """Return the filters narrowed to one artist, album or track."""
    if kind == "artist":
        return replace(filters, artists=(item_id,))
    return replace(filters, albums=(item_id,)) if kind == "album" else replace(filters, tracks=(item_id,))


def _year_before(day: date) -> date:
    """Return the same day a year earlier; the 29th of February becomes the 28th."""
    return date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def _parts(text: str) -> Iterable[str]:
    """Return the comma-separated parts that are not blank."""
    return (part.strip() for part in text.split(",") if part.strip())


def _numbers(text: str, most: int = 2**31 - 1) -> tuple[int, ...]:
    """Return the distinct whole numbers 0..``most`` of a comma-separated text, ascending, the lowest few of them."""
    found = {int(part) for part in _parts(text) if part.isascii() and part.isdigit() and len(part) <= 10}
    return tuple(sorted(number for number in found if number <= most)[:_MOST_VALUES])


def _named(text: str, words: type[_T]) -> tuple[_T, ...]:
    """Return the members of an enumeration whose names a comma-separated text holds."""
    members: dict[str, _T] = words.__members__  # type: ignore[attr-defined]
    return tuple(sorted({members[part.upper()] for part in _parts(text) if part.upper() in members}))  # type: ignore[type-var]


def _yes_no(text: str) -> bool | None:
    """Return True for ``yes``, False for ``no``, else None."""
    return {"yes": True, "no": False}.get(text)
