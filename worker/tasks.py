"""The tasks by their names: what ``core.queue`` defers, this does."""

from collections.abc import Callable
from pathlib import Path

from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy

from core.domain.errors import NotFound, Unavailable
from core.logs import logger
from core.queue import IMPORTS, RUN_IMPORT, UploadedFile
from worker import uploads
from worker.accounts import accounts
from worker.charts import charts
from worker.community import community
from worker.crowd import crowd
from worker.demo_charts import demo_charts
from worker.facts import facts
from worker.spotify import spotify
from worker.training import training
from worker.trends import trends

log = logger(__name__)
tasks = App(connector=PsycopgConnector())  # never opened: the worker gives the tasks a connector of its own
tasks.add_tasks_from(accounts, namespace="accounts")
tasks.add_tasks_from(charts, namespace="charts")
tasks.add_tasks_from(community, namespace="community")
tasks.add_tasks_from(crowd, namespace="crowd")
tasks.add_tasks_from(demo_charts, namespace="demo")
tasks.add_tasks_from(facts, namespace="facts")
tasks.add_tasks_from(spotify, namespace="spotify")
tasks.add_tasks_from(training, namespace="training")
tasks.add_tasks_from(trends, namespace="trends")
# The service itself ends what cannot succeed; what gets out is a lost server or a worker that stops.
AGAIN = RetryStrategy(wait=3)
MOST_ATTEMPTS = 8  # a file that brings down every worker must not do so for ever


@tasks.task(name=RUN_IMPORT, queue=IMPORTS, pass_context=True, retry=AGAIN)
def run_import(
    context: JobContext, user_id: int, import_id: int, files: list[UploadedFile], other_account: bool = False
) -> None:
    """Run one import and remove its files once it has ended, however it ended.

    An import that was cut short (a crash, a stop, a lost database) has stored nothing and runs again, files in place.
    """
    from core.bootstrap import playprint
    from core.services.importing import Upload

    house = playprint()
    paths = [Path(file["path"]) for file in files]
    try:
        record = house.importing.record(user_id, import_id=import_id)
        if context.job.attempts >= MOST_ATTEMPTS:
            house.importing.give_up(user_id, import_id=import_id)
        elif record.status in ("queued", "running"):
            house.importing.run(
                user_id,
                import_id=import_id,
                uploads=[Upload(path, file["label"]) for path, file in zip(paths, files, strict=True)],
                other_account=other_account,
                on_progress=_stop_when_asked(context),
            )
    except NotFound:
        log.info("import.dropped", user_id=user_id, import_id=import_id)
    uploads.remove(paths, folder=house.uploads)


def _stop_when_asked(context: JobContext) -> Callable[[object], None]:
    """Return what ends a job between two steps when the worker has to stop; it then runs again later."""

    def check(progress: object) -> None:
        if context.should_abort():
            raise Unavailable("The worker stops; this import runs again when it is back.")

    return check


@tasks.periodic(cron="23 * * * *")
@tasks.task(name="uploads.sweep", queue="upkeep", queueing_lock="uploads.sweep")
def sweep_uploads(timestamp: int) -> None:
    """Remove uploads nobody came for within a day."""
    from core.bootstrap import playprint

    removed = uploads.sweep(playprint().uploads)
    if removed:
        log.info("uploads.swept", files=removed)
