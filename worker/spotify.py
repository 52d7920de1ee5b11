"""The Spotify sync as tasks: a slice of a person's sync, what wakes it, and the daily tidying."""

from procrastinate import Blueprint, JobContext

from core.domain.errors import Conflict
from core.logs import logger
from core.queue import RUN_SYNC, SPOTIFY

log = logger(__name__)
spotify = Blueprint()
# Short, so that an import of the same person, and other people's syncs, wait no longer than this.
SLICE_SECONDS = 20.0
BREATH_SECONDS = 1  # between two slices, so that one that gets nowhere never keeps a worker busy


@spotify.task(name=RUN_SYNC.partition(":")[2], queue=SPOTIFY, pass_context=True)
def sync(context: JobContext, user_id: int) -> None:
    """Do a slice of one person's sync, then ask for the next of whoever has something to do.

    One process syncs at a time: calls are kept apart anyway, and the other places are for imports.
    """
    from core.bootstrap import playprint

    house = playprint()
    try:
        house.syncing.run(user_id, slice_seconds=SLICE_SECONDS, should_stop=context.should_abort)
    except Conflict:
        log.info("spotify.busy", user_id=user_id)  # whoever is at it asks for the next slice
    else:
        _wake(in_seconds=BREATH_SECONDS)


@spotify.periodic(cron="* * * * *")
@spotify.task(name="wake", queue=SPOTIFY, queueing_lock="spotify.wake")
def wake(timestamp: int) -> None:
    """Ask every minute for a slice of whoever has something to do, and let nobody wait for a lost job."""
    _wake()


def _wake(*, in_seconds: int = 0) -> None:
    """Ask for a slice of everybody whose sync has something to do now."""
    from core.bootstrap import playprint

    house = playprint()
    for user_id in house.syncing.due():
        house.queue.defer_sync(user_id, in_seconds=in_seconds)


@spotify.periodic(cron="41 3 * * *")
@spotify.task(name="tidy", queue=SPOTIFY, queueing_lock="spotify.tidy")
def tidy(timestamp: int) -> None:
    """Delete lists that got too old, and sign-ins nobody came back from."""
    from core.bootstrap import playprint

    playprint().syncing.tidy()
