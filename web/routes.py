"""Every route beside Streamlit's own, and what stands before all of them."""

import gc
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from core.logs import logger
from web import health, page
from web.accounts import AccountRoutes
from web.auth import Auth
from web.chart_uploads import ChartUploads
from web.community import CommunityRoutes
from web.downloads import Downloads
from web.few import Few
from web.finding import Finding
from web.hosts import KnownHosts
from web.lists import ListFiles
from web.middleware import BoundIdentity, SecurityHeaders
from web.people import PeopleRoutes
from web.pictures import Pictures
from web.playlist_writing import PlaylistSaving
from web.previews import Previews
from web.proxies import KnownClient
from web.requests import Parts
from web.spotify import SpotifyDoors
from web.suggestions import SuggestionFiles
from web.training import TrainingRoutes
from web.trends import TrendFiles
from web.uploads import Uploads

LOG = logger("web")


def routes(parts: Parts) -> list[BaseRoute]:
    """Return the routes; the pages' own come last since they match every single-part address."""
    auth, few = Auth(parts), Few()
    return [
        *health.routes(parts),
        *auth.routes(),
        *AccountRoutes(parts, auth).routes(),
        *PeopleRoutes(parts, auth).routes(),
        *CommunityRoutes(parts, auth).routes(),
        *TrainingRoutes(parts, auth).routes(),
        *SpotifyDoors(parts, auth).routes(),
        *PlaylistSaving(parts).routes(),
        *Uploads(parts).routes(),
        *ChartUploads(parts).routes(),
        *Downloads(parts).routes(),
        *Pictures(parts).routes(),
        *ListFiles(parts).routes(),
        *SuggestionFiles(parts).routes(),
        *TrendFiles(parts, few).routes(),
        *Previews(parts, few).routes(),
        *Finding(parts, few).routes(),
        *page.routes(parts),
    ]


def middleware(parts: Parts) -> list[Middleware]:
    """Return what stands before every route, the outermost first."""
    return [
        Middleware(SecurityHeaders, parts=parts),
        Middleware(KnownClient, parts=parts),
        Middleware(KnownHosts, parts=parts),
        Middleware(BoundIdentity, parts=parts),
    ]


def lifespan(
    parts: Parts, warm: Callable[[], object]
) -> Callable[[object], AbstractAsyncContextManager[dict[str, object] | None]]:
    """Return what happens before the first request: connect, and import what pages need.

    ``gc.freeze`` then keeps everything imported out of later garbage collections: nothing of it is ever garbage.
    """

    @asynccontextmanager
    async def starting(app: object) -> AsyncIterator[dict[str, object] | None]:
        await run_in_threadpool(parts)
        await run_in_threadpool(warm)
        gc.collect()
        gc.freeze()
        LOG.info("web.ready")
        yield None

    return starting
