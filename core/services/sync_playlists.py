"""Playlists: all are listed, then the items of those that changed are read, the smallest list first."""

from typing import Any

from core.logs import logger
from core.repositories import spotify_lists as lists
from core.repositories.spotify_parts import Storing
from core.services.sync_job import Job, plain
from core.spotify.errors import Absent, Forbidden, MissingScope
from core.spotify.models import Playlist

_WEEK = 7 * 86_400  # seconds
log = logger(__name__)


def read_playlists(job: Job) -> None:
    """Ask for a page of lists, or for a page of a list's items, whichever comes next."""
    if "list" in job.at:
        _read_items(job)
    else:
        _list_page(job)


def _list_page(job: Job) -> None:
    """Store a page of lists; after the last one, the lists nobody saw go and reading begins."""
    offset, gone = int(job.at.get("offset", 0)), int(job.at.get("gone", 0))
    me = job.client.own_id or job.client.me().id
    page = job.client.playlists(offset=offset)
    rows = [_row(each, offset + place, me=me, run=job.run) for place, each in enumerate(page.items) if each]
    total = int(job.at.get("total", page.total))
    gone += len(page.items) - len(rows)
    with job.storing() as to:
        lists.keep_playlists(to, rows=list({row["playlist_id"]: row for row in rows}.values()), run=job.run)
        if page.next_offset is not None and page.next_offset > offset:
            at = {"run": job.run, "offset": page.next_offset, "total": total, "gone": gone}
            to.go_on("playlists", at, began=not offset)
            return
        if page.total == total:  # else the lists moved between two pages, and one may have been missed
            lists.sweep_playlists(to, run=job.run)
        if gone:
            log.info("spotify.empty_entries", user_id=job.user_id, part="playlists", entries=gone)
        _next(job, to, began=not offset)


def _row(playlist: Playlist, position: int, *, me: str, run: int) -> dict[str, Any]:
    """Return a list as columns; the contents of somebody else's are not ours to read."""
    own = playlist.owner_id == me
    fields = plain(playlist)
    return {
        "playlist_id": fields["id"],
        "position": position,
        "name": fields["name"] or "",
        "description": fields["description"],
        "own": own,
        "collaborative": bool(playlist.collaborative),
        "public": playlist.public,
        "total": playlist.total,
        "listed_snapshot": playlist.snapshot or _version(playlist, run),
        "contents": "waiting" if own or playlist.collaborative else "forbidden",
    }


def _version(playlist: Playlist, run: int) -> str:
    """Return what stands for the version Spotify left out: another length, or a new week, is another version."""
    return f"{playlist.total} items in week {run // _WEEK}"


def _read_items(job: Job) -> None:
    """Store a page of a list's items; one that was refused or is gone is not asked for again."""
    one = job.at["list"]
    offset = int(one["offset"])
    try:
        page = job.client.playlist_items(one["id"], offset=offset)
    except MissingScope:
        raise
    except Forbidden:
        with job.storing() as to:
            lists.forbid_playlist(to, playlist_id=one["id"], snapshot=one["snapshot"])
            _next(job, to)
        return
    except Absent:
        with job.storing() as to:
            lists.drop_playlist(to, playlist_id=one["id"])
            _next(job, to)
        return
    with job.storing() as to:
        if not lists.has_playlist(to, playlist_id=one["id"]):
            _next(job, to)
            return
        lists.keep_items(to, playlist_id=one["id"], first=offset, rows=[plain(item) for item in page.items])
        if page.next_offset is not None and page.next_offset > offset:
            to.go_on("playlists", {**job.at, "list": {**one, "offset": page.next_offset}}, began=False)
        else:
            lists.settle_items(to, playlist_id=one["id"], snapshot=one["snapshot"])
            _next(job, to)


def _next(job: Job, to: Storing, *, began: bool = False) -> None:
    """Go on with the next list to read, or end."""
    waiting = lists.next_playlist(to)
    if waiting is None:
        to.end("playlists", next_at=job.tomorrow, rows=lists.count_playlists(to), began=began)
    else:
        one = {"id": waiting.playlist_id, "snapshot": waiting.snapshot, "offset": 0}
        to.go_on("playlists", {"run": job.run, "list": one}, began=began)
