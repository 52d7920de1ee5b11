"""Texts fitted into the room there is: smaller, then on more lines, then with an ellipsis."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ui.cards.fonts import Face
from ui.cards.letters import drawable, fitted, ink, width
from ui.cards.plain import clusters, plain

_STEP = 0.94  # how much smaller each try is
_ABOVE, _BELOW = 1.12, 0.42  # how far ink may reach from its base line, in sizes asked for


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set; ``least``: how far it may shrink, as a share; ``wrap``: lines are tried before shrinking."""

    size: int
    face: Face = "sans"
    weight: int = 400
    lines: int = 1
    least: float = 0.75
    wrap: bool = False

    @property
    def leading(self) -> float:
        """Return how far lines stand from each other, in sizes."""
        return 1.12 if self.face == "serif" else 1.22


@dataclass(frozen=True, slots=True)
class Fit:
    """Lines of a text and the size they are set in."""

    lines: tuple[str, ...]
    size: int


@lru_cache(maxsize=2048)
def fit(text: str, most: float, style: Style) -> Fit:
    """Return a text as lines of at most ``most`` pixels."""
    text = drawable(plain(text), style.face)
    if not text:
        return Fit((), style.size)
    smallest = max(10, round(style.size * style.least))
    sizes = list(_sizes(style.size, smallest))
    counts = range(1, style.lines + 1)
    tries = (
        [(count, size) for size in sizes for count in counts]
        if style.wrap
        else [(count, size) for count in counts for size in sizes]
    )
    for count, size in tries:
        lines = _wrapped(text, most, style, size, count)
        if lines:
            return _low(Fit(lines, size), style)
    return _low(Fit(_ended(text, most, style, smallest), smallest), style)


def _sizes(size: int, smallest: int) -> Iterator[int]:
    now = float(size)
    while round(now) > smallest:
        yield round(now)
        now *= _STEP
    yield smallest


def _wide(text: str, style: Style, size: int) -> float:
    """Return how wide a text's ink and its way are, in pixels."""
    return max(width(text, style.face, size, style.weight), ink(text, style.face, size, style.weight).right)


def _wrapped(text: str, most: float, style: Style, size: int, count: int) -> tuple[str, ...]:
    """Return a text in so many lines of about one width; none where they would not hold it."""
    if count == 1:
        return (text,) if _wide(text, style, size) <= most else ()
    low, high, best = most / 2, most, _filled(text, most, style, size, count)
    if not best or len(best) < count:
        return best
    for _ in range(6):  # narrower, as long as the count stays: lines of about one width
        middle = (low + high) / 2
        tried = _filled(text, middle, style, size, count)
        low, high, best = (low, middle, tried) if tried else (middle, high, best)
    return best


def _filled(text: str, most: float, style: Style, size: int, count: int) -> tuple[str, ...]:
    lines = [""]
    for word in _words(text):
        longer = f"{lines[-1]}{word}"
        if not lines[-1] or _wide(longer.rstrip(), style, size) <= most:
            lines[-1] = longer
        else:
            lines.append(word.lstrip())
        if len(lines) > count or _wide(lines[-1].rstrip(), style, size) > most:
            return ()
    return tuple(line.strip() for line in lines)


def _words(text: str) -> list[str]:
    """Return pieces between which a line may end: after blanks and dashes, and around letters of CJK."""
    made = [""]
    for cluster in clusters(text):
        last = made[-1][-1:]
        if last in (" ", "-", "–", "/") or (
            last and (_square(cluster) or _square(last)) and cluster not in "、。」』）！？ー…"
        ):
            made.append("")
        made[-1] += cluster
    return made


def _square(letter: str) -> bool:
    return "\u3040" <= letter[0] <= "\u30ff" or "\u3400" <= letter[0] <= "\u9fff" or letter[0] >= "\U00020000"


def _ended(text: str, most: float, style: Style, size: int) -> tuple[str, ...]:
    """Return as much of a text as its lines hold, with an ellipsis at its end."""
    lines: list[str] = []
    rest = text
    for _ in range(style.lines - 1):
        line = _first(rest, most, style, size)
        lines.append(line.strip())
        rest = rest[len(line) :].lstrip()
    return (*lines, fitted(rest, most - size * 0.05, style.face, size, style.weight))


def _first(text: str, most: float, style: Style, size: int) -> str:
    """Return what of a text fills a line: whole words, or letters where one word is too long."""
    line = ""
    for word in _words(text):
        if _wide(f"{line}{word}".rstrip(), style, size) > most:
            break
        line += word
    if line:
        return line
    for cluster in clusters(text):
        if line and _wide(f"{line}{cluster}", style, size) > most:
            break
        line += cluster
    return line


def _low(made: Fit, style: Style) -> Fit:
    """Return a fit whose ink stays within its lines: letters with towers of marks are set smaller."""
    size = made.size
    while size > 10 and any(_towers(line, style, size) for line in made.lines):
        size = max(10, round(size * _STEP) if round(size * _STEP) < size else size - 1)
    return Fit(made.lines, size)


def _towers(line: str, style: Style, size: int) -> bool:
    box = ink(line, style.face, size, style.weight)
    return -box.top > _ABOVE * style.size or box.bottom > _BELOW * style.size
