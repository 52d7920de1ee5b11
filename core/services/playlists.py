"""Playlists: those of exports and of the sync as one, their versions, and their songs beside a person's library."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any, TypeVar

import polars as pl

from core.analytics.library import Library
from core.analytics.listed import Listed, Matcher
from core.analytics.selecting import ALL_TIME, UNFILTERED
from core.domain.errors import NotFound
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.period import Period
from core.domain.playlist_items import day_of, item_of
from core.domain.playlists import PlaylistHead, PlaylistItem, Version
from core.repositories.database import Database
from core.repositories.playlists import Exported, PlaylistRows, Synced
from core.services.listening import Listening
from core.services.playlist_telling import Name, by_name, different, in_order, there

_R = TypeVar("_R")
KEPT_MATCHERS, KEPT_LISTS = 8, 64  # of as many people
NOT_HERE = "There is no such playlist here; choose one on the Playlists page."
NO_VERSION = "This playlist has no such version; choose one of those its page lists."
UNREAD = "What is on this playlist is not known here yet; choose another one on the Playlists page."
SAVED = {"kind": pl.String, "name": pl.String, "artist": pl.String, "album": pl.String, "uri": pl.String}


@dataclass(frozen=True, slots=True)
class _List:
    """A playlist with all that told of it: exports, the newest first, and the sync."""

    head: PlaylistHead
    exported: tuple[Exported, ...]
    synced: Synced | None


class Playlists:
    """Everybody's playlists; safe to share between threads."""

    def __init__(self, db: Database, listening: Listening, *, counts_api: bool) -> None:
        """``counts_api``: whether figures are made of lists that Spotify's API alone told of."""
        self._rows, self._listening, self._counts_api = PlaylistRows(db), listening, counts_api
        self._matchers: OrderedDict[tuple[int, Hashable], Matcher] = OrderedDict()
        self._told: OrderedDict[int, tuple[str, dict[str, _List]]] = OrderedDict()
        self._guard = threading.Lock()

    def library(self, user_id: int) -> Library:
        """Return the library that a person's playlists are matched with."""
        return self._listening.library(user_id)

    def stamp(self, user_id: int) -> str:
        """Return what changes whenever a person's playlists or saved things do."""
        return self._rows.stamp(user_id)

    def until(self, user_id: int, *, lens: Lens, today: date) -> date:
        """Return the day up to which the person's history tells of anything (see ``Listening.until``)."""
        return self._listening.until(user_id, lens=lens, today=today)

    def heads(self, user_id: int) -> tuple[PlaylistHead, ...]:
        """Return a person's playlists as the newest export and Spotify order them, those that are gone last."""
        return tuple(each.head for each in self._lists(user_id).values())

    def versions(self, user_id: int, key: str) -> tuple[Version, ...]:
        """Return the versions of a playlist, the one its figures are made of first, then the newest.

        Raises:
            NotFound: the person has no such playlist.
        """
        found = self._one(user_id, key)
        told = [
            Version("export", str(each.import_id), each.imported_at, day_of(each.modified_on), each.items)
            for each in found.exported
        ]
        synced = self._synced_versions(user_id, found.synced) if found.synced else []
        return tuple([*synced, *told] if found.head.origin == "spotify" else [*told, *synced])

    def _synced_versions(self, user_id: int, live: Synced) -> list[Version]:
        """Return what is known of a synced playlist over time, the latest first; nothing of one that is not read."""
        seen = self._rows.synced_versions(user_id, live.id)
        if not seen and live.contents == "read":  # it was read before versions were kept
            return [Version("spotify", live.snapshot, live.fetched_at, None, live.total)]
        return [Version("spotify", snapshot, at, at.date(), items) for snapshot, at, items in seen]

    def listed(self, user_id: int, key: str, *, version: int = 0) -> Listed:
        """Return a version of a playlist beside the person's library; 0 is the one its figures are made of.

        Raises:
            NotFound: the person has no such playlist, it has no such version, or nobody knows what is on it.
        """
        found, versions = self._one(user_id, key), self.versions(user_id, key)
        if not found.head.readable:
            raise NotFound(UNREAD)
        if not 0 <= version < len(versions):
            raise NotFound(NO_VERSION)
        return self._kept(
            user_id,
            ("listed", key, version),
            lambda: self._matched(user_id, found, self._items_of(user_id, found, versions[version])),
        )

    def every(self, user_id: int) -> tuple[Listed, ...]:
        """Return all playlists that are there and counted, as they are now."""
        return self._kept(user_id, ("every",), lambda: self._every(user_id))

    def saved(self, user_id: int) -> pl.DataFrame:
        """Return what the newest export with a library has saved.

        Columns: kind (track, album, artist, banned_artist …), name, artist, album, uri (str, "" unknown).
        """
        return pl.DataFrame(self._rows.saved(user_id), schema=SAVED, orient="row")

    def ask(
        self,
        user_id: int,
        metric: Callable[..., _R],
        key: str,
        /,
        *,
        lens: Lens,
        period: Period = ALL_TIME,
        filters: Filters = UNFILTERED,
        **more: Hashable,
    ) -> _R:
        """Return a metric of a view and a playlist, kept while history and playlists stay as they are.

        Raises:
            NotFound: the person has no such playlist.
        """
        question = ("list", _called(metric), key, lens, period, filters, *sorted(more.items()))

        def answer() -> _R:
            view = self._listening.view(user_id, lens=lens, period=period, filters=filters)
            return metric(view, self.listed(user_id, key), **more)

        return self._kept(user_id, question, answer)

    def ask_every(
        self,
        user_id: int,
        metric: Callable[..., _R],
        /,
        *,
        lens: Lens,
        period: Period = ALL_TIME,
        filters: Filters = UNFILTERED,
        **more: Hashable,
    ) -> _R:
        """Return a metric of a view and all playlists (see ``every``), kept likewise."""
        question = ("lists", _called(metric), lens, period, filters, *sorted(more.items()))

        def answer() -> _R:
            view = self._listening.view(user_id, lens=lens, period=period, filters=filters)
            return metric(view, self.every(user_id), **more)

        return self._kept(user_id, question, answer)

    def _kept(self, user_id: int, question: tuple[Hashable, ...], make: Callable[[], _R]) -> _R:
        return self._listening.kept(user_id, ("playlists", self.stamp(user_id), *question), make)

    def _one(self, user_id: int, key: str) -> _List:
        found = self._lists(user_id).get(key)
        if found is None:
            raise NotFound(NOT_HERE)
        return found

    def _lists(self, user_id: int) -> dict[str, _List]:
        """Return a person's playlists by key; kept while they stay, for they do not depend on what is heard."""
        stamp = self.stamp(user_id)
        with self._guard:
            known = self._told.get(user_id)
            if known is not None and known[0] == stamp:
                self._told.move_to_end(user_id)
                return known[1]
        made = self._gathered(user_id)
        with self._guard:
            self._told[user_id] = (stamp, made)
            while len(self._told) > KEPT_LISTS:
                self._told.popitem(last=False)
        return made

    def _gathered(self, user_id: int) -> dict[str, _List]:
        exported = self._rows.exported(user_id)
        told, synced = by_name(exported), in_order(self._rows.synced(user_id))
        present = there(exported, told)
        order = dict.fromkeys([*synced, *present, *told])
        lists = {}
        for name in order:
            versions, live = different(told.get(name, [])), synced.get(name)
            head = self._head(name, versions, live, gone=live is None and name not in present)
            lists[head.key] = _List(head, tuple(versions), live)
        return dict(sorted(lists.items(), key=lambda each: each[1].head.gone))

    def _head(self, name: Name, told: Sequence[Exported], live: Synced | None, *, gone: bool) -> PlaylistHead:
        """Return what is said of a playlist without its items: by Spotify where that counts and is read, else told."""
        key = blake2b(f"{name[0]}\x1f{name[1]}".encode(errors="replace"), digest_size=6).hexdigest()
        read = live is not None and live.contents == "read"
        versions = len(told) + (max(live.versions, int(read)) if live else 0)
        followers = told[0].followers if told else None
        if told and not (read and self._counts_api):
            return PlaylistHead(
                key, told[0].name, told[0].description, "export", told[0].items, versions,
                day_of(told[0].modified_on), followers, gone, spotify_id=live.id if live else "",
            )  # fmt: skip
        assert live is not None  # noqa: S101 a list is told by one of the two
        changed = live.changed_at.date() if live.changed_at else None
        return PlaylistHead(
            key, live.name, live.description, "spotify", live.total, versions, changed, followers, gone, read,
            self._counts_api, live.id,
        )  # fmt: skip

    def _items_of(self, user_id: int, found: _List, version: Version) -> list[PlaylistItem]:
        """Return the entries of one version."""
        if version.origin == "export":
            one = next(each for each in found.exported if str(each.import_id) == version.told_by)
            place = (one.import_id, one.position)
            return [item_of(each) for each in self._rows.exported_items(user_id, [place]).get(place, [])]
        id = found.synced.id if found.synced else ""
        now = found.synced is not None and found.synced.snapshot == version.told_by
        told = self._rows.synced_items(user_id, [id])[id] if now else []
        return [item_of(each) for each in told or self._rows.version_items(user_id, id, version.told_by)]

    def _every(self, user_id: int) -> tuple[Listed, ...]:
        """Return the lists there are, their items read at once."""
        lists = [each for each in self._lists(user_id).values() if _shown(each.head)]
        places = {each.head.key: (each.exported[0].import_id, each.exported[0].position)
                  for each in lists if each.head.origin == "export"}  # fmt: skip
        ids = {each.head.key: each.head.spotify_id for each in lists if each.head.origin == "spotify"}
        told = self._rows.exported_items(user_id, list(places.values()))
        live = self._rows.synced_items(user_id, list(ids.values())) if ids else {}
        entries = [
            told.get(places[each.head.key], []) if each.head.key in places else live[ids[each.head.key]]
            for each in lists
        ]
        asked = [
            (each.head.key, each.head.name, [item_of(entry) for entry in entered])
            for each, entered in zip(lists, entries, strict=True)
        ]
        return tuple(self._matcher(user_id).match_all(asked))

    def _matched(self, user_id: int, found: _List, items: Sequence[PlaylistItem]) -> Listed:
        return self._matcher(user_id).match(items, key=found.head.key, name=found.head.name)

    def _matcher(self, user_id: int) -> Matcher:
        """Return the matcher of a person's library as it is now; the last few are kept."""
        library = self._listening.library(user_id)
        place = (user_id, library.stamp)
        with self._guard:
            known = self._matchers.get(place)
            if known is not None:
                self._matchers.move_to_end(place)
                return known
        gone = library.moved.filter(pl.col("kind") == "artist")["from_id"].to_list()
        made = Matcher(library, self._rows.artist_names(gone) if gone else {})
        with self._guard:
            self._matchers[place] = made
            for old in [key for key in self._matchers if key[0] == user_id and key != place]:
                del self._matchers[old]
            while len(self._matchers) > KEPT_MATCHERS:
                self._matchers.popitem(last=False)
        return made


def _shown(head: PlaylistHead) -> bool:
    """Return whether figures of all lists hold this one."""
    return head.counted and head.readable and not head.gone


def _called(metric: Callable[..., Any]) -> str:
    return f"{metric.__module__}.{metric.__qualname__}"
