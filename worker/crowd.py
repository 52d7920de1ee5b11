"""Asking for open lists of similar artists as a task: what is due, behind everything somebody waits for."""

from procrastinate import Blueprint, JobContext

from core.domain.errors import Unavailable
from core.logs import logger
from core.queue import BEHIND_IMPORTS

log = logger(__name__)
crowd = Blueprint()


@crowd.periodic(cron="4-54/10 * * * *")
@crowd.task(
    name="ask",
    queue="facts",
    lock="crowd.ask",
    queueing_lock="crowd.ask",
    priority=BEHIND_IMPORTS,
    pass_context=True,
)
def ask(context: JobContext, timestamp: int) -> None:
    """Ask for two minutes; an import that waits for a worker ends the round early, the next one goes on."""
    from core.bootstrap import playprint

    try:
        playprint().crowd_asking.run(stop=context.should_abort, make_way=True)
    except Unavailable:
        log.warning("crowd.unavailable")  # what was told is stored; the next round asks for the rest
