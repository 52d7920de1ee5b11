"""The songs of a list by the words of an address: a playlist or parts of it, else what ``Taking`` knows."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import polars as pl

from core.analytics import playlist_overlap, playlist_upkeep
from core.domain.lens import Lens
from core.domain.playlists import ListedSong
from core.services.playlists import Playlists

if TYPE_CHECKING:
    from core.services.taking import Taking

# Parts of a playlist as addresses call them: frames with the places of their entries, from 1.
_PARTS: dict[str, Callable[..., pl.DataFrame]] = {
    "cleaned": playlist_upkeep.cleaned,
    "duplicates": playlist_upkeep.duplicates,
    "never": playlist_upkeep.never,
    "skipped": playlist_upkeep.skipped,
}
_CALLED = {"cleaned": "cleaned up", "duplicates": "twice", "never": "never played", "skipped": "mostly skipped"}
_DATED = ("cleaned", "never")
MOST = 500  # of the songs that are in no playlist


class ListSongs:
    """Titles and songs of lists for whoever takes them along; ``lens`` gives a person's."""

    def __init__(
        self,
        playlists: Playlists,
        taking: "Taking",
        lens: Callable[[int], Lens],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._playlists, self._taking, self._lens, self._now = playlists, taking, lens, now

    def songs(self, user_id: int, what: str, asked: Mapping[str, str]) -> tuple[str, tuple[ListedSong, ...]]:
        """Return the title and songs of a list; raises ``NotFound`` where the person has none of that name."""
        if what == "songs" or what in _PARTS:
            return self._of_playlist(user_id, what, asked.get("list", ""))
        if what == "none":
            return "Played most, in no playlist", self._in_none(user_id)
        taken = self._taking.songs(user_id, what, asked, lens=self._lens(user_id))
        return taken.title, taken.songs

    def _of_playlist(self, user_id: int, what: str, key: str) -> tuple[str, tuple[ListedSong, ...]]:
        """Return the title and songs of a playlist, or of a part of it."""
        listed = self._playlists.listed(user_id, key)
        if what == "songs":
            return listed.name, of_frame(listed.frame)
        lens = self._lens(user_id)
        today = self._now().astimezone(ZoneInfo(lens.timezone)).date()
        until = self._playlists.until(user_id, lens=lens, today=today)
        if what in _DATED:
            found = self._playlists.ask(user_id, _PARTS[what], key, lens=lens, as_of=until)
        else:
            found = self._playlists.ask(user_id, _PARTS[what], key, lens=lens)
        places = found["position"] - 1
        part = listed.frame.filter(pl.col("position").is_in(places.implode()))
        return f"{listed.name} ({_CALLED[what]})", of_frame(part)

    def _in_none(self, user_id: int) -> tuple[ListedSong, ...]:
        """Return the songs a person played most that are on none of their playlists, most plays first."""
        lens = self._lens(user_id)
        found = self._playlists.ask_every(user_id, playlist_overlap.in_none, lens=lens).head(MOST)
        library = self._playlists.library(user_id)
        albums = library.albums["name"].gather(library.tracks["album"])
        known = library.tracks.select("id", "uri", album=albums)
        told = found.join(known, on="id", how="left", maintain_order="left")
        return of_frame(told.with_columns(pl.col("name", "artist", "album", "uri").fill_null("")))


def of_frame(frame: pl.DataFrame) -> tuple[ListedSong, ...]:
    """Return rows with the columns of ``Listed.frame`` as songs, in their order."""
    rows = frame.select("name", "artist", "album", "uri").iter_rows()
    return tuple(ListedSong(name, artist, album, uri) for name, artist, album, uri in rows)
