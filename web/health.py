"""Health: one word for a monitor, no data."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from core.logs import logger
from web.requests import Parts

LOG = logger("health")


def routes(parts: Parts) -> list[BaseRoute]:
    """Return the route ``GET /healthz``: 200 when PostgreSQL answers, else 503."""

    def healthz(request: Request) -> Response:
        try:
            parts().accounts.ready()
        except Exception:
            LOG.exception("health.failed")
            return JSONResponse({"status": "unavailable"}, status_code=503)
        return JSONResponse({"status": "ok"})

    return [Route("/healthz", healthz, methods=["GET"])]
