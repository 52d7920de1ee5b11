"""What the invented person listens to music for, and how likely on which sort of day."""

from dataclasses import dataclass
from enum import IntEnum

from core.demo.calendar import Kind


class Occasion(IntEnum):
    """What music accompanies."""

    COMMUTE = 0
    WORK = 1
    EVENING = 2
    NIGHT = 3
    SPORT = 4
    WEEKEND = 5
    PARTY = 6
    ROAD = 7
    FLIGHT = 8
    CHILD = 9


@dataclass(frozen=True, slots=True)
class Slot:
    """A habit: with this chance a day has a session of this length (minutes) around this local hour."""

    occasion: Occasion
    hour: float
    spread: float
    minutes: float
    chance: float


_O = Occasion
HABITS: dict[Kind, tuple[Slot, ...]] = {
    Kind.OFFICE: (
        Slot(_O.COMMUTE, 7.7, 0.25, 26, 0.82),
        Slot(_O.WORK, 10.2, 0.7, 42, 0.40),
        Slot(_O.WORK, 14.3, 0.8, 45, 0.38),
        Slot(_O.COMMUTE, 17.6, 0.45, 28, 0.80),
        Slot(_O.SPORT, 18.9, 0.4, 45, 0.18),
        Slot(_O.EVENING, 20.4, 0.8, 50, 0.50),
        Slot(_O.NIGHT, 23.0, 0.5, 28, 0.14),
    ),
    Kind.HOME_OFFICE: (
        Slot(_O.WORK, 9.2, 0.6, 55, 0.62),
        Slot(_O.WORK, 11.3, 0.5, 35, 0.35),
        Slot(_O.WORK, 14.2, 0.8, 60, 0.58),
        Slot(_O.SPORT, 17.9, 0.5, 42, 0.22),
        Slot(_O.EVENING, 19.8, 0.9, 55, 0.55),
        Slot(_O.NIGHT, 23.1, 0.6, 32, 0.16),
    ),
    Kind.FREE: (
        Slot(_O.WEEKEND, 10.4, 0.9, 55, 0.62),
        Slot(_O.SPORT, 12.0, 0.8, 50, 0.18),
        Slot(_O.WEEKEND, 15.4, 1.2, 60, 0.50),
        Slot(_O.EVENING, 19.6, 0.9, 60, 0.52),
        Slot(_O.PARTY, 21.9, 0.7, 130, 0.14),
        Slot(_O.NIGHT, 23.7, 0.6, 30, 0.12),
    ),
    Kind.TRIP: (
        Slot(_O.WEEKEND, 9.8, 1.0, 30, 0.30),
        Slot(_O.WEEKEND, 16.5, 1.5, 55, 0.42),
        Slot(_O.EVENING, 21.0, 0.9, 40, 0.34),
    ),
    Kind.ILL: (Slot(_O.NIGHT, 14.0, 2.5, 22, 0.35),),
    Kind.QUIET: (),
}
CHILD = Slot(_O.CHILD, 6.6, 0.3, 16, 0.34)
