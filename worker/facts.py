"""Asking open sources as a task: a round every few minutes, behind everything somebody waits for."""

from procrastinate import Blueprint, JobContext

from core.domain.errors import Unavailable
from core.logs import logger
from core.queue import BEHIND_IMPORTS

log = logger(__name__)
facts = Blueprint()


@facts.periodic(cron="*/3 * * * *")
@facts.task(
    name="enrich",
    queue="facts",
    lock="facts.enrich",
    queueing_lock="facts.enrich",
    priority=BEHIND_IMPORTS,
    pass_context=True,
)
def enrich(context: JobContext, timestamp: int) -> None:
    """Ask for a minute; an import that waits for a worker ends the round early, the next one goes on."""
    from core.bootstrap import playprint

    try:
        playprint().enriching.run(stop=context.should_abort, make_way=True)
    except Unavailable:
        log.warning("facts.unavailable")  # nothing is half stored; the next round asks again
