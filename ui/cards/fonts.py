"""Fonts of drawn pictures: those of the pages, and this machine's for scripts they do not hold.

A font is not made for two threads at once: whoever measures or writes letters holds ``ALONE``.
"""

import importlib.util
import os
import threading
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Literal

from PIL import ImageFont

Face = Literal["serif", "sans"]
Font = ImageFont.FreeTypeFont
ALONE = threading.RLock()
_SHIPPED: dict[Face, str] = {"serif": "SourceSerifVariable-Roman*.woff2", "sans": "SourceSansVF-Upright*.woff2"}
_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/System/Library/Fonts",
            "/Library/Fonts", "C:/Windows/Fonts")  # fmt: skip
# Files that hold several scripts, the most read first; files of one script are found by the script's name.
_SERIF = ("NotoSerifCJK-Bold.ttc", "NotoSerifCJK-Regular.ttc", "NotoNaskhArabic-Regular.ttf")
_SANS = ("NotoSansCJK-Medium.ttc", "NotoSansCJK-Regular.ttc", "NotoSansCJKjp-Regular.otf", "wqy-microhei.ttc",
         "DroidSansFallbackFull.ttf")  # fmt: skip
_LAST = ("NotoSans-Regular.ttf", "NotoSansSymbols-Regular.ttf", "NotoSansSymbols2-Regular.ttf", "NotoEmoji-Regular.ttf",
         "NotoSansMath-Regular.ttf", "NotoMusic-Regular.ttf", "DejaVuSans.ttf", "Symbola.ttf", "Arial Unicode.ttf",
         "arialuni.ttf", "seguiemj.ttf")  # fmt: skip
_MISSING = "\U0010fffd"  # a letter no font holds: what a font draws for it, it draws for all it lacks
_NOT_SCRIPTS = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "LATIN", "DIGIT", "LEFT", "RIGHT"}


@lru_cache(maxsize=2)
def shipped(face: Face) -> Path | None:
    """Return the file of the pages' own font; none where Streamlit came without it."""
    package = importlib.util.find_spec("streamlit")
    folder = Path(package.origin or "").parent / "static/static/media" if package else Path()
    return next(iter(sorted(folder.glob(_SHIPPED[face]))), None)


@lru_cache(maxsize=1)
def _here() -> dict[str, Path]:
    """Return this machine's fonts by the names of their files."""
    found: dict[str, Path] = {}
    for folder in _FOLDERS:
        for place, inner, files in os.walk(Path(folder).expanduser()):
            inner.sort()
            for name in sorted(files):
                if name.lower().endswith((".ttf", ".ttc", ".otf", ".otc")):
                    found.setdefault(name, Path(place, name))
    return found


def _script(letter: str) -> tuple[str, ...]:
    """Return how fonts spell the script a letter's name begins with: Thai, OldTurkic."""
    words = unicodedata.name(letter, "").split()[:3]
    if not words or words[0] in _NOT_SCRIPTS:
        return ()
    return tuple("".join(word.capitalize() for word in words[:count]) for count in (2, 1, 3) if len(words) > count)


def _files(letter: str, face: Face) -> tuple[str, ...]:
    """Return the names of files that may hold a letter, the best first."""
    kinds = ("Serif", "Sans") if face == "serif" else ("Sans", "Serif")
    own = [f"Noto{kind}{script}-Regular.ttf" for kind in kinds for script in _script(letter)]
    general = (*_SERIF, *_SANS) if face == "serif" else (*_SANS, *_SERIF)
    return (*own, *general, *_LAST)


@lru_cache(maxsize=20_000)
def holder(letters: str, face: Face) -> Path | Literal[False] | None:
    """Return the font that holds a letter and the marks on it, False where there is none (None: Pillow's own)."""
    first = shipped(face)
    if all(_holds(first, letter) for letter in letters):
        return first
    paths = [path for name in _files(letters[0], face) if (path := _here().get(name))]
    for path in paths:
        if all(_holds(path, letter) for letter in letters):
            return path
    return False


@lru_cache(maxsize=64)
def _heavy(path: Path) -> Path:
    """Return the bold file beside a font's file, or that file itself."""
    bold = path.with_name(path.name.replace("-Regular", "-Bold").replace("-Medium", "-Bold"))
    return bold if bold.is_file() else path


@lru_cache(maxsize=512)
def font(path: Path | None, size: int, weight: int) -> Font:
    """Return a font in a size; 600 and heavier is bold where the file has no weights of its own."""
    if path is None:
        made = ImageFont.load_default(size)
        assert isinstance(made, ImageFont.FreeTypeFont)  # noqa: S101 - it is, wherever pictures have letters at all
        return made
    if path.suffix == ".woff2":
        shaped = ImageFont.truetype(str(path), size)
        axes = len(shaped.get_variation_axes())
        shaped.set_variation_by_axes([float(weight), float(min(60, size))][:axes])
        return shaped
    return ImageFont.truetype(str(_heavy(path) if weight >= 600 else path), size)


@lru_cache(maxsize=256)
def _bare(path: Path | None) -> Font:
    """Return a font that draws letter by letter, without joining or moving them: to see whether it holds one."""
    return ImageFont.truetype(str(path), 24, layout_engine=ImageFont.Layout.BASIC) if path else font(None, 24, 400)


@lru_cache(maxsize=256)
def _absent(path: Path | None) -> tuple[tuple[int, int], bytes]:
    """Return what a font draws for a letter it lacks."""
    mask = _bare(path).getmask(_MISSING)
    return mask.size, bytes(mask)


@lru_cache(maxsize=20_000)
def _holds(path: Path | None, letter: str) -> bool:
    if letter.isspace() or letter in "\u200c\u200d":
        return True
    mask = _bare(path).getmask(letter)
    return (mask.size, bytes(mask)) != _absent(path)
