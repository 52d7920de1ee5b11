"""Charts of the members as a task: once a day, what is due."""

from procrastinate import Blueprint, JobContext

from core.domain.errors import Unavailable
from core.logs import logger
from core.queue import BEHIND_IMPORTS

log = logger(__name__)
community = Blueprint()


@community.periodic(cron="23 3 * * *")
@community.task(
    name="compute",
    queue="upkeep",
    lock="community.compute",
    queueing_lock="community.compute",
    priority=BEHIND_IMPORTS,
    pass_context=True,
)
def compute(context: JobContext, timestamp: int) -> None:
    """Compute the weeks and months that are due; what is left after a stop is due tomorrow."""
    from core.bootstrap import playprint

    try:
        playprint().community.run(stop=context.should_abort)
    except Unavailable:
        log.warning("community.unavailable")  # nothing is half stored; tomorrow goes on
