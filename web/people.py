"""Looking after people: invitations, links, roles, and other people's devices, for the owner and admins."""

from typing import cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from core.domain.errors import NotFound
from core.domain.people import STAFF, Role, Session
from core.logs import logger
from web.doors import Doors, Form
from web.plain import link_page
from web.requests import Parts, back, neighbourhood

PAGE = "/people"
LOG = logger("people")


class PeopleRoutes:
    """What the owner and admins do for others; to everybody else these routes look as if they did not exist."""

    def __init__(self, parts: Parts, doors: Doors) -> None:
        self._parts, self._doors = parts, doors

    def routes(self) -> list[BaseRoute]:
        """Return the routes; each takes POST alone."""
        works = {
            "/people/invite": self.invite,
            "/people/invitations/revoke": self.revoke,
            "/people/role": self.role,
            "/people/reset-link": self.reset_link,
            "/people/sessions/end-all": self.end_sessions,
            "/people/second-factor/off": self.end_second_factor,
            "/people/delete": self.delete,
        }
        return [
            self._doors.form(path, work, page=PAGE, at="invitations" if "invit" in path else "", roles=STAFF)
            for path, work in works.items()
        ]

    def invite(self, request: Request, session: Session, form: Form) -> Response:
        """Make an invitation and show its link, this once."""
        role = cast(Role, form.get("new_role", "member"))
        token = self._parts().invitations.invite(session.user_id, role=role, place=neighbourhood(request))
        LOG.info("invitation.made", user_id=session.user_id)
        link = f"{self._parts().settings.address}/register?invitation={token}"
        words = "With this link one person makes an account here, within seven days."
        return link_page("Invitation", words, link, after=PAGE)

    def revoke(self, request: Request, session: Session, form: Form) -> Response:
        """Take an invitation back."""
        invitations = self._parts().invitations
        invitations.revoke(session.user_id, key=form.get("key", ""), place=neighbourhood(request))
        return back(PAGE, done="revoked", at="invitations")

    def role(self, request: Request, session: Session, form: Form) -> Response:
        """Give somebody a role."""
        subject, role = _person(form), cast(Role, form.get("new_role", ""))
        self._parts().people.set_role(session.user_id, user_id=subject, role=role, place=neighbourhood(request))
        LOG.info("role.changed", user_id=subject, by=session.user_id)
        return back(PAGE, done="role")

    def reset_link(self, request: Request, session: Session, form: Form) -> Response:
        """Make a link for somebody's new password and show it, this once."""
        subject = _person(form)
        token = self._parts().people.reset_link(session.user_id, user_id=subject, place=neighbourhood(request))
        LOG.info("link.made", user_id=subject, by=session.user_id)
        link = f"{self._parts().settings.address}/welcome?link={token}"
        words = "With this link the person chooses a new password, within 24 hours. Hand it to them alone."
        return link_page("A new password", words, link, after=PAGE)

    def end_sessions(self, request: Request, session: Session, form: Form) -> Response:
        """Sign somebody out on every device."""
        subject = _person(form)
        self._parts().people.end_sessions(session.user_id, user_id=subject, place=neighbourhood(request))
        LOG.info("session.ended", user_id=subject, by=session.user_id)
        return back(PAGE, done="others-ended")

    def end_second_factor(self, request: Request, session: Session, form: Form) -> Response:
        """Switch somebody's second factor off."""
        subject = _person(form)
        self._parts().people.end_second_factor(session.user_id, user_id=subject, place=neighbourhood(request))
        LOG.info("second_factor.off", user_id=subject, by=session.user_id)
        return back(PAGE, done="second-factor-off")

    def delete(self, request: Request, session: Session, form: Form) -> Response:
        """Delete somebody's account with everything in it."""
        subject, typed = _person(form), form.get("typed", "")
        self._parts().people.delete(session.user_id, user_id=subject, typed=typed, place=neighbourhood(request))
        LOG.info("account.deleted", user_id=subject, by=session.user_id)
        return back(PAGE, done="deleted")


def _person(form: Form) -> int:
    """Return the person a form names; raises ``NotFound`` for what is no person's number."""
    given = form.get("person", "")
    if not (given.isascii() and given.isdigit() and len(given) <= 10 and 0 < int(given) < 2**31):
        raise NotFound("There is no such person here.")
    return int(given)
