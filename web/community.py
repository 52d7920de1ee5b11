"""The two forms of this instance's own charts: counting in them, and no longer."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from core.domain.people import Session
from core.logs import logger
from web.doors import Doors, Form
from web.requests import Parts, back, neighbourhood

PAGE = "/settings"
LOG = logger("community")


class CommunityRoutes:
    """Each person decides for themselves alone: whose session it is, no field of a form."""

    def __init__(self, parts: Parts, doors: Doors) -> None:
        self._parts, self._doors = parts, doors

    def routes(self) -> list[BaseRoute]:
        """Return the routes; each takes POST alone."""
        form = self._doors.form
        return [
            form("/settings/community/join", self.join, page=PAGE, at="community"),
            form("/settings/community/leave", self.leave, page=PAGE, at="community"),
        ]

    def join(self, request: Request, session: Session, form: Form) -> Response:
        """Let the person count from the next week on."""
        self._parts().community.agree(session.user_id, address=neighbourhood(request))
        LOG.info("community.joined", user_id=session.user_id)
        return back(PAGE, done="community-joined")

    def leave(self, request: Request, session: Session, form: Form) -> Response:
        """Let the person count no more."""
        self._parts().community.leave(session.user_id, address=neighbourhood(request))
        LOG.info("community.left", user_id=session.user_id)
        return back(PAGE, done="community-left")
