"""Jobs whose worker was killed: found by its missing heartbeat and queued again."""

import asyncio

from procrastinate import App
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status

from core.logs import logger

log = logger(__name__)
HEARTBEAT_SECONDS = 2.0
STALLED_SECONDS = 10.0
ROUND_SECONDS = 4.0


async def rescue_for_ever(app: App) -> None:
    """Look for stalled jobs every few seconds until cancelled.

    A job is queued again when two rounds in a row find it: after a machine slept, every heartbeat looks old for a
    moment, those of healthy workers too.
    """
    suspects: set[int] = set()
    while True:
        try:
            suspects = await rescue(app, suspects)
        except ConnectorException as error:
            log.warning("rescue.failed", error=type(error).__name__)
        await asyncio.sleep(ROUND_SECONDS)


async def rescue(app: App, suspects: set[int]) -> set[int]:
    """Queue again the stalled jobs among ``suspects`` and return the ids of the jobs that are stalled now."""
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS)
    found = set()
    for job in stalled:
        if job.id in suspects:
            try:
                await _again(app, job)
                log.warning("job.rescued", job_id=job.id, attempts=job.attempts)
            except ConnectorException:
                log.info("job.rescued_elsewhere", job_id=job.id)
        elif job.id is not None:
            found.add(job.id)
    return found


async def _again(app: App, job: Job) -> None:
    """Queue a job again; where the same work waits already, let that have its turn: this one held it up."""
    try:
        await app.job_manager.retry_job(job)
    except UniqueViolation:
        await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
