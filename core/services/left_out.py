"""What leaving something out would change, computed without storing anything."""

from dataclasses import dataclass, replace

from core.domain.lens import Exclusion, Lens
from core.services.listening import Listening

TOP = 5


@dataclass(frozen=True, slots=True)
class Sums:
    """A history under one lens: plays, milliseconds, artists, and the most played artists, best first."""

    plays: int
    ms_played: int
    artists: int
    top: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """A history with something counted, and without it."""

    before: Sums
    after: Sums

    @property
    def plays(self) -> int:
        """Return how many plays are hidden."""
        return self.before.plays - self.after.plays

    @property
    def ms_played(self) -> int:
        """Return how much listening time is hidden, in milliseconds."""
        return self.before.ms_played - self.after.ms_played


def hidden(listening: Listening, user_id: int, *, lens: Lens, exclusion: Exclusion) -> tuple[int, int]:
    """Return (plays, milliseconds) that an exclusion of a lens hides: a view each way, and no ranking."""
    others = tuple(known for known in lens.exclusions if known != exclusion)
    counted = listening.view(user_id, lens=replace(lens, exclusions=others))
    now = listening.view(user_id, lens=lens)
    return counted.plays - now.plays, int(counted.ms.sum()) - int(now.ms.sum())


def effect(listening: Listening, user_id: int, *, lens: Lens, exclusion: Exclusion) -> Effect:
    """Return what an exclusion does to all of a history, whether the lens has it already or not.

    The other exclusions of the lens apply on both sides.
    """
    others = tuple(known for known in lens.exclusions if known != exclusion)
    before, after = replace(lens, exclusions=others), replace(lens, exclusions=tuple(sorted((*others, exclusion))))
    return Effect(_sums(listening, user_id, before), _sums(listening, user_id, after))


def _sums(listening: Listening, user_id: int, lens: Lens) -> Sums:
    """Return the sums of a history under a lens."""
    totals = listening.totals(user_id, lens=lens).now
    top = listening.top(user_id, by="artist", lens=lens, limit=TOP)
    return Sums(totals.plays, totals.ms_played, totals.artists, tuple(name or "Unknown" for name in top["name"]))
