"""What Alice and Bob keep: playlists, saved music, the artists they follow, what ranks highest for them."""

import random
from datetime import UTC, datetime, timedelta

from .music import Artist, Thing, Track, made_id, music, number_of
from .people import Person
from .playing import Habit
from .playlists import Playlist, Saved

SIZES = (712, 283, 251, 166, 98, 84, 77, 64, 61, 58, 55, 52, 51, 50, 49, 47, 44, 41, 38, 35, 33, 30, 28, 25, 24, 22, 20,
         18, 15, 12, 9, 5, 1, 0)  # fmt: skip
OLD = datetime(2025, 3, 1, 10, tzinfo=UTC)


def _spread(name: str, count: int, *, what: str) -> list[Track]:
    """Return so many tracks in an order of somebody's own."""
    return random.Random(f"{what} {name}").sample(music().tracks, count)


def _playlist(person: Person, number: int, size: int) -> Playlist:
    public = (True, False, None)[number % 3]
    playlist = Playlist(made_id("playlist", person.name, number), f"List {number + 1}", person.id,
                        person.display_name, None if number % 5 == 4 else "", public)  # fmt: skip
    start = OLD - timedelta(days=number * 11)
    for position, track in enumerate(_spread(f"{person.name} {number}", size, what="listed")):
        playlist.add(track, at=start + timedelta(hours=position))
    return playlist


def _add_oddities(playlist: Playlist) -> None:
    """Put in what real playlists hold besides tracks: files, podcasts, tracks that are gone."""
    odd: list[Thing] = [music().locals[0], music().locals[1], music().episodes[0], music().episodes[1]]
    playlist.add(*odd, at=OLD)
    playlist.add(music().tracks[0], at=None, by=None)
    playlist.items[-1].added_by = None  # type: ignore[union-attr]
    playlist.add(music().tracks[1], at=OLD)
    playlist.items[-1].thing = None  # type: ignore[union-attr]


def _foreign(name: str, owner: str, title: str, **more: object) -> Playlist:
    playlist = Playlist(made_id("playlist", name, title), title, owner, "Mira Example", "", **more)  # type: ignore[arg-type]
    for position, track in enumerate(_spread(title, 40, what="listed")):
        playlist.add(track, at=OLD + timedelta(days=position))
    return playlist


def _save(person: Person, *, tracks: int, albums: int) -> None:
    for position, track in enumerate(_spread(person.name, tracks, what="saved")):
        person.saved_tracks.append(Saved(OLD + timedelta(days=300) - timedelta(hours=5 * position), track))
    every = [album for album in music().albums if album.tracks]
    chosen = sorted(every, key=lambda album: number_of("saved", person.name, album.id))[:albums]
    for position, album in enumerate(chosen):
        person.saved_albums.append(Saved(OLD + timedelta(days=200) - timedelta(hours=31 * position), album))


def _rank(person: Person, *, of: int, count: int) -> None:
    """Rank what somebody likes; each range a little differently."""
    habit = Habit(person.name, (), of)
    for shift, tops in zip((0, 7, 19), person.top.values(), strict=True):
        liked = habit.taste()[shift:]
        tops.tracks[:] = liked[:count]
        artists: dict[Artist, None] = dict.fromkeys(track.album.artist for track in liked)
        tops.artists[:] = list(artists)[:count]


def fill_alice(person: Person) -> None:
    """Give somebody a large collection."""
    person.playlists.extend(_playlist(person, number, size) for number, size in enumerate(SIZES))
    _add_oddities(person.playlists[10])  # type: ignore[arg-type]
    person.playlists.insert(2, None)
    mira = "mira_000001"
    others = [
        _foreign(person.name, mira, "Mira's Mornings", public=True),
        _foreign(person.name, mira, "Our Road Trip", collaborative=True, collaborators={person.id}),
        _foreign(person.name, "spotify", "Made for You", public=True, gone=True),
        None,
    ]
    person.playlists.extend(others)
    _save(person, tracks=5_000, albums=300)
    person.followed.extend(music().artists[:120])
    _rank(person, of=900, count=50)


def fill_bob(person: Person) -> None:
    """Give somebody a small collection."""
    person.playlists.extend(_playlist(person, number, size) for number, size in enumerate((60, 20, 3)))
    _save(person, tracks=120, albums=20)
    person.followed.extend(music().artists[200:215])
    _rank(person, of=200, count=20)
