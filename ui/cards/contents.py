"""What stands on share cards: words, figures and numbers, ready to be drawn; nothing of who they are about."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What every card has: ``title``, ``when`` (the time it is about) and ``note``, a small word on how it was counted."""

    title: str
    when: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a ranking, the first being the largest; ``curve``: its course, any unit, None where nothing is known."""

    name: str
    under: str = ""
    value: str = ""
    curve: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in large letters with the words that say what it is and, smaller, what to hold it against."""

    value: str
    words: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A day of a course that has a name."""

    day: date
    words: str


@dataclass(frozen=True, slots=True)
class Era:
    """A stretch of time with what filled it; ``length``: how long it was against the others, above 0."""

    when: str
    name: str
    under: str = ""
    length: float = 1


@dataclass(frozen=True, slots=True)
class Top:
    """A short ranking beside others: artists, albums or tracks."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingCard(Card):
    """A ranking; as many rows are drawn as the shape has room for: ten, or five."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersCard(Card):
    """Up to seven figures, the first the largest."""

    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveCard(Card):
    """A course through time: ``points`` are days with a value (None: nothing known), ``figure`` what it comes to."""

    points: tuple[tuple[date, float | None], ...]
    marks: tuple[Mark, ...] = ()
    figure: Figure | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockCard(Card):
    """The hours of a day: ``hours`` are 24 values from midnight on, any unit; ``figure`` stands in the middle."""

    hours: tuple[float, ...]
    figure: Figure | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasCard(Card):
    """Stretches of time, the oldest first; at most eight are drawn, the latest."""

    eras: tuple[Era, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCard(Card):
    """A whole year on one card: its largest figure, its course, and what was played most."""

    figure: Figure
    tops: tuple[Top, ...] = ()
    points: tuple[tuple[date, float | None], ...] = ()
    figures: tuple[Figure, ...] = ()
