"""The two forms of training: letting models learn from one's listening, and no longer."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from core.domain.people import Session
from core.logs import logger
from web.doors import Doors, Form
from web.requests import Parts, back, neighbourhood

PAGE = "/settings"
LOG = logger("training")


class TrainingRoutes:
    """Each person decides for themselves alone: whose session it is, no field of a form."""

    def __init__(self, parts: Parts, doors: Doors) -> None:
        self._parts, self._doors = parts, doors

    def routes(self) -> list[BaseRoute]:
        """Return the routes; each takes POST alone."""
        form = self._doors.form
        return [
            form("/settings/training/join", self.join, page=PAGE, at="training"),
            form("/settings/training/leave", self.leave, page=PAGE, at="training"),
        ]

    def join(self, request: Request, session: Session, form: Form) -> Response:
        """Let models learn from the person, from the next one on."""
        self._parts().training.agree(session.user_id, address=neighbourhood(request))
        LOG.info("training.joined", user_id=session.user_id)
        return back(PAGE, done="training-joined")

    def leave(self, request: Request, session: Session, form: Form) -> Response:
        """Let no model learn from the person."""
        self._parts().training.leave(session.user_id, address=neighbourhood(request))
        LOG.info("training.left", user_id=session.user_id)
        return back(PAGE, done="training-left")
