"""Models as a task: every ten minutes, whether one is due."""

from procrastinate import Blueprint, JobContext

from core.domain.errors import Unavailable
from core.logs import logger
from core.queue import BEHIND_IMPORTS

log = logger(__name__)
training = Blueprint()


@training.periodic(cron="7-57/10 * * * *")
@training.task(
    name="run",
    queue="upkeep",
    lock="training.run",
    queueing_lock="training.run",
    priority=BEHIND_IMPORTS,
    pass_context=True,
)
def run(context: JobContext, timestamp: int) -> None:
    """Make the models that are due; after a stop nothing is stored, and the next round begins again."""
    from core.bootstrap import playprint

    try:
        playprint().training.run(stop=context.should_abort)
    except Unavailable:
        log.warning("training.unavailable")  # nothing is half stored; the next round begins again
