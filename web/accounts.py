"""A person's own account: password, mail address, second factor, devices, and the way out."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from core.domain.people import Refused, Session
from core.logs import logger
from web.doors import Doors, Form
from web.plain import codes_page, receipt_page
from web.requests import Parts, back, cookies_of, device, neighbourhood

PAGE = "/account"
LOG = logger("accounts")


class AccountRoutes:
    """What people change about their own accounts; each route takes POST alone."""

    def __init__(self, parts: Parts, doors: Doors) -> None:
        self._parts, self._doors = parts, doors

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        form = self._doors.form
        return [
            form("/account/password", self.password, page=PAGE, at="password"),
            form("/account/email", self.email, page=PAGE, at="email"),
            form("/account/second-factor/begin", self.begin_second_factor, page=PAGE, at="second-factor"),
            form("/account/second-factor/confirm", self.confirm_second_factor, page=PAGE, at="second-factor"),
            form("/account/second-factor/off", self.end_second_factor, page=PAGE, at="second-factor"),
            form("/account/sessions/end", self.end_session, page=PAGE, at="sessions"),
            form("/account/sessions/end-others", self.end_others, page=PAGE, at="sessions"),
            form("/account/leave", self.ask_to_leave, page="/leave"),
            form("/account/leave/confirm", self.leave, page="/leave"),
        ]

    def password(self, request: Request, session: Session, form: Form) -> Response:
        """Set a new password; every other device is signed out, this one gets a new session."""
        if form.get("password", "") != form.get("repeat", ""):
            raise Refused("repeat")
        token = self._parts().credentials.change_password(
            session.user_id,
            current=form.get("current", ""),
            new=form.get("password", ""),
            session=session,
            address=neighbourhood(request),
            label=device(request),
        )
        LOG.info("password.changed", user_id=session.user_id)
        answer = back(PAGE, done="password")
        self._doors.replace_session(answer, token, stay=session.stay)
        return answer

    def email(self, request: Request, session: Session, form: Form) -> Response:
        """Store where reset links go."""
        self._parts().credentials.set_email(
            session.user_id,
            email=form.get("email", ""),
            password=form.get("password", ""),
            session=session,
            address=neighbourhood(request),
        )
        return back(PAGE, done="email")

    def begin_second_factor(self, request: Request, session: Session, form: Form) -> Response:
        """Begin the set-up of a second factor; the page shows it."""
        credentials = self._parts().credentials
        credentials.begin_second_factor(session.user_id, password=form.get("password", ""), session=session)
        return back(PAGE, at="second-factor")

    def confirm_second_factor(self, request: Request, session: Session, form: Form) -> Response:
        """Switch the second factor on and show the recovery codes, this once."""
        codes = self._parts().credentials.confirm_second_factor(
            session.user_id, code=form.get("code", ""), address=neighbourhood(request)
        )
        LOG.info("second_factor.on", user_id=session.user_id)
        return codes_page(codes)

    def end_second_factor(self, request: Request, session: Session, form: Form) -> Response:
        """Switch the second factor off."""
        self._parts().credentials.end_second_factor(
            session.user_id,
            password=form.get("password", ""),
            code=form.get("code", ""),
            session=session,
            address=neighbourhood(request),
        )
        LOG.info("second_factor.off", user_id=session.user_id)
        return back(PAGE, done="second-factor-off")

    def end_session(self, request: Request, session: Session, form: Form) -> Response:
        """Sign one device out."""
        self._parts().sessions.end(session.user_id, key=form.get("key", ""))
        self._doors.note(request, session.user_id, "sessions-ended")
        return back(PAGE, done="session-ended")

    def end_others(self, request: Request, session: Session, form: Form) -> Response:
        """Sign every other device out."""
        self._parts().sessions.end_all(session.user_id, but=session.key)
        self._doors.note(request, session.user_id, "sessions-ended")
        return back(PAGE, done="others-ended")

    def ask_to_leave(self, request: Request, session: Session, form: Form) -> Response:
        """Check who asks to delete the account, and ask once more."""
        token = self._parts().leaving.ask(
            session.user_id,
            password=form.get("password", ""),
            code=form.get("code", ""),
            session=session,
            address=neighbourhood(request),
        )
        return back("/leave", confirm=token)

    def leave(self, request: Request, session: Session, form: Form) -> Response:
        """Delete the account with everything in it, and show the receipt."""
        receipt = self._parts().leaving.leave(session.user_id, token=form.get("token", ""), session=session)
        LOG.info("account.deleted", user_id=session.user_id)
        answer, names = receipt_page(receipt), cookies_of(self._parts)
        self._doors.forget(answer, names.session, names.known)
        return answer
