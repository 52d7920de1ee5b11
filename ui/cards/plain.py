"""Foreign text made fit to be drawn: no control letters, no turns of direction, no towers of marks."""

import unicodedata

_MOST, _MARKS = 300, 3  # letters kept of a text; marks kept on one letter
_JOINERS = "\u200c\u200d"  # they shape Persian, Hindi and emoji; every other invisible letter goes
_LETTERED = ("Lo", "Lm", "Mn", "Mc", "So", "Sk")  # what may stand beside a joiner


def plain(text: str) -> str:
    """Return a text as one line of letters that are seen."""
    made: list[str] = []
    marks = 0
    for letter in unicodedata.normalize("NFC", text[: 4 * _MOST]):
        kind = unicodedata.category(letter)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if letter.isspace():
            made.append(letter if letter in "\u00a0\u2009\u202f" else " ")
        elif _shown(letter, kind) and marks <= _MARKS:
            made.append(letter)
    return _joined("".join(made))[:_MOST].strip()


def _shown(letter: str, kind: str) -> bool:
    if letter in _JOINERS:
        return True
    selector = "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"
    return not selector and kind[0] != "C" and letter not in "\u115f\u1160\u3164\uffa0\u2800\ufffc"


def _joined(text: str) -> str:
    """Return a text whose blanks are single and whose joiners stand between letters."""
    text = " ".join(text.split(" ")) if "  " not in text else " ".join(part for part in text.split(" ") if part)
    return "".join(
        letter
        for at, letter in enumerate(text)
        if letter not in _JOINERS or (0 < at < len(text) - 1 and unicodedata.category(text[at - 1]) in _LETTERED)
    )


def clusters(text: str) -> list[str]:
    """Return a text in pieces that must not be torn apart: a letter with its marks, joined emoji, flags."""
    made: list[str] = []
    for letter in text:
        belongs = unicodedata.category(letter)[0] == "M" or letter in _JOINERS or "\U0001f3fb" <= letter <= "\U0001f3ff"
        flag = bool(made) and len(made[-1]) == 1 and _flag(made[-1]) and _flag(letter)
        held = bool(made) and made[-1][-1] == "\u200d"
        if made and made[-1] != " " and (belongs or flag or held):
            made[-1] += letter
        else:
            made.append(letter)
    return made


def _flag(letter: str) -> bool:
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


def named(text: str) -> str:
    """Return words for a text none of whose letters can be drawn: what its signs are called, or its script."""
    names = [unicodedata.name(letter, "") for letter in text if not letter.isspace() and letter not in _JOINERS]
    if not any(names):
        return "(no name)" if not text.strip() else "(a name in letters not known here)"
    if unicodedata.category(text.strip()[0])[0] == "S":
        return ", ".join(name.lower() for name in names[:3] if name)
    return f"(a name in {names[0].split()[0].capitalize()} letters)"
