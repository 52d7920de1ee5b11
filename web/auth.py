"""Signing in and out: forms post here, a cookie is set or taken away, and a page follows."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.domain.people import Entered, Refused
from core.logs import logger
from core.services.profiles import timezones
from web.doors import Doors, check_csrf, check_visitor
from web.requests import back, cookies_of, local_path, neighbourhood, session_of, small_form

__all__ = ["Auth", "check_csrf", "check_visitor"]
LOG = logger("auth")


class Auth(Doors):
    """Signing in, making an account, signing out."""

    def routes(self) -> list[BaseRoute]:
        """Return the routes; each takes POST alone."""
        doors = {
            "/auth/sign-in": self.sign_in,
            "/auth/second-factor": self.second_factor,
            "/auth/redeem": self.redeem,
            "/auth/register": self.register,
            "/auth/forgot": self.forgot,
            "/auth/sign-out": self.sign_out,
            "/auth/sign-out-everywhere": self.sign_out_everywhere,
        }
        return [Route(path, door, methods=["POST"]) for path, door in doors.items()]

    async def sign_in(self, request: Request) -> Response:
        """Let in whom a name and a password fit; a refusal leads back to the form with its code."""
        form: dict[str, str] = {}
        try:
            form = await small_form(request)
            check_visitor(self.parts, request, form)
            accounts, who = self.parts().accounts, self.visit(request)
            person, password, stay = form.get("person", ""), form.get("password", ""), form.get("stay") == "yes"
            entered = await self.slowly(lambda: accounts.sign_in(person, password, stay, **who))
        except Refused as refused:
            LOG.info("session.refused", code=refused.code)
            return back("/sign-in", error=refused.code, next=local_path(form.get("next", ""), ""))
        return await self.let_in(request, entered, local_path(form.get("next", "")))

    async def second_factor(self, request: Request) -> Response:
        """Let in whose code fits, after their password did."""
        form: dict[str, str] = {}
        try:
            form = await small_form(request)
            check_visitor(self.parts, request, form)
            accounts, who = self.parts().accounts, self.visit(request)
            pending, code = request.cookies.get(cookies_of(self.parts).second, ""), form.get("code", "")
            entered = await self.slowly(lambda: accounts.confirm(pending, code, **who))
        except Refused as refused:
            LOG.info("session.refused", code=refused.code)
            page = "/sign-in" if refused.code == "second-over" else "/second-factor"
            return back(page, error=refused.code, next=local_path(form.get("next", ""), ""))
        return await self.let_in(request, entered, local_path(form.get("next", "")))

    async def redeem(self, request: Request) -> Response:
        """Use up a one-time link: set the password and let its person in."""
        form: dict[str, str] = {}
        try:
            form = await small_form(request)
            check_visitor(self.parts, request, form)
            if form.get("password", "") != form.get("repeat", ""):
                raise Refused("repeat")
            entered = await self.slowly(lambda: self._redeemed(request, form))
        except Refused as refused:
            LOG.info("link.refused", code=refused.code)
            return back("/welcome", link=form.get("link", "")[:100], error=refused.code)
        LOG.info("link.redeemed", user_id=entered.user_id)
        return await self.let_in(request, entered, "/")

    async def register(self, request: Request) -> Response:
        """Make an account, by invitation or openly, and let its person in."""
        form: dict[str, str] = {}
        try:
            form = await small_form(request)
            check_visitor(self.parts, request, form)
            if form.get("password", "") != form.get("repeat", ""):
                raise Refused("repeat")
            entered = await self.slowly(lambda: self._registered(request, form))
        except Refused as refused:
            LOG.info("account.refused", code=refused.code)
            return back("/register", invitation=form.get("invitation", "")[:100], error=refused.code)
        LOG.info("account.made", user_id=entered.user_id)
        return await self.let_in(request, entered, "/")

    async def forgot(self, request: Request) -> Response:
        """Ask for a link by mail: the answer is the same whoever is asked for, and whether there is anybody."""
        try:
            form = await small_form(request)
            check_visitor(self.parts, request, form)
            mail, where = self.parts().mail, neighbourhood(request)
            await self.slowly(lambda: mail.ask(form.get("person", ""), address=where))
        except Refused as refused:
            return back("/forgot", error=refused.code)
        return back("/forgot", done="sent")

    async def sign_out(self, request: Request) -> Response:
        """End this browser's session."""
        return await self._leave(request, everywhere=False)

    async def sign_out_everywhere(self, request: Request) -> Response:
        """End every session of the person, on all their devices."""
        return await self._leave(request, everywhere=True)

    def _redeemed(self, request: Request, form: dict[str, str]) -> Entered:
        """Return what a used link opens; a new person's days are counted in the browser's zone."""
        parts, link = self.parts(), form.get("link", "")
        person = parts.accounts.linked(link)
        name, password = form.get("person") or None, form.get("password", "")
        entered = parts.accounts.redeem(link, name=name, password=password, **self.visit(request))
        if person and not person.has_password:
            self._set_timezone(entered.user_id, form)
        return entered

    def _registered(self, request: Request, form: dict[str, str]) -> Entered:
        """Return what a new account opens; its days are counted in the browser's zone."""
        name, password = form.get("person", ""), form.get("password", "")
        made = self.parts().invitations.register(
            form.get("invitation", ""), name=name, password=password, **self.visit(request)
        )
        self._set_timezone(made.user_id, form)
        return made

    def _set_timezone(self, user_id: int, form: dict[str, str]) -> None:
        if form.get("timezone", "") in timezones():
            self.parts().profiles.set_timezone(user_id, timezone=form["timezone"])

    async def _leave(self, request: Request, *, everywhere: bool) -> Response:
        """End one session or all of them; a missing or foreign CSRF token ends none."""
        session, names = await session_of(request, self.parts), cookies_of(self.parts)
        if session is not None:
            try:
                check_csrf(session, (await small_form(request)).get("csrf", ""))
            except Refused as refused:
                return back("/sign-out", error=refused.code)
            accounts, token, where = self.parts().accounts, request.cookies[names.session], neighbourhood(request)
            await self.slowly(
                lambda: (
                    accounts.sign_out_everywhere(session.user_id, address=where)
                    if everywhere
                    else accounts.sign_out(token, address=where)
                )
            )
            LOG.info("session.ended", user_id=session.user_id, everywhere=everywhere)
        answer = back("/")
        self.forget(answer, names.session)
        return answer
