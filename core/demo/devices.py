"""The devices of the invented life, in the very words exports use for them, changing over the years."""

from bisect import bisect_right
from datetime import date

import numpy as np

from core.demo.habits import Occasion
from core.demo.sessions import Session

# Each device: from which day on it is called what. Since October 2022 exports know families alone.
_NAMES: dict[str, tuple[tuple[date, str], ...]] = {
    "phone": (
        (date(2018, 11, 1), "Android OS 9 API 28 (Google, Pixel 2)"),
        (date(2019, 9, 10), "Android OS 10 API 29 (Google, Pixel 3a)"),
        (date(2020, 9, 22), "Android OS 11 API 30 (Google, Pixel 3a)"),
        (date(2021, 11, 6), "iOS 15.1 (iPhone13,2)"),
        (date(2022, 4, 2), "iOS 15.4.1 (iPhone13,2)"),
        (date(2022, 10, 14), "ios"),
        (date(2025, 9, 20), "android"),
    ),
    "laptop": (
        (date(2018, 11, 1), "Windows 10 (10.0.17134; x64; AppX)"),
        (date(2020, 6, 5), "Windows 10 (10.0.19042; x64; AppX)"),
        (date(2021, 8, 21), "OS X 11.5.2 [arm 2]"),
        (date(2022, 10, 14), "osx"),
    ),
    "office": (
        (date(2018, 11, 1), "web_player windows 10;chrome 70.0.3538.77;desktop"),
        (date(2020, 2, 3), "web_player windows 10;chrome 79.0.3945.130;desktop"),
        (date(2021, 9, 1), "web_player windows 10;chrome 92.0.4515.159;desktop"),
        (date(2022, 10, 14), "web_player"),
        (date(2024, 5, 6), "linux"),
    ),
    "speaker": (
        (date(2018, 11, 1), "Windows 10 (10.0.17134; x64; AppX)"),
        (date(2019, 12, 25), "Partner google cast_voice;Google_Home;;;"),
        (date(2022, 10, 14), "cast"),
    ),
    "television": (
        (date(2018, 11, 1), "web_player windows 10;chrome 70.0.3538.77;desktop"),
        (date(2020, 11, 27), "Partner tizen_tv samsung;UE50;;;tpapi"),
        (date(2022, 10, 14), "tizen"),
    ),
}
_PLACES: dict[Occasion, tuple[tuple[str, float], ...]] = {
    Occasion.COMMUTE: (("phone", 1.0),),
    Occasion.WORK: (("office", 0.6), ("laptop", 0.25), ("phone", 0.15)),
    Occasion.EVENING: (("speaker", 0.4), ("laptop", 0.25), ("phone", 0.25), ("television", 0.1)),
    Occasion.NIGHT: (("phone", 0.75), ("speaker", 0.25)),
    Occasion.SPORT: (("phone", 1.0),),
    Occasion.WEEKEND: (("speaker", 0.45), ("phone", 0.3), ("laptop", 0.15), ("television", 0.1)),
    Occasion.PARTY: (("speaker", 0.6), ("television", 0.2), ("phone", 0.2)),
    Occasion.ROAD: (("phone", 1.0),),
    Occasion.FLIGHT: (("phone", 1.0),),
    Occasion.CHILD: (("speaker", 0.8), ("phone", 0.2)),
}
_BLANK = 0.004


def device_of(session: Session, rng: np.random.Generator) -> tuple[str, str]:
    """Return a session's device and address as an export writes them; the address is one kept for documentation."""
    away = session.country != "DE" or session.batch >= 0
    names, chances = zip(*((("phone", 1.0),) if away else _PLACES[session.occasion]), strict=True)
    device = str(rng.choice(names, p=chances))
    if rng.random() < _BLANK:
        return "not_applicable", "192.0.2.9"
    return _called(device, session.day), _address(device, session, away=away)


def _called(device: str, day: date) -> str:
    """Return what a device is called on a day."""
    names = _NAMES[device]
    return names[bisect_right([since for since, _ in names], day) - 1][1]


def _address(device: str, session: Session, *, away: bool) -> str:
    """Return an address of TEST-NET-1: one for the home, one for the office, some for networks elsewhere."""
    if away or session.occasion in (Occasion.COMMUTE, Occasion.SPORT, Occasion.ROAD):
        return f"192.0.2.{100 + session.day.toordinal() % 90}"
    return "192.0.2.2" if device == "office" else "192.0.2.1"
