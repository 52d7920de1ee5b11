"""The worker process: takes jobs until it is told to stop, whatever happens to the database meanwhile."""

import asyncio
import logging
import signal
from contextlib import suppress

from procrastinate import App, PsycopgConnector

from core.logs import configure, logger
from core.settings import settings
from worker.rescue import HEARTBEAT_SECONDS, STALLED_SECONDS, rescue_for_ever
from worker.tasks import tasks

log = logger(__name__)
CONCURRENCY = 2
POLL_SECONDS = 1.0  # jobs behind a person's lock are only seen again by polling
STOP_SECONDS = 3.0  # what a running job gets to finish in before it is asked to end
RECONNECT_SECONDS = 1.0


def main(*, stop_seconds: float = STOP_SECONDS) -> None:
    """Run jobs until SIGTERM or Ctrl-C; then imports that do not end within ``stop_seconds`` are undone.

    What was undone, or waited still, runs at the next start.
    """
    from core.bootstrap import playprint

    configure(settings())
    for name in ("procrastinate", "psycopg.pool"):  # the one logs arguments, file names among them, both addresses
        logging.getLogger(name).setLevel(logging.CRITICAL)
    asyncio.run(serve(playprint().db.url, stop_seconds))


async def serve(database_url: str, stop_seconds: float) -> None:
    """Run jobs of the database at ``database_url`` until SIGTERM or SIGINT."""
    work = asyncio.create_task(_work_for_ever(database_url, stop_seconds))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, work.cancel)
    with suppress(asyncio.CancelledError):
        await work
    log.info("worker.stopped")


async def _work_for_ever(database_url: str, stop_seconds: float) -> None:
    """Work; when the database goes away the queue's worker ends by itself, so begin again until it is back."""
    while True:
        try:
            await _work(database_url, stop_seconds)
            log.warning("worker.disconnected")
        except Exception as error:  # a lost database shows itself in many ways, and a worker must outlive them all
            log.warning("worker.disconnected", error=type(error).__name__)
        await asyncio.sleep(RECONNECT_SECONDS)


async def _work(database_url: str, stop_seconds: float) -> None:
    """Run jobs until cancelled (then gracefully) or until the database is lost."""
    connector = PsycopgConnector(conninfo=database_url, min_size=1, max_size=4, timeout=10)
    with tasks.replace_connector(connector) as app:
        async with app.open_async():
            rescue = asyncio.create_task(rescue_for_ever(app))
            log.info("worker.ready")
            try:
                await _run(app, stop_seconds)
            finally:
                rescue.cancel()


async def _run(app: App, stop_seconds: float) -> None:
    """Run the queue's worker; it returns when told to stop, and also when it loses the database."""
    await app.run_worker_async(
        concurrency=CONCURRENCY,
        install_signal_handlers=False,
        fetch_job_polling_interval=POLL_SECONDS,
        abort_job_polling_interval=POLL_SECONDS,
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        stalled_worker_timeout=STALLED_SECONDS * 2,
        shutdown_graceful_timeout=stop_seconds,
        delete_jobs="always",  # what became of an import is in its record
    )
