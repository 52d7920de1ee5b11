"""The Web API's gate: who may call what, how often, and what goes wrong on the way."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from . import catalogue, lists, mine, old  # noqa: F401 - they register their endpoints
from .answers import (
    NOT_LISTED,
    OWNER_NOT_PREMIUM,
    Refusal,
    failure,
    plain,
    quota_spent,
    unauthorized,
)
from .call import Call, Endpoint, find
from .shapes import Shapes
from .tokens import Access
from .world import World


def named(method: str, path: str) -> str:
    """Return the name by which calls of a path are counted."""
    found = find(method, path)
    return found[0].name if found else f"{method} {path}"


def access_of(world: World, request: Request) -> Access | None:
    """Return what the token of a request stands for."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return world.grants.accesses.get(value) if scheme.lower() == "bearer" else None


async def answer(world: World, request: Request, path: str) -> Response:
    """Answer one call of the Web API."""
    access = access_of(world, request)
    if refusal := _refused(world, request, access):
        return refusal
    found = find(request.method, path)
    if found is None:
        return failure(404, "Service not found")
    assert access
    endpoint, parts = found
    if refusal := _closed(world, endpoint, access):
        return refusal
    consent = access.consent
    body = await request.body()
    try:
        call = Call(
            world, Shapes(world.mode, str(request.base_url).rstrip("/")), path, dict(request.query_params), parts,
            json.loads(body) if body else None,
            consent.scopes if consent else frozenset(), consent.person if consent else None,
        )  # fmt: skip
        said: Any = endpoint.answer(call)
    except Refusal as refused:
        return refused.answer
    except json.JSONDecodeError:
        return failure(400, "Error parsing JSON.")
    return said if isinstance(said, Response) else JSONResponse(said, endpoint.status)


def _refused(world: World, request: Request, access: Access | None) -> Response | None:
    """Return the refusal that a call meets whatever it asks for."""
    if access is None:
        sent = "authorization" in request.headers
        return unauthorized("Invalid access token") if sent else unauthorized("No token provided")
    state = access.state(world.clock.now)
    if state != "good":
        return unauthorized("The access token expired" if state == "expired" else "Invalid access token")
    if wait := world.seconds_until_room():
        return quota_spent(str(wait))
    if not world.owner_premium:
        return plain(OWNER_NOT_PREMIUM)
    if access.consent and world.mode != "extended" and access.consent.person.name not in world.allowed:
        return plain(NOT_LISTED[0])
    return None


def _closed(world: World, endpoint: Endpoint, access: Access) -> Response | None:
    """Return the refusal of an endpoint that this app, or this consent, may not use."""
    if endpoint.closed and world.mode == "dev_2026":
        return failure(403, "Forbidden")
    if access.consent and not endpoint.scopes <= access.consent.scopes:
        return failure(403, "Insufficient client scope")
    return None
