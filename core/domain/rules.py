"""What a person decided belongs together or apart: kinds of rules, what each means, and what came of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

RuleKind = Literal["artist", "album", "recording", "alone", "album-artist", "track-artist"]
KINDS: tuple[RuleKind, ...] = ("artist", "album", "recording", "alone", "album-artist", "track-artist")
Merged = Literal["artist", "album", "track"]
MOST_RULES = 2_000
NEW_ARTIST = 2**31 - 1  # stands in previews for an artist that is made when the decision is


@dataclass(frozen=True, slots=True, order=True)
class IdentityRule:
    """One step of a decision.

    ``artist``, ``album``: ``from_id`` counts as ``to_id``, whatever is heard later. ``recording``: both are tracks,
    and all tracks of both their recordings are one recording. ``alone``: the track ``from_id`` is a recording of its
    own (``to_id`` is 0). ``album-artist``: the album and everything on it is by the artist ``to_id``.
    ``track-artist``: the track is by the artist ``to_id``; it goes before its album's.
    """

    kind: RuleKind
    from_id: int
    to_id: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided at once and is taken back at once; ``sources`` and ``target`` are names.

    ``kind`` is that of its rules; ``target`` is empty for a track that stands alone.
    """

    id: int
    kind: RuleKind
    sources: tuple[str, ...]
    target: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """An artist, album or track in somebody's whole history; ``rank`` is ``None`` without a play."""

    kind: Merged
    id: int
    name: str
    artist: str
    plays: int
    ms_played: int
    rank: int | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a decision touches as it stands, and as it would stand; each list begins with the most plays."""

    before: tuple[Standing, ...]
    after: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two things of one kind that are likely the same: ``source`` would count as ``target``, the more played one."""

    source: Standing
    target: Standing


def ends(steps: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Return where each id goes in the end when steps follow one another; steps in a circle are left out."""
    direct = dict(steps)
    found = {}
    for start in direct:
        seen, place = {start}, direct[start]
        while place in direct and place not in seen:
            seen.add(place)
            place = direct[place]
        if place not in seen:
            found[start] = place
    return found


def groups(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Return the lowest member of its group for each id that has lower ones, where pairs belong together."""
    parent: dict[int, int] = {}

    def root(id: int) -> int:
        while parent.get(id, id) != id:
            parent[id] = id = parent.get(parent[id], parent[id])
        return id

    for one, other in pairs:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return {id: low for id in parent if (low := root(id)) != id}
