"""Which way letters run: texts that mix scripts written to the right and to the left, in the order they are seen."""

import unicodedata
from itertools import groupby
from typing import TypeVar

_T = TypeVar("_T")
_STRONG = {"L": 0, "R": 1, "AL": 1}
_NUMBERS = {"EN", "AN"}
_PAIRS = dict(("()", "[]", "{}", "「」", "『』", "（）", "【】", "《》", "〈〉"))  # opening and closing


def leftward(text: str) -> bool:
    """Return whether a text as a whole runs from right to left: whether its first letter does."""
    return next((kind != "L" for c in text if (kind := unicodedata.bidirectional(c)) in _STRONG), False)


def levels(text: str, base: int) -> list[int]:
    """Return each letter's level: even ones run to the right, odd ones to the left.

    For one line without letters that turn the direction themselves, which cleaned texts do not have.
    Source: Unicode Standard Annex 9, rules W1 to W7, N0 to N2, I1 and I2.
    """
    kinds = _weak([unicodedata.bidirectional(c) or "L" for c in text], base)
    kinds = _neutrals(_brackets(text, kinds, base), base)
    raised = {"L": (0, 1), "R": (1, 0), "EN": (2, 1), "AN": (2, 1)}
    return [base + raised[kind][base % 2] for kind in kinds]


def _weak(kinds: list[str], base: int) -> list[str]:
    """Return kinds with marks, numbers and what stands between numbers settled (W1 to W7)."""
    start = "R" if base % 2 else "L"
    last = strong = start
    settled: list[str] = []
    for kind in kinds:
        if kind == "NSM":
            kind = last
        last = kind
        strong = kind if kind in _STRONG else strong
        settled.append("AN" if kind == "EN" and strong == "AL" else kind)
    kinds = ["R" if kind == "AL" else kind for kind in settled]
    for at in range(1, len(kinds) - 1):
        before, kind, after = kinds[at - 1 : at + 2]
        if before == after and before in _NUMBERS and (kind == "CS" or (kind == "ES" and before == "EN")):
            kinds[at] = before
    kinds = _beside_numbers(kinds)
    strong = start
    for at, kind in enumerate(kinds):
        strong = kind if kind in ("L", "R") else strong
        if kind == "EN" and strong == "L":
            kinds[at] = "L"
    return kinds


def _beside_numbers(kinds: list[str]) -> list[str]:
    """Return kinds in which signs such as % belong to the number they touch, and other signs to nothing."""
    made: list[str] = []
    stretches = [(kind, len(list(same))) for kind, same in groupby(kinds)]
    for at, (kind, count) in enumerate(stretches):
        near = {stretches[side][0] for side in (at - 1, at + 1) if 0 <= side < len(stretches)}
        number = kind == "ET" and "EN" in near
        made += ["EN" if number else "ON" if kind not in ("L", "R", *_NUMBERS) else kind] * count
    return made


def _brackets(text: str, kinds: list[str], base: int) -> list[str]:
    """Return kinds in which both brackets of a pair run the same way (N0)."""
    whole, other = ("R", "L") if base % 2 else ("L", "R")
    made, waiting = list(kinds), list[tuple[str, int]]()
    pairs = list[tuple[int, int]]()
    for at, letter in enumerate(text):
        if made[at] == "ON" and letter in _PAIRS:
            waiting.append((_PAIRS[letter], at))
        elif made[at] == "ON" and any(letter == closing for closing, _ in waiting):
            while waiting[-1][0] != letter:
                waiting.pop()
            pairs.append((waiting.pop()[1], at))
    for start, end in sorted(pairs):
        inner = {"L" if kind == "L" else "R" for kind in made[start + 1 : end] if kind != "ON"}
        if not inner:
            continue
        before = next(("L" if kind == "L" else "R" for kind in reversed(made[:start]) if kind != "ON"), whole)
        made[start] = made[end] = whole if whole in inner or before != other else other
    return made


def _neutrals(kinds: list[str], base: int) -> list[str]:
    """Return kinds in which blanks and signs follow what stands on both of their sides (N1 and N2)."""
    whole = "R" if base % 2 else "L"
    sides = ["L" if kind == "L" else "R" for kind in kinds]
    made, at = list(kinds), 0
    while at < len(kinds):
        end = at
        while end < len(kinds) and kinds[end] == "ON":
            end += 1
        if end == at:
            at += 1
            continue
        before = sides[at - 1] if at else whole
        after = sides[end] if end < len(kinds) else whole
        made[at:end] = [before if before == after else whole] * (end - at)
        at = end
    return made


def seen(runs: list[tuple[int, _T]]) -> list[tuple[int, _T]]:
    """Return runs with their levels in the order they are seen from left to right (rule L2)."""
    top = max((level for level, _ in runs), default=0)
    for limit in range(top, 0, -1):
        made: list[tuple[int, _T]] = []
        for high, group in groupby(runs, lambda run: run[0] >= limit):
            made += reversed(list(group)) if high else group
        runs = made
    return runs
