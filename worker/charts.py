"""Chart files as a task: every two minutes a look at what an operator dropped into the folder."""

from procrastinate import Blueprint, JobContext

from core.domain.errors import Unavailable
from core.logs import logger
from core.queue import BEHIND_IMPORTS

log = logger(__name__)
charts = Blueprint()


@charts.periodic(cron="*/2 * * * *")
@charts.task(
    name="look",
    queue="upkeep",
    lock="charts.look",
    queueing_lock="charts.look",
    priority=BEHIND_IMPORTS,
    pass_context=True,
)
def look(context: JobContext, timestamp: int) -> None:
    """Read the files that are new in the folder; one that is refused is noted with the reason."""
    from core.bootstrap import playprint

    try:
        told = playprint().chart_files.look(stop=context.should_abort)
    except Unavailable:
        log.warning("charts.unavailable")  # what was stored stays; the next look goes on
        return
    if told:
        refused = sum(bool(each.message) for each in told)
        log.info("charts.read", files=len(told), refused=refused, stored=sum(each.stored for each in told))
