"""The two long-lived processes, each alone."""

import os

from commands.keeping import ROOT, end_with_parent
from core.logs import configure
from core.settings import settings

STOP_SECONDS = 3


def serve_web(*, with_parent: bool) -> None:
    """Serve the pages until told to stop."""
    if with_parent:
        end_with_parent()
    os.chdir(ROOT)  # Streamlit looks for .streamlit/config.toml where it is started
    configure(settings())
    import uvicorn

    uvicorn.run(
        "app:app",
        host=settings().host,
        port=settings().port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,  # open pages hold their connection for as long as they are open
    )


def serve_jobs(*, with_parent: bool) -> None:
    """Run background jobs until told to stop."""
    if with_parent:
        end_with_parent()
    from worker.app import main

    main()
