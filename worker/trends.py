"""Asking sources of public charts as a task: what is due, behind everything somebody waits for."""

from procrastinate import Blueprint, JobContext

from core.domain.errors import Unavailable
from core.logs import logger
from core.queue import BEHIND_IMPORTS

log = logger(__name__)
trends = Blueprint()


@trends.periodic(cron="1-59/5 * * * *")
@trends.task(
    name="refresh",
    queue="trends",
    lock="trends.refresh",
    queueing_lock="trends.refresh",
    priority=BEHIND_IMPORTS,
    pass_context=True,
)
def refresh(context: JobContext, timestamp: int) -> None:
    """Ask for what is due; an import that waits for a worker ends the round early, the next one goes on."""
    from core.bootstrap import playprint

    try:
        playprint().trend_refreshing.run(stop=context.should_abort, make_way=True)
    except Unavailable:
        log.warning("trends.unavailable")  # what was told is stored; the next round asks for the rest
