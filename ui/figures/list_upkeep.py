"""Panels of what could go from a playlist."""

from typing import TYPE_CHECKING

import polars as pl

from core.analytics import playlist_upkeep as metrics
from core.domain.lens import Lens
from core.domain.playlists import ListAsk
from ui import formats
from ui.figures.list_songs import ever, until, worded
from ui.figures.panel import Listing, Shown

if TYPE_CHECKING:
    from core.services.playlists import Playlists

SONG = Shown("Song", "name", "name", of="track", under="artist", under_id="artist_id")
PLACE = Shown("#", "position", "rank")


def duplicates(lists: "Playlists", user_id: int, lens: Lens, ask: ListAsk) -> Listing:
    """Return entries that are there before."""
    frame = lists.ask(user_id, metrics.duplicates, ask.key, **ever(lens, ask))
    frame = frame.with_columns(why=pl.col("why").replace_strict({"again": "the same", "edition": "another release"}))
    count = frame.height
    title = f"{formats.plural(count, 'song')} more than once" if count else "Nothing is there twice"
    columns = (
        PLACE,
        SONG,
        Shown("Already at", "first", "number", hint="The place it stands first"),
        Shown("", "why", "text"),
    )
    return Listing(
        title, "The same song, or the same recording from another release, further up", frame, columns,
        "No song is on the list twice.", "Live, remix and acoustic versions are other recordings.",
        "playlist_upkeep.duplicates", formats.plural(count, "song"),
    )  # fmt: skip


def never(lists: "Playlists", user_id: int, lens: Lens, ask: ListAsk) -> Listing:
    """Return songs never played."""
    frame = lists.ask(user_id, metrics.never, ask.key, as_of=until(lists, user_id, lens, ask), **ever(lens, ask))
    count = frame.height
    title = (
        f"{formats.plural(count, 'song')} you never played" if count else "Every song on it was played, or is new on it"
    )
    columns = (PLACE, SONG, Shown("Added", "added", "day"))
    return Listing(
        title, "On the list for 90 days or longer, or nobody knows since when, and never a play", frame, columns,
        "Every song that had 90 days was played.", "Your whole history counts, not the range alone.",
        "playlist_upkeep.never", formats.plural(count, "song"),
    )  # fmt: skip


def skipped(lists: "Playlists", user_id: int, lens: Lens, ask: ListAsk) -> Listing:
    """Return songs mostly skipped."""
    frame = lists.ask(user_id, metrics.skipped, ask.key, **ever(lens, ask))
    count = frame.height
    title = f"{formats.plural(count, 'song')} you mostly skip" if count else "Nothing on it is mostly skipped"
    columns = (PLACE, SONG, Shown("Starts", "starts", "number"), Shown("Skipped", "share", "share"))
    return Listing(
        title, "Started three times or more, and skipped so often that it is no chance", frame, columns,
        "No song is skipped so often that one can be sure.",
        "Three skips in a row or so can happen with any song; listed is what you skip more often than not for sure.",
        "playlist_upkeep.skipped", formats.plural(count, "song"),
    )  # fmt: skip


def local(lists: "Playlists", user_id: int, lens: Lens, ask: ListAsk) -> Listing:
    """Return files of one's own and what is no music."""
    frame = worded(lists.ask(user_id, metrics.local, ask.key, **ever(lens, ask)))
    count = frame.height
    title = "Everything on it is music of Spotify's catalogue"
    if count:
        title = f"{formats.number(count)} not of Spotify's catalogue, or no music"
    columns = (PLACE, SONG, Shown("Plays", "plays", "number"), Shown("", "state", "text"))
    return Listing(
        title, "Your own files, episodes and chapters; other programs will not find them", frame, columns,
        "No own files, episodes or chapters.", "Plays count where your history holds the file.",
        "playlist_upkeep.local", f"{formats.number(count)} of them",
    )  # fmt: skip
