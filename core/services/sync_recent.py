"""The poll of recent plays: Spotify tells of the last fifty, so it is asked often, and what it missed is noted."""

from datetime import datetime, timedelta

from core.repositories.listens import Listens
from core.repositories.spotify_kept import keep_gap
from core.repositories.spotify_library import SpotifyLibrary
from core.services.plays import ApiPlay, store_plays
from core.services.sync_job import Job
from core.spotify.models import Play, RecentPage

ACTIVE, IDLE_HOURS = timedelta(hours=1), 4
QUIET_POLLS = 2  # that brought nothing new, after which somebody is asked about less often
LEARNING = timedelta(days=7)  # in which we get to know at what hours somebody listens


def poll_recent(job: Job) -> None:
    """Store what was played, and a gap where fifty new plays came of which the oldest is not the next one.

    Spotify is asked for the latest plays, not for those after the last one known: whether the two meet is then plain
    to see, and plays a device reported late are among them.
    """
    page = job.client.recently_played()
    last = _last_known(job, page)
    tracks = [_api_play(play) for play in page.plays if play.track.kind == "track"]
    fresh = store_plays(Listens(job.db), job.user_id, epoch=job.connection.epoch, plays=tracks)
    newest = max((play.played_at for play in page.plays), default=None)
    heard = fresh > 0 or (newest is not None and (last is None or newest > last))
    known = [moment for moment in (last, newest and min(newest, job.now)) if moment]  # a device's clock may be ahead
    quiet = 0 if heard else job.turn.quiet_polls + 1
    with job.storing() as to:
        oldest = min((play.played_at for play in page.plays), default=None)
        if page.full and last and oldest and oldest > last:
            keep_gap(to, began_at=last, ended_at=oldest)
        to.end(
            "recent",
            next_at=job.now + _pause(job, quiet),
            rows=fresh,
            at={"last": max(known, default=job.now).isoformat()},
            quiet_polls=quiet,
            began=True,
        )


def _pause(job: Job, quiet: int) -> timedelta:
    """Return how long until the next poll: an hour, or up to four while it is quiet.

    Fifty plays are over in three hours, so whoever listened in one of the next hours of any day of the past week is
    asked about at its end.
    """
    if quiet < QUIET_POLLS or job.now < job.connection.connected_at + LEARNING:
        return ACTIVE
    usual = SpotifyLibrary(job.db).usual_hours(job.user_id, now=job.now, days=LEARNING.days)
    return timedelta(hours=min(IDLE_HOURS, *(hour + 1 for hour in usual)) if usual else IDLE_HOURS)


def _last_known(job: Job, page: RecentPage) -> datetime | None:
    """Return up to when plays are known, None before the first poll.

    A poll may have been cut off after its plays were stored, so where a gap shows, what is stored is looked at.
    """
    said = job.at.get("last")
    if said is None:
        return None
    last = datetime.fromisoformat(said)
    if page.full and all(play.played_at > last for play in page.plays):
        return SpotifyLibrary(job.db).latest_play(job.user_id, since=last) or last
    return last


def _api_play(play: Play) -> ApiPlay:
    """Return a play as the listens take it."""
    track = play.track
    return ApiPlay(track.uri, track.name, track.artist, track.album, play.played_at, track.duration_ms, track.artists)
