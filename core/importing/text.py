"""Bytes of an upload as JSON values: any encoding and oddity a real file may have, one sentence for what has none."""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, TypeVar

SLICE = 16_000_000  # bytes decoded at once: a whole real part, and a bound for one huge file
_TRIES = 8
_BOMS = ((codecs.BOM_UTF8, ""), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LONGEST_NUMBER = 18
_CUT = re.compile(r"\s*(?:t|tr|tru|f|fa|fal|fals|n|nu|nul|-)?\s*")  # what a cut leaves of a value that is no text

T = TypeVar("T")


class NotJson(Exception):
    """The bytes are no JSON; ``problem`` completes the sentence "It …"."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class Odd:
    """Stands for a number JSON does not know (NaN, Infinity) or no column could hold."""


ODD = Odd()


def _whole_number(digits: str) -> int | Odd:
    """Return a whole number, ``ODD`` for one of absurd length."""
    return int(digits) if len(digits) <= _LONGEST_NUMBER else ODD


DECODER = json.JSONDecoder(parse_int=_whole_number, parse_constant=lambda _: ODD, strict=False)


def as_utf8(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield a text's bytes in UTF-8 without a byte-order mark, whatever encoding its first bytes announce."""
    first = next(blocks, b"")
    bom, encoding = next(((bom, name) for bom, name in _BOMS if first.startswith(bom)), (b"", ""))
    rest = chain([first[len(bom) :]], blocks)
    if not encoding:
        yield from rest
        return
    decode = codecs.getincrementaldecoder(encoding)().decode
    try:
        for block in rest:
            yield decode(block).encode(errors="replace")
        decode(b"", True)
    except UnicodeDecodeError as error:
        raise NotJson("is neither UTF-8 nor UTF-16 text") from error


def parse(data: bytes | bytearray, *, offset: int = 0) -> Any:
    """Return any JSON text's value, leniently: NaN and absurd numbers are ``ODD``, the last of equal keys wins.

    Raises:
        NotJson: the text is not JSON; byte positions count from ``offset``.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise NotJson(f"holds bytes that are not UTF-8 text, the first at byte {offset + error.start:,}") from error
    try:
        return DECODER.decode(text)
    except RecursionError as error:
        raise NotJson("is nested absurdly deep") from error
    except json.JSONDecodeError as error:
        raise NotJson(_problem(text, error)) from error


def _problem(text: str, error: json.JSONDecodeError) -> str:
    """Return in plain words what is wrong with a text that is not JSON."""
    if error.msg == "Extra data":
        return "is several JSON texts in one file"
    if _CUT.fullmatch(text, error.pos) or error.msg.startswith("Unterminated"):
        return "ends in the middle, so the download is incomplete"
    return f"is not valid JSON at line {error.lineno:,}, perhaps because it was edited"


def slices(blocks: Iterator[bytes], decode: Callable[[bytes | bytearray, int], T], *, size: int = SLICE) -> Iterator[T]:
    """Yield what ``decode`` makes of a JSON list, ``size`` bytes at a time, so that memory stays bounded.

    Each slice is a whole list of its own: it is cut between two objects, and a cut is right exactly when the slice
    decodes, for a cut inside a text or an inner list leaves it unclosed. ``decode`` gets (bytes, their position in the
    file) and raises ``NotJson`` for what is not JSON.
    """
    buffer, position = bytearray(), 0
    for block in as_utf8(blocks):
        buffer += block
        if len(buffer) >= size:
            decoded, used = _first_slice(buffer, position, decode)
            yield decoded
            buffer = bytearray(b"[") + buffer[used:]
            position += used - 1
    yield decode(buffer, position)


def _first_slice(buffer: bytearray, position: int, decode: Callable[[bytes | bytearray, int], T]) -> tuple[T, int]:
    """Return the decoded beginning of a list, as long as can be, and how many bytes it and its comma took."""
    end, problem = len(buffer), "is not valid JSON"
    for _ in range(_TRIES):
        end = buffer.rfind(b"}", 0, end)
        if end < 0:
            break
        after = end + 1 + _blanks(buffer, end + 1)
        if buffer[after : after + 1] != b",":
            continue
        try:
            return decode(bytes(buffer[: end + 1]) + b"]", position), after + 1
        except NotJson as error:
            problem = error.problem
    raise NotJson(problem)


def _blanks(buffer: bytearray, at: int) -> int:
    """Return the number of blanks at a position."""
    window = bytes(buffer[at : at + 64])
    return len(window) - len(window.lstrip())
