"""Profiles: a person's name, timezone, lens and exclusions."""

from functools import lru_cache
from typing import cast, get_args
from zoneinfo import available_timezones

from core.domain.errors import Conflict, InvalidInput
from core.domain.lens import Exclusion, ExclusionKind, Lens, Rule
from core.domain.listen import Kind, Platform
from core.domain.people import Refused
from core.repositories.database import Database
from core.repositories.profiles import ProfileRows
from core.services.accounts import clean_name, name_key

LONGEST_MINIMUM_MS = 600_000


@lru_cache(maxsize=1)
def timezones() -> tuple[str, ...]:
    """Return the timezones a person can choose, sorted; names that mean "this machine" are left out."""
    return tuple(sorted(available_timezones() - {"localtime", "Factory", "posixrules"}))


class Profiles:
    """What people set for themselves."""

    def __init__(self, db: Database, *, counts_api: bool = True) -> None:
        """Keep settings in ``db``; ``counts_api``: what the operator decided about plays the API reported."""
        self._rows, self._counts_api = ProfileRows(db), counts_api

    def lens(self, user_id: int) -> Lens:
        """Return a person's lens; raises ``NotFound`` for nobody."""
        return self.lens_and_version(user_id)[0]

    def lens_and_version(self, user_id: int) -> tuple[Lens, int]:
        """Return a person's lens and data version, what every page starts from; raises ``NotFound`` for nobody."""
        found = self._rows.load(user_id)
        stored, default = found.lens, Lens()
        lens = Lens(
            timezone=found.timezone,
            rule=cast(Rule, stored.get("rule", default.rule)),
            minimum_ms=int(cast(int, stored.get("minimum_ms", default.minimum_ms))),
            kinds=tuple(Kind(kind) for kind in cast(list[int], stored.get("kinds", default.kinds))),
            incognito=bool(stored.get("incognito", default.incognito)),
            merge_recordings=bool(stored.get("merge_recordings", default.merge_recordings)),
            exclusions=tuple(found.exclusions),
            api=self._counts_api,
            featured=bool(stored.get("featured", default.featured)),
        )
        return lens, found.data_version

    def save_lens(self, user_id: int, *, lens: Lens) -> None:
        """Store a lens and its timezone; exclusions are stored by ``exclude`` and ``include`` alone.

        Raises:
            InvalidInput: a field is out of its range.
        """
        check_lens(lens)
        stored = {
            "rule": lens.rule,
            "minimum_ms": lens.minimum_ms,
            "kinds": [int(kind) for kind in sorted(set(lens.kinds))],
            "incognito": lens.incognito,
            "merge_recordings": lens.merge_recordings,
            "featured": lens.featured,
        }
        self._rows.save(user_id, timezone=lens.timezone, lens=stored)

    def set_timezone(self, user_id: int, *, timezone: str) -> None:
        """Store the timezone a person's days are counted in; raises ``InvalidInput`` for an unknown one."""
        check_timezone(timezone)
        self._rows.save(user_id, timezone=timezone)

    def rename(self, user_id: int, *, name: str) -> str:
        """Store a new name and return it as it is shown; raises ``Refused`` (``name`` or ``taken``)."""
        name = clean_name(name)
        try:
            self._rows.save(user_id, name=name, name_key=name_key(name))
        except Conflict as error:
            raise Refused("taken") from error
        return name

    def exclude(self, user_id: int, *, exclusion: Exclusion) -> None:
        """Leave something out of a person's statistics; raises ``InvalidInput`` for what cannot be left out."""
        check_exclusion(exclusion)
        self._rows.exclude(user_id, exclusion=exclusion)

    def include(self, user_id: int, *, exclusion: Exclusion) -> None:
        """Count something again that was left out."""
        self._rows.include(user_id, exclusion=exclusion)


def check_timezone(timezone: str) -> None:
    """Raise ``InvalidInput`` for a timezone there is not."""
    if timezone not in timezones():
        raise InvalidInput("There is no such timezone; choose one like Europe/Berlin from the list.")


def check_lens(lens: Lens) -> None:
    """Raise ``InvalidInput`` for a lens with a field out of its range."""
    check_timezone(lens.timezone)
    if lens.rule not in get_args(Rule):
        raise InvalidInput("There is no such rule for what counts as a play; choose one from the list.")
    if not 0 <= lens.minimum_ms <= LONGEST_MINIMUM_MS:
        raise InvalidInput("The shortest play that counts lies between 0 and 600 seconds.")
    if not lens.kinds:
        raise InvalidInput("Choose at least one kind of listening to count.")


def check_exclusion(exclusion: Exclusion) -> None:
    """Raise ``InvalidInput`` for an exclusion of something that cannot exist."""
    limits: dict[ExclusionKind, range] = {
        "artist": range(1, 2**31),
        "album": range(1, 2**31),
        "track": range(1, 2**31),
        "platform": range(max(Platform) + 1),
        "hour": range(24),
        "country": range(1, 26 * 26 + 1),
    }
    if exclusion.value not in limits.get(exclusion.kind, ()):
        raise InvalidInput("This cannot be left out; choose an artist, album, track, device family, hour or country.")
