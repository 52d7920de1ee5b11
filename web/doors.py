"""What every door does: tell who asks, set and take cookies, let people in; hard work on threads of its own."""

import asyncio
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.domain.errors import NotFound
from core.domain.people import Entered, Refused, Role, Session
from core.logs import logger
from core.services.accounts import SESSION_LIFE
from core.services.entering import KNOWN_LIFE, PENDING_LIFE, Via
from web.plain import nothing_here
from web.requests import Parts, back, cookies_of, device, local_path, neighbourhood, same, session_of, small_form

_T = TypeVar("_T")
Form = dict[str, str]
Work = Callable[[Request, Session, Form], Response]
EVERYBODY: tuple[Role, ...] = ("owner", "admin", "member")
LOG = logger("auth")


class Doors:
    """The ways in share one of these."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        # bcrypt is slow by design: a crowd at the door must not take the threads that serve everybody else.
        self._porters = ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")

    async def enter(self, request: Request, user_id: int, *, page: str, stay: bool, via: Via) -> Response:
        """Let in somebody who has proven themselves elsewhere, or ask for the code of their second factor."""
        accounts, who = self.parts().accounts, self.visit(request)
        entered = await self.slowly(lambda: accounts.enter(user_id, stay=stay, via=via, **who))
        return await self.let_in(request, entered, local_path(page))

    def note(self, request: Request, user_id: int, event: str) -> None:
        """Write an event into a person's record, with the neighbourhood it came from."""
        self.parts().events.note(user_id, event, place=neighbourhood(request))

    async def let_in(self, request: Request, entered: Entered, page: str) -> Response:
        """Return the answer that sets the session cookie and leads on; the browser's earlier session ends.

        Where a code is still wanted, its page follows, with a cookie for five minutes.
        """
        names = cookies_of(self.parts)
        if entered.pending:
            LOG.info("session.pending", user_id=entered.user_id)
            answer = back("/second-factor", next="" if page == "/" else page)
            self._set(answer, names.second, entered.token, int(PENDING_LIFE.total_seconds()))
            return answer
        earlier, where = request.cookies.get(names.session), neighbourhood(request)
        if earlier:
            accounts = self.parts().accounts
            await self.slowly(lambda: accounts.sign_out(earlier, address=where))
        LOG.info("session.started", user_id=entered.user_id)
        answer = back(page)
        self._set(answer, names.session, entered.token, int(SESSION_LIFE.total_seconds()) if entered.stay else None)
        self._set(answer, names.known, entered.known, int(KNOWN_LIFE.total_seconds()))
        self.forget(answer, names.visitor, names.second)
        return answer

    def form(self, path: str, work: Work, *, page: str, at: str = "", roles: Collection[Role] = EVERYBODY) -> Route:
        """Return a POST route for people signed in: ``work`` blocks, on a form with the session's own token.

        A refusal leads back to ``page`` with its code and the part of the page it belongs to (``at``). To people of
        other ``roles`` the route looks as if it did not exist, and so does what is not there or somebody else's.
        """

        async def answer(request: Request) -> Response:
            session = await session_of(request, self.parts)
            if session is None:
                return back("/sign-in", error="signed-out", next=page)
            if session.role not in roles:
                return nothing_here()
            try:
                form = await small_form(request)
                check_csrf(session, form.get("csrf", ""))
                return await self.slowly(lambda: work(request, session, form))
            except Refused as refused:
                LOG.info("form.refused", user_id=session.user_id, code=refused.code)
                return back(page, error=refused.code, at=at)
            except NotFound:
                return nothing_here()

        return Route(path, answer, methods=["POST"])

    def replace_session(self, answer: Response, token: str, *, stay: bool) -> None:
        """Set the cookie of a session that takes the place of the browser's own."""
        self._set(answer, cookies_of(self.parts).session, token, int(SESSION_LIFE.total_seconds()) if stay else None)

    def forget(self, answer: Response, *cookies: str) -> None:
        """Take cookies away from the browser."""
        for name in cookies:
            answer.delete_cookie(name, path="/", secure=cookies_of(self.parts).secure, httponly=True, samesite="lax")

    async def slowly(self, work: Callable[[], _T]) -> _T:
        """Run blocking work on the few threads kept for it and return its result."""
        return await asyncio.get_running_loop().run_in_executor(self._porters, work)

    def _set(self, answer: Response, name: str, value: str, lasts: int | None) -> None:
        secure = cookies_of(self.parts).secure
        answer.set_cookie(name, value, max_age=lasts, path="/", secure=secure, httponly=True, samesite="lax")

    def visit(self, request: Request) -> dict[str, str]:
        """Return where a visitor comes from, with what, and whether somebody signed in there before."""
        known = request.cookies.get(cookies_of(self.parts).known, "")
        return {"address": neighbourhood(request), "label": device(request), "known": known}


def check_visitor(parts: Parts, request: Request, form: dict[str, str]) -> None:
    """Raise ``Refused`` (``expired``) unless the form carries the secret of the visitor's cookie."""
    if not same(form.get("csrf", ""), request.cookies.get(cookies_of(parts).visitor, "")):
        raise Refused("expired")


def check_csrf(session: Session, given: str) -> None:
    """Raise ``Refused`` (``expired``) unless ``given`` is the CSRF token of this very session."""
    if not same(given, session.csrf):
        raise Refused("expired")
