"""What a decision about together and apart changes, in sentences; no Streamlit."""

from core.domain.rules import Decision, Preview, RuleKind, Standing, Suggestion
from ui import formats


def amount(one: Standing, locale: str) -> str:
    """Return plays and time: ``1,240 plays, 61 h``."""
    return f"{formats.plural(one.plays, 'play', locale=locale)}, {formats.hours(one.ms_played, locale=locale)}"


def together_words(preview: Preview, locale: str) -> str:
    """Return what putting together makes: ``Together: 1,240 plays, 61 h, place 3 instead of 9 and 41``."""
    if not preview.after:
        return "Neither counts under your rules at the moment."
    after = preview.after[0]
    places = [formats.number(one.rank, locale=locale) for one in preview.before if one.rank]
    now = f", place {formats.number(after.rank, locale=locale)}" if after.rank else ""
    instead = f" instead of {_listed(places)}" if now and places else ""
    return f"Together: {amount(after, locale)}{now}{instead}."


def apart_words(preview: Preview, locale: str) -> str:
    """Return what taking apart makes: ``Apart: 30 plays, 2 h and 1,210 plays, 59 h. Together it is …``."""
    parts = [amount(one, locale) for one in preview.after]
    whole = f" Together it is {amount(preview.before[0], locale)}." if preview.before else ""
    return f"Apart: {'; and '.join(parts)}.{whole}"


def moved_words(preview: Preview, locale: str) -> str:
    """Return where each artist would stand: ``Genesis: 900 plays, 40 h, place 4 instead of 3``."""
    before = {(one.kind, one.id): one for one in preview.before}
    sentences = []
    for one in preview.after:
        old = before.get((one.kind, one.id))
        place = f", place {formats.number(one.rank, locale=locale)}" if one.rank else ""
        changed = place and old and old.rank and old.rank != one.rank
        instead = f" instead of {formats.number(old.rank, locale=locale)}" if old and old.rank and changed else ""
        sentences.append(f"{one.name}: {amount(one, locale)}{place}{instead}.")
    left = {(one.kind, one.id) for one in preview.after}
    sentences += [f"{one.name}: nothing is left." for one in preview.before if (one.kind, one.id) not in left]
    return " ".join(sentences)


_SAYS: dict[RuleKind, str] = {
    "artist": "The artist {sources} counts as {target}",
    "album": "The album {sources} counts as {target}",
    "recording": "The track {sources} is the same recording as {target}",
    "alone": "The track {sources} is a recording of its own",
    "album-artist": "The album {sources} is by {target}",
    "track-artist": "The track {sources} is by {target}",
}
_MANY = {"The artist": "The artists", "The album": "The albums", "The track": "The tracks"}


def decision_words(decision: Decision) -> str:
    """Return a decision in a sentence; of many things the first three."""
    names = [f"“{name or 'Unknown'}”" for name in dict.fromkeys(decision.sources)]
    shown = names[:3] + ([f"{len(names) - 3} more"] if len(names) > 3 else [])
    words = _SAYS.get(decision.kind, "{sources}")
    if len(names) > 1:
        for one, many in _MANY.items():
            words = words.replace(one, many)
        words = words.replace("counts as", "count as").replace(" is by", " are by").replace(" is the", " are the")
        words = words.replace(" is a recording of its own", " are recordings of their own")
    return words.format(sources=_listed(shown), target=f"“{decision.target}”")


def suggestion_words(one: Suggestion) -> str:
    """Return a pair that is likely one thing, in words."""
    by = f" by {one.target.artist}" if one.target.artist else ""
    return f"{one.target.kind.title()}: “{one.source.name}” and “{one.target.name}”{by}"


def _listed(words: list[str]) -> str:
    """Return words in a row: ``a, b and c``."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)
