"""The demo's charts as a task: extended when a day or a week is over, gone when a real source has something."""

from datetime import UTC, datetime

from procrastinate import Blueprint

from core.domain.errors import Unavailable
from core.logs import logger
from core.queue import BEHIND_IMPORTS

log = logger(__name__)
demo_charts = Blueprint()


@demo_charts.periodic(cron="12 * * * *")
@demo_charts.task(name="charts", queue="upkeep", queueing_lock="demo.charts", priority=BEHIND_IMPORTS)
def refresh_demo_charts(timestamp: int) -> None:
    """Bring the demo's charts up to date: once a day there is something to do, else two questions to the database."""
    from core.bootstrap import playprint

    try:
        playprint().demo_charts.refresh(datetime.now(UTC))
    except Unavailable:
        log.warning("demo_charts.unavailable")  # nothing is half stored; the next hour asks again
