"""Writes share cards of made-up listening in every shape and theme into a folder, to be looked at.

``python scripts/show_cards.py FOLDER [NAME …]`` writes one picture per card, shape and theme, and ``sheet.png`` of all.
"""

import math
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PIL import Image

from ui.cards.contents import (
    Card,
    ClockCard,
    CurveCard,
    Era,
    ErasCard,
    Figure,
    Mark,
    NumbersCard,
    RankingCard,
    ReviewCard,
    Row,
    Top,
)
from ui.cards.drawing import render
from ui.cards.looks import ShapeName, ThemeName

NOTE = "plays of 30 s and more"
LONG = "The Extraordinarily Long Name of an Orchestra That Never Learned to Stop Adding Words to Its Posters (Deluxe)"
NAMES = (
    ("Lantern Parade", "Indie folk"),
    ("Ночной трамвай", "Постпанк"),
    ("雨の図書館", "シティポップ"),
    ("نجوم الصحراء (Desert Stars) 1967", "طرب"),
    (LONG, LONG),
    ("הגן הסודי & Friends", "פולק"),
    ("ดวงจันทร์สีน้ำเงิน", "ลูกทุ่ง"),
    ("नीली चाँदनी", "ग़ज़ल"),
    ("달빛 우체국 🌙", "발라드"),
    ("Ærøskøbing Ökë Łódź", "Ambient"),
)


def waves(start: float, count: int = 12) -> tuple[float | None, ...]:
    """Return a made-up course."""
    return tuple(5 + 3 * math.sin(start + at * 0.9) + 2 * math.sin(start * 3 + at * 2.1) for at in range(count))


def year(start: float = 0) -> tuple[tuple[date, float | None], ...]:
    """Return a made-up year, week by week."""
    first = date(2025, 1, 1)
    return tuple(
        (first + timedelta(weeks=at), 400 + 190 * math.sin(start + at / 7) + 120 * math.sin(start + at * 1.7))
        for at in range(53)
    )


def ranking(count: int = 10, *, curves: bool = True) -> tuple[Row, ...]:
    """Return made-up rows."""
    return tuple(
        Row(name, under, f"{240 - at * 19}\u202fh", waves(at) if curves else ())
        for at, (name, under) in enumerate(NAMES[:count])
    )


FIGURES = (
    Figure("71\u202f204", "minutes of music", "9 % more than in 2024"),
    Figure("1\u202f932", "artists", "611 for the first time"),
    Figure("87 days", "without a silent one", "3 Mar – 28 May"),
    Figure("6 h 12 min", "longest session", "on 14 June"),
    Figure("23:00", "hour played most"),
    Figure("18\u202f%", "of songs skipped", "2 points less"),
    Figure("412", "albums heard whole"),
)
HOURS = (9, 5, 3, 1, 0, 0, 2, 8, 14, 12, 9, 8, 11, 10, 9, 12, 15, 18, 22, 27, 31, 38, 33, 20)
ERAS = (
    Era("Jan – Mar", "Lantern Parade", "and 12 others · indie folk, slowcore", 3),
    Era("Mar – Apr", "雨の図書館", "そして夜 · シティポップ", 1),
    Era("Apr – Aug", LONG, LONG, 5),
    Era("Aug – Oct", "نجوم الصحراء", "طرب · موسيقى عربية", 2),
    Era("Oct – Dec", "Ночной трамвай", "Постпанк, дрим-поп", 2.5),
)
PLAIN = ("Lantern Parade", "Paper Harbour", "Night Tram", "Sun on Slate", "Velvet Meridian")
SONGS = ("Slow Weather", "雨の図書館", "A Door in the River", "Ночной трамвай", "Gold Static")
TOPS = (
    Top("Artists", tuple(Row(name, value=f"{90 - at * 13}\u202fh") for at, name in enumerate(PLAIN))),
    Top("Songs", tuple(Row(name, value=f"{210 - at * 13}") for at, name in enumerate(SONGS))),
    Top("Albums", tuple(Row(name) for name in ("Tidewater", LONG, "Kitchen Constellations", "نجوم", "Nine Rooms"))),
)
MARKS = (
    Mark(date(2025, 2, 11), "First play of Paper Harbour"),
    Mark(date(2025, 6, 14), "6 h 12 min in one go"),
    Mark(date(2025, 11, 20), "Concert: Ночной трамвай"),
)
CARDS: dict[str, Card] = {
    "ranking": RankingCard(title="My top artists", when="2025", note=NOTE, rows=ranking()),
    "ranking-five": RankingCard(
        title="Songs of the summer", when="June – August 2025", note=NOTE,
        rows=tuple(Row(song, artist, f"{88 - at * 9} plays", waves(at)) for at, (song, artist) in enumerate(zip(SONGS, PLAIN, strict=True))),
    ),
    "ranking-two": RankingCard(title="Albums of one evening", when="14 June 2025", note=NOTE, rows=ranking(2, curves=False)),
    "ranking-none": RankingCard(title="My top artists", when="February 2019", note=NOTE, rows=()),
    "numbers": NumbersCard(title="My year in numbers", when="2025", note=NOTE, figures=FIGURES),
    "numbers-one": NumbersCard(title="One quiet month", when="March 2025", figures=(Figure("0", "minutes of music"),)),
    "curve": CurveCard(title="How the year went", when="2025", note=NOTE, points=year(), marks=MARKS, figure=FIGURES[0], unit="minutes a week"),
    "curve-none": CurveCard(title="How the year went", when="2019", points=()),
    "clock": ClockCard(
        title="When I listen", when="2025", note=NOTE, hours=HOURS, figure=Figure("21:00", "the hour I play most"),
        words="A third of all my music plays between eight and midnight; mornings are quiet.",
    ),
    "eras": ErasCard(title="Five eras of my year", when="2025", note=NOTE, eras=ERAS),
    "review": ReviewCard(title="My year in music", when="2025", note=NOTE, figure=FIGURES[0], tops=TOPS, points=year(), figures=FIGURES[1:3]),
    "review-little": ReviewCard(title="My year in music", when="1 January – 3 February 2025", figure=Figure("12", "minutes of music"), tops=TOPS[:1]),
    "long": RankingCard(title=f"Everything by {LONG}", when=f"2025, {LONG}", note=LONG, rows=ranking(3)),
}  # fmt: skip


def main() -> None:
    """Write the pictures and how long each took."""
    folder, names = Path(sys.argv[1]), sys.argv[2:] or list(CARDS)
    folder.mkdir(parents=True, exist_ok=True)
    drawn: list[list[Image.Image]] = []
    for name in names:
        drawn.append([])
        for theme in get_args(ThemeName):
            for shape in get_args(ShapeName):
                began = time.perf_counter()
                made = render(CARDS[name], shape=shape, theme=theme)
                took = time.perf_counter() - began
                file = folder / f"{name}-{shape}-{theme}.png"
                file.write_bytes(made)
                sys.stdout.write(f"{file.name} {len(made) // 1000} kB {took * 1000:.0f} ms\n")
                drawn[-1].append(Image.open(file))
    _sheet(drawn).save(folder / "sheet.png")


def _sheet(drawn: list[list[Image.Image]], high: int = 620, gap: int = 24) -> Image.Image:
    """Return all pictures on one, a row for each card."""
    small = [[one.resize((one.width * high // one.height, high)) for one in row] for row in drawn]
    wide = max(sum(one.width + gap for one in row) for row in small) + gap
    whole = Image.new("RGB", (wide, len(small) * (high + gap) + gap), "#8f8f8f")
    for at, row in enumerate(small):
        left = gap
        for one in row:
            whole.paste(one, (left, gap + at * (high + gap)))
            left += one.width + gap
    return whole


if __name__ == "__main__":
    main()
