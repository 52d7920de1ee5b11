"""Background work of accounts: mail that goes out, records that grow old."""

from procrastinate import Blueprint, RetryStrategy

from core.logs import logger

log = logger(__name__)
accounts = Blueprint()
# A mail server that is away is tried again for about half an hour.
_LATER = RetryStrategy(max_attempts=6, exponential_wait=4)


@accounts.task(name="mail", queue="mail", retry=_LATER)
def send_mail(user_id: int) -> None:
    """Mail somebody a link for a new password; for nobody, nothing."""
    from core.bootstrap import playprint

    if playprint().mail.send_reset(user_id):
        log.info("mail.sent", user_id=user_id)


@accounts.periodic(cron="41 * * * *")
@accounts.task(name="sweep", queue="upkeep", queueing_lock="accounts.sweep")
def sweep_records(timestamp: int) -> None:
    """Delete lines of accounts' records that are older than 180 days."""
    from core.bootstrap import playprint

    removed = playprint().events.sweep()
    if removed:
        log.info("events.swept", lines=removed)
