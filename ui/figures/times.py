"""Hours, lengths and months in words, as the panels about time say them."""

from ui import formats

MONTH_NAMES = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
               "November", "December"]  # fmt: skip
NO_PLAYS = "No plays in this range"


def o_clock(hour: float) -> str:
    """Return an hour of the day as ``18:00``, parts of an hour to the nearest ten minutes."""
    tens = round(hour * 6) % 144
    return f"{tens // 6}:{tens % 6}0"


def minutes(value: float) -> str:
    """Return a length in minutes as ``34 min`` or ``3 h 12 min``."""
    whole = round(value)
    if whole < 60:
        return f"{whole}{formats.THIN}min"
    rest = f" {whole % 60}{formats.THIN}min" if whole % 60 else ""
    return f"{formats.number(whole // 60)}{formats.THIN}h{rest}"


def plays(count: int) -> str:
    """Return ``1 play`` or ``2 plays``."""
    return formats.plural(count, "play")


def amount(value: float, metric: str) -> str:
    """Return a number of plays or hours with its unit."""
    return plays(int(value)) if metric == "plays" else formats.hours(value * 3_600_000)


def ordinal(value: int) -> str:
    """Return ``1st``, ``22nd``, ``113th`` or ``10 000th``."""
    ending = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{formats.number(value)}{ending}"
