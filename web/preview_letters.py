"""Letters of preview pictures: the fonts of the pages, and those of this machine for scripts they do not hold."""

import importlib.util
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Literal

from PIL import ImageDraw, ImageFont

Face = Literal["serif", "sans"]
Font = ImageFont.FreeTypeFont
_SHIPPED: dict[Face, str] = {"serif": "SourceSerifVariable-Roman*.woff2", "sans": "SourceSansVF-Upright*.woff2"}
_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "/System/Library/Fonts",
            "/Library/Fonts", "C:/Windows/Fonts")  # fmt: skip
# Scripts the shipped fonts lack, the most read first.
_OTHERS = (
    "NotoSansCJK-Medium.ttc", "NotoSansCJK-Regular.ttc", "NotoSansCJKjp-Regular.otf", "wqy-microhei.ttc",
    "DroidSansFallbackFull.ttf", "NotoSansArabic-Regular.ttf", "NotoSansHebrew-Regular.ttf", "NotoSansThai-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf", "NotoSansBengali-Regular.ttf", "NotoSansTamil-Regular.ttf",
    "NotoSansTelugu-Regular.ttf", "NotoSansArmenian-Regular.ttf", "NotoSansGeorgian-Regular.ttf",
    "NotoSansEthiopic-Regular.ttf", "NotoSansKhmer-Regular.ttf", "NotoSansSinhala-Regular.ttf",
    "NotoSansSymbols2-Regular.ttf", "NotoSans-Regular.ttf", "DejaVuSans.ttf", "Arial Unicode.ttf", "arialuni.ttf",
)  # fmt: skip
_MISSING = "\U0010fffd"  # a letter no font holds: what a font draws for it, it draws for all it lacks


@lru_cache(maxsize=2)
def _shipped(face: Face) -> Path | None:
    package = importlib.util.find_spec("streamlit")
    folder = Path(package.origin or "").parent / "static/static/media" if package else Path()
    return next(iter(sorted(folder.glob(_SHIPPED[face]))), None)


@lru_cache(maxsize=1)
def _others() -> tuple[Path, ...]:
    """Return this machine's fonts for other scripts, in the order they are tried."""
    found: dict[str, Path] = {}
    for folder in map(Path, _FOLDERS):
        for file in folder.expanduser().rglob("*.[to]t[fc]") if folder.expanduser().is_dir() else ():
            found.setdefault(file.name, file)
    return tuple(found[name] for name in _OTHERS if name in found)


@lru_cache(maxsize=64)
def _heavy(path: Path | None) -> Path | None:
    """Return the bold file beside a font's file, or that file itself."""
    if path is None:
        return None
    bold = path.with_name(path.name.replace("-Regular", "-Bold").replace("-Medium", "-Bold"))
    return bold if bold.is_file() else path


@lru_cache(maxsize=128)
def _font(path: Path | None, size: int, weight: int) -> Font:
    if path is None:
        made = ImageFont.load_default(size)
        assert isinstance(made, ImageFont.FreeTypeFont)  # noqa: S101 - it is, wherever pictures have letters at all
        return made
    font = ImageFont.truetype(str(path), size)
    if path.suffix == ".woff2":
        axes = len(font.get_variation_axes())
        font.set_variation_by_axes([float(weight), float(min(60, size))][:axes])
    return font


@lru_cache(maxsize=20_000)
def _holds(path: Path | None, letter: str) -> bool:
    font = _font(path, 24, 400)
    shown, missing = font.getmask(letter), font.getmask(_MISSING)
    return letter.isspace() or (shown.size, bytes(shown)) != (missing.size, bytes(missing))


def _runs(text: str, face: Face, size: int, weight: int) -> Iterator[tuple[str, Font]]:
    """Yield stretches of a text with the font that holds them; letters no font holds are left out."""
    paths, last = (_shipped(face), *_others()), 0

    def holder(letter: str) -> int:
        nonlocal last  # blanks go with what stands before them, so that words of one script stay in order
        if last < 0 or not (letter.isspace() or letter in "\u200c\u200d"):
            last = next((at for at, path in enumerate(paths) if _holds(path, letter)), -1)
        return last

    for at, letters in groupby(text, holder):
        if at >= 0:
            yield "".join(letters), _font(_heavy(paths[at]) if at and weight >= 600 else paths[at], size, weight)


def width(text: str, face: Face, size: int, weight: int) -> float:
    """Return how wide a text is, in pixels."""
    return sum(font.getlength(part) for part, font in _runs(text, face, size, weight))


def fitted(text: str, most: float, face: Face, size: int, weight: int) -> str:
    """Return a text cut at its end, with a sign that it is, to be at most ``most`` pixels wide."""
    if width(text, face, size, weight) <= most:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(f"{text[:middle].rstrip()}…", face, size, weight) <= most:
            low = middle
        else:
            high = middle - 1
    return f"{text[:low].rstrip()}…"


def write(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    *,
    face: Face = "sans",
    size: int = 24,
    weight: int = 400,
    fill: str = "#1F1D1A",
    right: bool = False,
    most: float = 2000,
) -> float:
    """Write a text whose base line begins (``right``: ends) at a point; return how wide it came out, in pixels."""
    text = fitted(text, most, face, size, weight)
    whole = width(text, face, size, weight)
    x = at[0] - whole if right else at[0]
    for part, font in _runs(text, face, size, weight):
        draw.text((x, at[1]), part, font=font, fill=fill, anchor="ls")
        x += font.getlength(part)
    return whole
