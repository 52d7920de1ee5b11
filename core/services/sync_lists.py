"""Rankings, saved tracks and albums, and followed artists: one page each time it is their turn."""

from datetime import UTC, timedelta
from typing import Literal, get_args

from core.domain.spotify import Part, TimeRange
from core.repositories.spotify_kept import keep_artist_uris, keep_saved, keep_top, saved, sweep_saved
from core.services.sync_job import Job, plain

# Spotify's own rankings in the order they are asked for: one page of fifty each.
WANTED: list[tuple[Literal["artist", "track"], TimeRange]] = [
    (kind, time_range) for time_range in get_args(TimeRange) for kind in ("artist", "track")
]
# A library that seems unchanged is read as a whole no later than this: lists may not get older than a week.
WHOLE = timedelta(days=5)


def read_top(job: Job) -> None:
    """Read the next ranking of today; all of a day's make a snapshot."""
    day = job.now.astimezone(UTC).date()
    at = job.at if job.at.get("day") == day.isoformat() else {}
    done, rows = int(at.get("done", 0)), int(at.get("rows", 0))
    kind, time_range = WANTED[done]
    ask = job.client.top_artists if kind == "artist" else job.client.top_tracks
    items = [plain(item) for item in ask(time_range=time_range).items]
    rows += len(items)
    with job.storing() as to:
        keep_top(to, day=day, kind=kind, time_range=time_range, items=items)
        if kind == "artist":
            keep_artist_uris(to, uris={item["name"]: item["uri"] for item in items if item["name"]})
        if done + 1 < len(WANTED):
            to.go_on("top", {"day": day.isoformat(), "done": done + 1, "rows": rows}, began=not done)
        else:
            to.end("top", next_at=job.tomorrow, rows=rows)


def read_saved_tracks(job: Job) -> None:
    """Read a page of saved tracks."""
    _read_saved(job, "saved_tracks", "track")


def read_saved_albums(job: Job) -> None:
    """Read a page of saved albums."""
    _read_saved(job, "saved_albums", "album")


def _read_saved(job: Job, part: Part, kind: Literal["track", "album"]) -> None:
    """Read a page, newest first, until nothing on it is new and the number here is the number there.

    Else (something was removed, or the last whole pass is days ago) the pass goes on to the end, and what it did not
    see goes. ``odd`` is by how many the two numbers differed after a whole pass: entries that stand for nothing.
    """
    offset, odd = int(job.at.get("offset", 0)), int(job.at.get("odd", 0))
    page = (job.client.saved_tracks if kind == "track" else job.client.saved_albums)(offset=offset)
    rows = [row for item in page.items if (row := plain(item))["uri"]]
    total, following = int(job.at.get("total", page.total)), page.next_offset
    with job.storing() as to:
        oldest = saved(to, kind=kind)[1]
        new = keep_saved(to, kind=kind, rows=rows, run=job.run)
        whole = following is None or following <= offset
        if whole and page.total == total:  # else something moved between two pages, and may have been missed
            sweep_saved(to, kind=kind, run=job.run)
        count = saved(to, kind=kind)[0]
        fresh = oldest >= (job.now - WHOLE).timestamp()
        if whole:
            odd = page.total - count if page.total == total else odd
            to.end(part, next_at=job.tomorrow, rows=count, at={"odd": odd} if odd else None, began=not offset)
        elif not new and count + odd == page.total and fresh:
            to.end(part, next_at=job.tomorrow, rows=count, at={"odd": odd} if odd else None, began=not offset)
        else:
            at = {"run": job.run, "offset": following, "total": total, "odd": odd}
            to.go_on(part, at, began=not offset)


def read_followed(job: Job) -> None:
    """Read a page of followed artists; what a whole pass did not see goes."""
    after = job.at.get("after")
    page = job.client.followed(after=after)
    rows = [row for item in page.items if (row := plain(item))["uri"]]
    with job.storing() as to:
        keep_saved(to, kind="artist", rows=rows, run=job.run)
        keep_artist_uris(to, uris={row["name"]: row["uri"] for row in rows if row["name"]})
        if page.after and page.after != after and rows:
            to.go_on("followed", {"run": job.run, "after": page.after}, began=after is None)
        else:
            sweep_saved(to, kind="artist", run=job.run)
            to.end("followed", next_at=job.tomorrow, rows=saved(to, kind="artist")[0], began=after is None)
