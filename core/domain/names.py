"""Names as people write them, and the keys under which two spellings of one name meet."""

import hashlib
import re
import unicodedata
from functools import lru_cache

# Invisible characters of no width that exports carry at the ends of names.
ZERO_WIDTH = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_ENDS = re.compile(rf"^[\s{ZERO_WIDTH}]+|[\s{ZERO_WIDTH}]+$")
_BLANKS = re.compile(r"\s+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_PARTS = re.compile(r"\s*[/;]\s*|\s+-\s+")
# What names an edition of the same recording; live, remix, acoustic, demo, edits and tempos are other recordings.
_EDITION = re.compile(
    r"""(?:
        (?:(?:19|20)\d\d\s+)?(?:digital(?:ly)?\s+)?re-?master(?:ed)?(?:\s+version)?(?:\s+(?:in\s+)?(?:19|20)\d\d)?(?:\s+version)?
      | (?:feat|ft|featuring)\b\.?\s*.+
      | (?:super\s+)?deluxe(?:\s+(?:edition|version))?
      | (?:mono|stereo)(?:\s+(?:version|mix))?
      | explicit(?:\s+version)?
      | (?:single|album|lp)\s+version
    )""",
    re.VERBOSE | re.IGNORECASE,
)


def clean(text: str | None) -> str | None:
    """Return a name fit for storing: without NUL, lone surrogates or outer blanks; ``None`` for a blank one."""
    if text is None:
        return None
    if text.isascii():
        plain = text.replace("\0", "") if "\0" in text else text
        return plain.strip() or None
    text = _SURROGATES.sub("\ufffd", text.replace("\0", ""))
    return _ENDS.sub("", text) or None


def name_key(text: str) -> str:
    """Return the form in which spellings of one name are equal: composed, trimmed, single blanks, case folded."""
    if text.isascii():
        return " ".join(text.replace("\0", "").split()).lower()
    text = _ENDS.sub("", unicodedata.normalize("NFC", clean(text) or ""))
    return unicodedata.normalize("NFC", _BLANKS.sub(" ", text).casefold())


# What compilations name where an artist should stand, in the main languages of catalogues: nobody.
_VARIOUS = frozenset(
    map(
        name_key,
        (
            *("Various Artists", "Various", "Various Artist", "VA", "V.A.", "V/A", "Verschiedene Interpreten"),
            *("Verschiedene Künstler", "Diverse Interpreten", "Verschiedene", "Varios Artistas", "Varios", "VV.AA."),
            *("Artistes divers", "Artistes variés", "Multi-interprètes", "Artisti vari", "Artisti Vari", "AA.VV."),
            *("Vários Artistas", "Vários intérpretes", "Diverse artiesten", "Diverse Artister", "Blandade artister"),
            *("Różni wykonawcy", "Różni artyści", "Разные артисты", "Разные исполнители", "Různí interpreti"),
            *(
                "Çeşitli Sanatçılar",
                "ヴァリアス・アーティスト",
                "オムニバス",
                "群星",
                "華語群星",
                "여러 아티스트",
                "Eri esittäjiä",
            ),
        ),
    )
)


@lru_cache(maxsize=16_384)
def is_various(artist: str) -> bool:
    """Return whether an artist's name says that there is none: "Various Artists", in any spelling of ``name_key``."""
    return name_key(artist) in _VARIOUS


def recording_title(title: str) -> str:
    """Return a title without the words that name an edition of the same recording.

    Remaster, featured artists, deluxe, mono, stereo, explicit, single and album version go, in brackets or after
    `` - ``; live, remix, acoustic, demo, instrumental, radio edit, sped up and the like stay: they sound different.
    """
    if "(" not in title and "[" not in title and " - " not in title:
        return title
    bare = _BRACKETS.sub(lambda found: _kept(found.group(0), found.group(1), " "), title)
    head, *tails = bare.split(" - ")
    bare = head + "".join(_kept(f" - {tail}", tail, " - ") for tail in tails)
    return bare.strip() or title


def _kept(whole: str, inside: str, joint: str) -> str:
    """Return what stays of a bracket or a part after a dash: all of it, its telling parts, or nothing."""
    if _EDITION.fullmatch(inside.strip()):
        return ""
    parts = [part for part in _PARTS.split(inside.strip()) if part]
    telling = [part for part in parts if not _EDITION.fullmatch(part)]
    if len(telling) == len(parts):
        return whole
    if not telling:
        return ""
    return f" - {' / '.join(telling)}" if joint == " - " else f" ({' / '.join(telling)})"


def _digest(*parts: str) -> bytes:
    """Return 16 bytes that stand for the parts: an identity, not a secret."""
    return hashlib.md5("\x1f".join(parts).encode(errors="replace"), usedforsecurity=False).digest()


@lru_cache(maxsize=16_384)
def artist_key(artist: str) -> bytes:
    """Return the key of an artist: its name alone, for an export names no more."""
    return _digest(name_key(artist))


@lru_cache(maxsize=16_384)
def album_key(artist: str, album: str) -> bytes:
    """Return the key of an album: its artist's name and its own."""
    return _digest(name_key(artist), name_key(album))


def track_key(uri: str | None, kind: int, artist: str | None, title: str | None) -> bytes:
    """Return the key of a track: its address where it has one, else its kind and names."""
    if uri is not None:
        return _digest("uri", uri)
    return _digest(str(kind), name_key(artist or ""), name_key(title or ""))


def recording_key(artist: str, title: str) -> bytes:
    """Return the key of a recording: the same music on single, album and deluxe edition has one."""
    return _digest(name_key(artist), name_key(recording_title(title)))


def pair_key(artist: str | None, title: str | None) -> int:
    """Return 63 bits that stand for artist and title, to find one play in two packages."""
    return int.from_bytes(_digest(name_key(artist or ""), name_key(title or ""))[:8], "big") >> 1
