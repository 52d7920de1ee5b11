"""The panels of playlists by name. No Streamlit."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from core.domain.lens import Lens
from core.domain.playlists import ListAsk
from ui.figures import list_all, list_makeup, list_songs, list_upkeep
from ui.figures.panel import Panel

if TYPE_CHECKING:
    from core.services.playlists import Playlists

MakeList = Callable[["Playlists", int, Lens, ListAsk], Panel]
# Of one list, whose key is asked for; and of all of them.
ONE: dict[str, MakeList] = {
    "list-facts": list_songs.in_figures,
    "list-songs": list_songs.every_song,
    "list-listening": list_songs.along,
    "list-fading": list_songs.fading,
    "list-clock": list_songs.by_hour,
    "list-artists": list_makeup.artists,
    "list-genres": list_makeup.genres,
    "list-taste": list_makeup.place_in_taste,
    "list-years": list_makeup.years,
    "list-growth": list_makeup.growth,
    "list-versions": list_makeup.versions,
    "list-duplicates": list_upkeep.duplicates,
    "list-never": list_upkeep.never,
    "list-skipped": list_upkeep.skipped,
    "list-local": list_upkeep.local,
}
ALL: dict[str, MakeList] = {
    "lists-compared": list_all.compared,
    "lists-overlap": list_all.overlap,
    "lists-pairs": list_all.pairs,
    "lists-subsets": list_all.subsets,
    "lists-none": list_all.in_none,
}
LIST_PANELS: dict[str, MakeList] = {**ONE, **ALL}
