"""The two long-lived processes, each alone."""

from commands.keeping import end_with_parent


def serve_web(*, with_parent: bool) -> None:
    """Serve the pages until told to stop."""
    if with_parent:
        end_with_parent()
    from web.__main__ import main

    main()


def serve_jobs(*, with_parent: bool) -> None:
    """Run background jobs until told to stop."""
    if with_parent:
        end_with_parent()
    from worker.app import main

    main()
