"""Which playlists of several exports are one, in which order exports tell of them, and what tells the same twice."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from core.domain.names import name_key
from core.domain.playlist_items import day_of
from core.repositories.playlists import Exported, Synced

Name = tuple[str, int]  # a playlist's name as a key, and its place among those of one name


def _day(each: Exported) -> str:
    """Return the day on which a playlist was changed last, as far as it is known."""
    day = day_of(each.modified_on)
    return day.isoformat() if day else ""


def _age(each: Exported) -> tuple[str, int]:
    """Return what orders versions: the day Spotify says, then the import."""
    return _day(each), each.import_id


def by_name(exported: Iterable[Exported]) -> dict[Name, list[Exported]]:
    """Return the versions of each exported playlist, the newest first; the playlists told of last come first."""
    places: Counter[tuple[int, str]] = Counter()
    found: dict[Name, list[Exported]] = {}
    for each in exported:
        name = name_key(each.name)
        found.setdefault((name, places[each.import_id, name]), []).append(each)
        places[each.import_id, name] += 1
    ordered = {name: sorted(versions, key=_age, reverse=True) for name, versions in found.items()}
    return dict(sorted(ordered.items(), key=lambda each: (-each[1][0].import_id, each[1][0].position)))


def there(exported: Sequence[Exported], told: Mapping[Name, Sequence[Exported]]) -> list[Name]:
    """Return the playlists of the newest export, in its order.

    Exports do not say when they were made: not before the last change of a list in it, nor the last listen.
    """
    ages: dict[int, tuple[str, int]] = {}
    for each in exported:
        age = (max(_day(each), (each.heard_until or "")[:10]), each.import_id)
        ages[each.import_id] = max(age, ages.get(each.import_id, age))
    newest = max(ages, key=lambda one: ages[one], default=0)
    places = {name: each.position for name, versions in told.items() for each in versions if each.import_id == newest}
    return sorted(places, key=lambda name: places[name])


def different(versions: Sequence[Exported]) -> list[Exported]:
    """Return versions, the newest first, one for all that follow each other and tell the same.

    They do where all is equal, or the day of the change and the length: older exports know less of the same entries.
    Whichever tells most stands for them.
    """
    made: list[Exported] = []
    for each in versions:
        last = made[-1] if made else None
        if last and (last.digest == each.digest or (_day(each) == _day(last) != "" and each.items == last.items)):
            made[-1] = max(last, each, key=lambda one: (_day(one), one.told))
        else:
            made.append(each)
    return made


def in_order(synced: Iterable[Synced]) -> dict[Name, Synced]:
    """Return the synced playlists by name and place among those of one name."""
    places: Counter[str] = Counter()
    found: dict[Name, Synced] = {}
    for each in synced:
        name = name_key(each.name)
        found[name, places[name]] = each
        places[name] += 1
    return found
