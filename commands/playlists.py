"""Commands about playlists: which there are, what is on one, and taking songs along."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from commands.figures import default_lens
from commands.house import house, person, say_json
from core.analytics import playlist_songs
from core.bootstrap import Playprint
from core.domain.errors import InvalidInput, NotFound
from core.domain.names import name_key
from core.domain.people import User
from core.domain.playlists import PlaylistHead, Version

STATES = {"played": "", "skipped": "mostly skipped", "never": "never played", "local": "local file", "spoken": "spoken"}


def list_playlists(*, user: str | None, as_json: bool) -> None:
    """Print a person's playlists."""
    with house() as playing:
        heads = playing.playlists.heads(person(playing, user).id)
    if as_json:
        say_json([_head(each) for each in heads])
        return
    if not heads:
        typer.echo("No playlists here yet; they come with the account data: playprint import Playlist1.json")
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table("Key", "Name", box=None)
    for name in ("Songs", "Versions"):
        table.add_column(name, justify="right")
    table.add_column("Changed")
    table.add_column("")
    for each in heads:
        counts = f"{each.items:,}", f"{each.versions:,}"
        table.add_row(each.key, escape(each.name or "Untitled"), *counts, str(each.modified_on or "-"), _standing(each))
    Console().print(table)


def show_playlist(which: str, *, user: str | None, as_json: bool) -> None:
    """Print what is on a playlist, beside what its person made of it."""
    with house() as playing:
        who = person(playing, user)
        head = _found(playing, who, which)
        versions = playing.playlists.versions(who.id, head.key)
        lens = default_lens(playing, who)
        songs = playing.playlists.ask(who.id, playlist_songs.songs, head.key, lens=lens)
    columns = ("position", "name", "artist", "album", "uri", "added", "plays", "last", "state")
    rows = songs.select(columns).to_dicts()
    if as_json:
        entries = [row | {"added": _iso(row["added"]), "last": _iso(row["last"])} for row in rows]
        say_json({**_head(head), "told": [_version(each) for each in versions], "entries": entries})
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None)
    table.add_column("#", justify="right")
    table.add_column("Song")
    table.add_column("Artist")
    table.add_column("Plays", justify="right")
    table.add_column("Last")
    table.add_column("")
    for row in rows:
        names = escape(row["name"] or row["uri"] or "unknown"), escape(row["artist"])
        table.add_row(str(row["position"]), *names, f"{row['plays']:,}", str(row["last"] or "-"), STATES[row["state"]])
    console = Console()
    console.print(f"{head.name or 'Untitled'} of {who.name}", markup=False)
    console.print(table)


def export_playlist(which: str, *, what: str, form: str, to: Path | None, user: str | None) -> None:
    """Write the songs of a playlist, or of a part of it, to a file, else to where the output goes."""
    from core.services.list_files import written

    if to is not None and to.exists():
        raise InvalidInput(f"{to} is there already; name another file.")
    if not which and what != "none":
        raise InvalidInput("Say which playlist, by its name or key; `playprint playlists list` prints them.")
    with house() as playing:
        who = person(playing, user)
        asked = {} if what == "none" else {"list": _found(playing, who, which).key}
        title, songs = playing.list_songs.songs(who.id, what, asked)
    content = written(form, title, songs, made=datetime.now(UTC))
    if to is None:
        sys.stdout.buffer.write(content)
        return
    try:
        to.write_bytes(content)
    except OSError as error:
        raise InvalidInput(f"{to} cannot be written: {error.strerror or 'no reason given'}.") from error
    typer.echo(f"{title}: {len(songs):,} {'song' if len(songs) == 1 else 'songs'} in {to}")


def _found(playing: Playprint, who: User, which: str) -> PlaylistHead:
    """Return the playlist of a key, else of a name.

    Raises:
        NotFound: there is none.
        InvalidInput: several are called so.
    """
    heads = playing.playlists.heads(who.id)
    found = [each for each in heads if each.key == which]
    found = found or [each for each in heads if name_key(each.name) == name_key(which)]
    if not found:
        raise NotFound(f"{who.name} has no playlist {which}; `playprint playlists list` prints those there are.")
    if len(found) > 1:
        keys = ", ".join(each.key for each in found)
        raise InvalidInput(f"Several playlists are called so; say which by its key: {keys}.")
    return found[0]


def _standing(each: PlaylistHead) -> str:
    """Return why no figures of all lists hold this one; blank: they do."""
    if each.gone:
        return "gone from the newest export"
    if not each.readable:
        return "contents unknown"
    return "" if each.counted else "known from Spotify's API alone"


def _head(each: PlaylistHead) -> dict[str, Any]:
    return {
        "key": each.key,
        "name": each.name,
        "songs": each.items,
        "versions": each.versions,
        "changed": _iso(each.modified_on),
        "origin": each.origin,
        "gone": each.gone,
        "readable": each.readable,
        "counted": each.counted,
    }


def _version(each: Version) -> dict[str, Any]:
    changed = _iso(each.modified_on)
    return {"origin": each.origin, "seen_at": each.seen_at.isoformat(), "changed": changed, "songs": each.items}


def _iso(day: object) -> str | None:
    return str(day) if day is not None else None
