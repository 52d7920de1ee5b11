"""Writes lists and a saved library as the account data of an export holds them: names, keys, order and oddities."""

import json
from typing import Any

from core.demo.items import Item
from core.demo.listing import Account, Entry, MadeList, Shelves, address

FOLDER = "Spotify Account Data"


def account_files(account: Account) -> list[tuple[str, str]]:
    """Return the names and texts of the files; the same account gives the same texts."""
    lists = {"playlists": [_list(each) for each in account.lists]}
    return [
        # Exports write a blank before the colon in this one, and none in the other.
        (f"{FOLDER}/Playlist1.json", json.dumps(lists, ensure_ascii=False, indent=2, separators=(",", " : "))),
        (f"{FOLDER}/YourLibrary.json", json.dumps(_library(account.shelves), ensure_ascii=False, indent=2)),
    ]


def _list(made: MadeList) -> dict[str, Any]:
    """Return a playlist as exports of 2025 tell it."""
    return {
        "name": made.name,
        "lastModifiedDate": made.modified.isoformat(),
        "collaborators": [],
        "items": [_entry(entry) for entry in made.entries],
        "description": made.description,
        "numberOfFollowers": made.followers,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    """Return an entry: what it is stands under its kind, the other kinds are empty."""
    told: dict[str, Any] = dict.fromkeys(("track", "episode", "audiobook", "localTrack"))
    if entry.kind == "track":
        names = {"trackName": entry.name, "artistName": entry.by, "albumName": entry.within}
        told["track"] = names | {"trackUri": entry.uri}
    elif entry.kind == "episode":
        told["episode"] = {"episodeName": entry.name, "showName": entry.by, "episodeUri": entry.uri}
    else:
        told["localTrack"] = {"uri": entry.uri}
    return told | {"addedDate": entry.added.isoformat() if entry.added else None}


def _library(shelves: Shelves) -> dict[str, Any]:
    """Return the saved library as exports tell it."""
    return {
        "tracks": [_track(item) for item in shelves.tracks],
        "albums": [
            {"artist": item.by, "album": item.within, "uri": address("album", item.by, item.within)}
            for item in shelves.albums
        ],
        "shows": [
            {"name": item.within, "publisher": "", "uri": address("show", item.within)} for item in shelves.shows
        ],
        "episodes": [
            {"name": item.name, "show": item.within, "uri": f"spotify:episode:{item.key}"} for item in shelves.episodes
        ],
        "bannedTracks": [],
        "artists": [{"name": name, "uri": address("artist", name)} for name in shelves.artists],
        "bannedArtists": [{"name": name, "uri": address("artist", name)} for name in shelves.banned],
        "other": [],
    }


def _track(item: Item) -> dict[str, str]:
    """Return a saved track."""
    return {"artist": item.by, "album": item.within, "track": item.name, "uri": f"spotify:track:{item.key}"}
