"""What people left out of their own figures, with everything they put together with it: no model learns from it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.domain.rules import ends, groups


@dataclass(frozen=True, slots=True, order=True)
class LeftOut:
    """Something a person left out: artist, album, track (``id``: of its recording), platform, country or hour.

    ``only``: one track by its own id, as no one leaves it out by hand.
    """

    person: int
    kind: str
    id: int


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """A step of what a person put together; as ``core.domain.rules.IdentityRule``, but recordings for tracks."""

    person: int
    kind: str
    from_id: int
    to_id: int


def with_merged(left_out: Iterable[LeftOut], rules: Iterable[Rule]) -> list[LeftOut]:
    """Return what people left out together with what they count as the same, sorted.

    Leaving out a thing leaves out all that was merged with it, and what was moved to it. Where rules overlap, more is
    left out rather than less.
    """
    mine, decided = defaultdict(set), defaultdict(list)  # type: dict[int, set[LeftOut]], dict[int, list[Rule]]
    for each in left_out:
        mine[each.person].add(each)
    for rule in rules:
        decided[rule.person].append(rule)
    return sorted(each for person, out in mine.items() for each in out | set(_merged(out, decided[person])))


def _merged(out: set[LeftOut], rules: list[Rule]) -> Iterator[LeftOut]:
    """Yield what one person's rules put together with what they left out."""
    if not rules:
        return
    person = rules[0].person
    artists = _same(_all_of(out, "artist"), ends(_steps(rules, "artist")))
    yield from (LeftOut(person, "artist", id) for id in artists)
    given = {of for of, artist in _steps(rules, "album-artist") if artist in artists}
    albums = _same(_all_of(out, "album") | given, ends(_steps(rules, "album")))
    yield from (LeftOut(person, "album", id) for id in albums)
    yield from (LeftOut(person, "track", id) for id in _same(_all_of(out, "track"), groups(_steps(rules, "recording"))))
    yield from (LeftOut(person, "only", of) for of, artist in _steps(rules, "track-artist") if artist in artists)


def _same(gone: set[int], last: dict[int, int]) -> set[int]:
    """Return the ids that end where one of these does; ``last``: where ids go that do not stay."""
    found = {last.get(id, id) for id in gone}
    return gone | found | {start for start, end in last.items() if end in found}


def _steps(rules: Iterable[Rule], kind: str) -> list[tuple[int, int]]:
    """Return from where to where the rules of a kind lead."""
    return [(rule.from_id, rule.to_id) for rule in rules if rule.kind == kind]


def _all_of(out: Iterable[LeftOut], kind: str) -> set[int]:
    """Return the ids left out of a kind."""
    return {each.id for each in out if each.kind == kind}
