"""The route that saves a list of songs as a new playlist at Spotify."""

from urllib.parse import parse_qsl, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.domain.people import Refused
from web.doors import check_csrf
from web.requests import Parts, back, session_of, small_form

PAGE = "/save-playlist"
_LONGEST, _MOST_FIELDS = 1000, 12


class PlaylistSaving:
    """A person's own lists; the page at ``PAGE`` holds the form and says what came of it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[BaseRoute]:
        """Return the route."""
        return [Route("/spotify/save-playlist", self.save, methods=["POST"])]

    async def save(self, request: Request) -> Response:
        """Make the playlist the form asks for and lead back to the page; a form sent twice makes one."""
        session = await session_of(request, self._parts)
        if session is None:
            return back("/sign-in", error="signed-out", next=PAGE)
        asked: dict[str, str] = {}
        try:
            form = await small_form(request)
            asked, once = _asked(form.get("asked", "")), form.get("once", "")
            check_csrf(session, form.get("csrf", ""))
            await run_in_threadpool(
                lambda: self._parts().playlist_writing.save(
                    session.user_id, asked.get("what", ""), asked, once=once, title=form.get("title", "")
                )
            )
        except Refused as refused:
            return back(_page(asked), error=refused.code)
        return back(_page(asked), saved=once)


def _asked(query: str) -> dict[str, str]:
    """Return which list a form means, as its page's address says it; what only the page itself says is left out."""
    if len(query) > _LONGEST:
        raise Refused("broken")
    try:
        fields = dict(parse_qsl(query, max_num_fields=_MOST_FIELDS))
    except ValueError as error:
        raise Refused("broken") from error
    return {name: value for name, value in fields.items() if name not in ("saved", "error")}


def _page(asked: dict[str, str]) -> str:
    """Return the address of the page of a list."""
    return f"{PAGE}?{urlencode(asked)}" if asked else PAGE
