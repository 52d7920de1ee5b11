"""The songs of a list by the words of an address: a playlist as it stands, else what ``Taking`` knows."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import polars as pl

from core.domain.lens import Lens
from core.domain.playlists import ListedSong
from core.services.playlists import Playlists

if TYPE_CHECKING:
    from core.services.taking import Taking


class ListSongs:
    """Titles and songs of lists for whoever takes them along; ``lens`` gives a person's."""

    def __init__(self, playlists: Playlists, taking: "Taking", lens: Callable[[int], Lens]) -> None:
        self._playlists, self._taking, self._lens = playlists, taking, lens

    def songs(self, user_id: int, what: str, asked: Mapping[str, str]) -> tuple[str, tuple[ListedSong, ...]]:
        """Return the title and songs of a list; raises ``NotFound`` where the person has none of that name."""
        if what == "songs":
            listed = self._playlists.listed(user_id, asked.get("list", ""))
            return listed.name, of_frame(listed.frame)
        taken = self._taking.songs(user_id, what, asked, lens=self._lens(user_id))
        return taken.title, taken.songs


def of_frame(frame: pl.DataFrame) -> tuple[ListedSong, ...]:
    """Return rows with the columns of ``Listed.frame`` as songs, in their order."""
    rows = frame.select("name", "artist", "album", "uri").iter_rows()
    return tuple(ListedSong(name, artist, album, uri) for name, artist, album, uri in rows)
