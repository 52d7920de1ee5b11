"""Signing in and out: forms post here, a cookie is set or taken away, and a page follows."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.domain.people import Refused, Session
from core.logs import logger
from core.services.accounts import SESSION_LIFE
from core.services.profiles import timezones
from web.requests import Parts, back, cookies_of, local_path, neighbourhood, same, session_of, small_form

_T = TypeVar("_T")
LOG = logger("auth")


class Auth:
    """The four doors of an instance."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        # bcrypt is slow by design: a crowd at the door must not take the threads that serve everybody else.
        self._porters = ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")

    def routes(self) -> list[BaseRoute]:
        """Return the routes; each takes POST alone."""
        doors = {
            "/auth/sign-in": self.sign_in,
            "/auth/redeem": self.redeem,
            "/auth/sign-out": self.sign_out,
            "/auth/sign-out-everywhere": self.sign_out_everywhere,
        }
        return [Route(path, door, methods=["POST"]) for path, door in doors.items()]

    async def sign_in(self, request: Request) -> Response:
        """Start a session for a name and a password; a refusal leads back to the form with its code."""
        form: dict[str, str] = {}
        try:
            form = await small_form(request)
            self._check_visitor(request, form)
            accounts, where = self._parts().accounts, neighbourhood(request)
            token = await self._slowly(
                lambda: accounts.sign_in(
                    form.get("person", ""), form.get("password", ""), form.get("stay") == "yes", address=where
                )
            )
        except Refused as refused:
            LOG.info("session.refused", code=refused.code)
            return back("/sign-in", error=refused.code, next=local_path(form.get("next", ""), ""))
        LOG.info("session.started", user_id=int(token.split(".")[0]))
        return await self._welcome(request, token, local_path(form.get("next", "")), stay=form.get("stay") == "yes")

    async def redeem(self, request: Request) -> Response:
        """Use up a one-time link: set the password and start a session."""
        form: dict[str, str] = {}
        try:
            form = await small_form(request)
            self._check_visitor(request, form)
            if form.get("password", "") != form.get("repeat", ""):
                raise Refused("repeat")
            token = await self._slowly(lambda: self._redeemed(form))
        except Refused as refused:
            LOG.info("link.refused", code=refused.code)
            return back("/welcome", link=form.get("link", "")[:100], error=refused.code)
        LOG.info("link.redeemed", user_id=int(token.split(".")[0]))
        return await self._welcome(request, token, "/", stay=False)

    def _redeemed(self, form: dict[str, str]) -> str:
        """Return the token of a person who has used their link; a new one's days are counted in the browser's zone."""
        parts, link = self._parts(), form.get("link", "")
        person = parts.accounts.linked(link)
        token = parts.accounts.redeem(link, name=form.get("person") or None, password=form.get("password", ""))
        if person and not person.has_password and form.get("timezone", "") in timezones():
            parts.profiles.set_timezone(person.id, timezone=form["timezone"])
        return token

    async def sign_out(self, request: Request) -> Response:
        """End this browser's session."""
        return await self._leave(request, everywhere=False)

    async def sign_out_everywhere(self, request: Request) -> Response:
        """End every session of the person, on all their devices."""
        return await self._leave(request, everywhere=True)

    async def _leave(self, request: Request, *, everywhere: bool) -> Response:
        """End one session or all of them; a missing or foreign CSRF token ends none."""
        session, names = await session_of(request, self._parts), cookies_of(self._parts)
        if session is not None:
            try:
                check_csrf(session, (await small_form(request)).get("csrf", ""))
            except Refused as refused:
                return back("/sign-out", error=refused.code)
            accounts, token = self._parts().accounts, request.cookies[names.session]
            await self._slowly(
                lambda: accounts.sign_out_everywhere(session.user_id) if everywhere else accounts.sign_out(token)
            )
            LOG.info("session.ended", user_id=session.user_id, everywhere=everywhere)
        answer = back("/")
        answer.delete_cookie(names.session, path="/", secure=names.secure, httponly=True, samesite="lax")
        return answer

    async def _welcome(self, request: Request, token: str, page: str, *, stay: bool) -> Response:
        """Return the answer that sets the session cookie and leads on; the browser's earlier session ends."""
        names = cookies_of(self._parts)
        earlier = request.cookies.get(names.session)
        if earlier:
            accounts = self._parts().accounts
            await self._slowly(lambda: accounts.sign_out(earlier))
        answer = back(page)
        lasts = int(SESSION_LIFE.total_seconds()) if stay else None
        answer.set_cookie(
            names.session, token, max_age=lasts, path="/", secure=names.secure, httponly=True, samesite="lax"
        )
        answer.delete_cookie(names.visitor, path="/", secure=names.secure, httponly=True, samesite="lax")
        return answer

    def _check_visitor(self, request: Request, form: dict[str, str]) -> None:
        """Raise ``Refused`` (``expired``) unless the form carries the secret of the visitor's cookie."""
        if not same(form.get("csrf", ""), request.cookies.get(cookies_of(self._parts).visitor, "")):
            raise Refused("expired")

    async def _slowly(self, work: Callable[[], _T]) -> _T:
        """Run blocking work on the few threads kept for it and return its result."""
        return await asyncio.get_running_loop().run_in_executor(self._porters, work)


def check_csrf(session: Session, given: str) -> None:
    """Raise ``Refused`` (``expired``) unless ``given`` is the CSRF token of this very session."""
    if not same(given, session.csrf):
        raise Refused("expired")
