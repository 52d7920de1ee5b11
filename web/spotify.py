"""The way to Spotify and back: connecting, signing in, disconnecting, asking for a sync now."""

import secrets
from typing import Literal

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.domain.people import Refused, Session
from core.domain.spotify import SCOPES, WRITE_SCOPE
from core.logs import logger
from core.services.connecting import Arrival
from core.spotify.errors import (
    SpotifyError,
)
from web.doors import Doors, check_csrf, check_visitor
from web.requests import Parts, back, cookies_of, local_path, neighbourhood, session_of, small_form

PAGE = "/spotify"
_BINDING_SECONDS = 600
LOG = logger("spotify")


class SpotifyDoors:
    """The routes around Spotify's consent; ``doors`` starts sessions for those who sign in with it."""

    def __init__(self, parts: Parts, doors: Doors) -> None:
        self._parts, self._doors = parts, doors

    def routes(self) -> list[BaseRoute]:
        """Return the routes; Spotify's way back is the only GET among them."""
        return [
            Route("/spotify/connect", self.connect, methods=["POST"]),
            Route("/spotify/sign-in", self.sign_in, methods=["POST"]),
            Route("/spotify/sync", self.sync, methods=["POST"]),
            Route("/spotify/disconnect", self.disconnect, methods=["POST"]),
            Route("/oauth/spotify/callback", self.callback, methods=["GET"]),
        ]

    async def connect(self, request: Request) -> Response:
        """Lead a signed-in person to Spotify's consent; what connecting means must have been accepted."""
        session = await session_of(request, self._parts)
        if session is None:
            return back("/sign-in", error="signed-out", next=PAGE)
        try:
            form = await small_form(request)
            check_csrf(session, form.get("csrf", ""))
            if form.get("terms") != "yes":
                raise Refused("spotify-terms")
            await self._doors.slowly(lambda: self._prove(session, form.get("password", "")))
            scopes = await run_in_threadpool(self._scopes, session.user_id, form.get("write", ""))
            return await self._leave("connect", request, form.get("next", PAGE), scopes=scopes)
        except Refused as refused:
            return back(PAGE, error=refused.code)

    def _scopes(self, user_id: int, write: str) -> tuple[str, ...]:
        """Return what to ask for: making playlists only where it is wanted now, or was agreed to before."""
        held = self._parts().connecting.connection(user_id)
        wanted = write == "yes" or (held is not None and WRITE_SCOPE in held.scopes)
        return (*SCOPES, WRITE_SCOPE) if wanted else tuple(SCOPES)

    def _prove(self, session: Session, password: str) -> None:
        """Raise ``Refused`` unless a new way to sign in is the person's own wish: it outlives password and session."""
        own = self._parts().accounts.own(session.user_id)
        if own.has_password and not own.has_spotify:
            self._parts().credentials.prove(session.user_id, password=password, session=session)

    async def sign_in(self, request: Request) -> Response:
        """Lead a visitor to Spotify, to sign in (then who they are is all that is asked), or to make an account.

        For an account they must have accepted what connecting means.
        """
        form: dict[str, str] = {}
        try:
            form = await small_form(request)
            check_visitor(self._parts, request, form)
            await run_in_threadpool(self._parts().limits.take, "spotify-sign-in", neighbourhood(request))
            scopes = None if form.get("terms") == "yes" else ()
            invitation = form.get("invitation", "")
            return await self._leave("sign-in", request, form.get("next", "/"), invitation=invitation, scopes=scopes)
        except Refused as refused:
            return back("/sign-in", error=refused.code, next=local_path(form.get("next", ""), ""))

    async def _leave(
        self,
        purpose: Literal["connect", "sign-in"],
        request: Request,
        wanted: str,
        *,
        invitation: str = "",
        scopes: tuple[str, ...] | None = None,
    ) -> Response:
        """Return the way to Spotify, with the cookie that ties its way back to this very browser."""
        parts, names = self._parts(), cookies_of(self._parts)
        if not parts.settings.spotify_client_id:
            raise Refused("spotify-off")
        browser = secrets.token_urlsafe(32)
        session = request.cookies.get(names.session) if purpose == "connect" else None
        address = await run_in_threadpool(
            lambda: parts.connecting.begin(
                purpose=purpose,
                session=session,
                browser=browser,
                back_to=local_path(wanted, PAGE if purpose == "connect" else "/"),
                invitation=invitation[:100],
                scopes=scopes,
            )
        )
        answer = RedirectResponse(address, status_code=303)
        answer.set_cookie(
            names.spotify,
            browser,
            max_age=_BINDING_SECONDS,
            path="/",
            secure=names.secure,
            httponly=True,
            samesite="lax",
        )
        return answer

    async def callback(self, request: Request) -> Response:
        """Take back whoever comes from Spotify; whatever is wrong leads to a page that says so, and nothing is kept."""
        try:
            arrival = await run_in_threadpool(self._arrived, request)
            if arrival.purpose == "connect":
                answer = await self._connected(request, arrival)
            else:
                answer = await self._signed_in(request, arrival)
        except (Refused, SpotifyError) as error:
            LOG.info("spotify.refused", code=error.code)
            session = await session_of(request, self._parts)
            answer = back(PAGE if session else "/sign-in", error=error.code)
        self._doors.forget(answer, cookies_of(self._parts).spotify)
        return answer

    def _arrived(self, request: Request) -> Arrival:
        """Return what Spotify says about somebody whose state, browser and session fit."""
        query, names = request.query_params, cookies_of(self._parts)
        return self._parts().connecting.finish(
            state=query.get("state", "")[:200],
            code=query.get("code", "")[:2000],
            error=query.get("error", "")[:100],
            session=request.cookies.get(names.session),
            browser=request.cookies.get(names.spotify, ""),
        )

    async def _connected(self, request: Request, arrival: Arrival) -> Response:
        """Store a connection and let its first sync begin."""
        session = await session_of(request, self._parts)
        if session is None:
            raise Refused("signed-out")
        parts = self._parts()

        def store() -> None:
            parts.connecting.connect(session.user_id, arrival)
            self._begin(session.user_id)

        await run_in_threadpool(store)
        LOG.info("spotify.connected", user_id=session.user_id)
        await self._note(request, session, "spotify-connected")
        return back(arrival.back_to)

    def _begin(self, user_id: int) -> None:
        """Let a person's first sync begin, or the next one after a new consent."""
        self._parts().syncing.begin(user_id)
        self._parts().queue.defer_sync(user_id)

    async def _signed_in(self, request: Request, arrival: Arrival) -> Response:
        """Start a session for the person this Spotify account belongs to, or make their account."""
        parts = self._parts()

        def who() -> int:
            known = parts.connecting.person(arrival)
            if known is not None:
                return known
            if not arrival.terms:
                raise Refused("spotify-unknown")
            hint, where = arrival.me.display_name or "", neighbourhood(request)
            made: int = parts.invitations.add_by_spotify(hint, invitation=arrival.invitation, address=where)
            try:
                parts.connecting.connect(made, arrival)
            except BaseException:
                parts.accounts.delete(made)
                raise
            self._begin(made)
            return made

        user_id = await run_in_threadpool(who)
        return await self._doors.enter(request, user_id, page=arrival.back_to, stay=False, via="spotify")

    async def disconnect(self, request: Request) -> Response:
        """Forget the connection and everything that came through it."""
        session, refusal = await self._asked(request)
        if session is None:
            return back("/sign-in", error=refusal, next=PAGE)
        try:
            if refusal:
                raise Refused(refusal)
            await run_in_threadpool(self._parts().connecting.disconnect, session.user_id)
        except Refused as refused:
            return back(PAGE, error=refused.code)
        LOG.info("spotify.disconnected", user_id=session.user_id)
        await self._note(request, session, "spotify-disconnected")
        return back(PAGE, done="disconnected")

    async def sync(self, request: Request) -> Response:
        """Ask the worker for a sync now."""
        session, refusal = await self._asked(request)
        if session is None or refusal:
            return back(PAGE if session else "/sign-in", error=refusal, next="" if session else PAGE)
        await run_in_threadpool(self._parts().syncing.ask, session.user_id)
        await run_in_threadpool(self._parts().queue.defer_sync, session.user_id)
        return back(PAGE, done="asked")

    async def _asked(self, request: Request) -> tuple[Session | None, str]:
        """Return who posts a form, and the code of what is wrong with it."""
        session = await session_of(request, self._parts)
        if session is None:
            return None, "signed-out"
        try:
            check_csrf(session, (await small_form(request)).get("csrf", ""))
        except Refused as refused:
            return session, refused.code
        return session, ""

    async def _note(self, request: Request, session: Session, event: str) -> None:
        """Write an event into the person's record."""
        await run_in_threadpool(self._doors.note, request, session.user_id, event)
