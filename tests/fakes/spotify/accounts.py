"""The accounts service: asking a person for their consent, and giving out tokens for it."""

import base64
import binascii
import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response

from .answers import oauth_failure
from .consent_page import consent_page
from .redirecting import acceptable
from .tokens import ALL_SCOPES, Consent, challenge_of
from .world import World

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43,128}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
BAD_CODE, BAD_REFRESH = "Invalid authorization code", "Refresh token revoked"


async def authorize(world: World, request: Request) -> Response:
    """Answer ``/authorize``: show the page, or send the person back with what they chose."""
    asked = {**request.query_params, **{key: str(value) for key, value in (await request.form()).items()}}
    if asked.get("client_id") != world.client_id:
        return PlainTextResponse("INVALID_CLIENT: Invalid client", 400)
    if not acceptable(asked.get("redirect_uri", ""), world.redirect_uris):
        return PlainTextResponse("INVALID_CLIENT: Invalid redirect URI", 400)
    if error := _fault_of(asked):
        return _back(asked, {"error": error})
    name = request.headers.get("x-fake-as") or asked.get("as")
    if asked.get("agree") == "0":
        return _back(asked, {"error": "access_denied"})
    if name is None or ("as" in asked and asked.get("agree") != "1"):
        return HTMLResponse(consent_page(world, asked))
    if name not in world.people:
        return PlainTextResponse(f"Nobody here is called {name}.", 400)
    return _back(asked, {"code": _agreed(world, asked, name)})


def _fault_of(asked: Mapping[str, str]) -> str | None:
    """Return what is wrong with a request that came from a good address."""
    if asked.get("response_type") != "code":
        return "unsupported_response_type"
    if not set(asked.get("scope", "").split()) <= ALL_SCOPES:
        return "invalid_scope"
    challenge, method = asked.get("code_challenge"), asked.get("code_challenge_method")
    if challenge is None and method is None:
        return None
    return None if method == "S256" and challenge and _CHALLENGE.fullmatch(challenge) else "invalid_request"


def _agreed(world: World, asked: Mapping[str, str], name: str) -> str:
    scopes = frozenset(asked.get("scope", "").split()) - world.withheld_scopes
    consent = Consent(world.person(name), scopes, world.clock.now)
    return world.grants.code(consent, asked["redirect_uri"], asked.get("code_challenge"))


def _back(asked: Mapping[str, str], answer: dict[str, str]) -> Response:
    state = {"state": asked["state"]} if "state" in asked else {}
    uri = asked["redirect_uri"]
    return RedirectResponse(f"{uri}{'&' if '?' in uri else '?'}{urlencode(answer | state)}", 302)


async def token(world: World, request: Request) -> Response:
    """Answer ``/api/token``."""
    form = {key: str(value) for key, value in (await request.form()).items()}
    client_id, secret = _credentials(request, form)
    if not client_id:
        return oauth_failure("invalid_client", status=world.invalid_client_status)
    known = secrets.compare_digest(client_id.encode(), world.client_id.encode())
    if not known or (secret is not None and not secrets.compare_digest(secret.encode(), world.client_secret.encode())):
        return oauth_failure("invalid_client", "Invalid client", world.invalid_client_status)
    match form.get("grant_type"):
        case "authorization_code":
            return _exchange(world, form, with_secret=secret is not None)
        case "refresh_token":
            return _refresh(world, form, with_secret=secret is not None)
        case "client_credentials" if secret is not None:
            return JSONResponse(_tokens(world, None))
        case "client_credentials":
            return oauth_failure("invalid_client", "Invalid client", world.invalid_client_status)
    return oauth_failure(
        "unsupported_grant_type", "grant_type must be client_credentials, authorization_code or refresh_token"
    )


def _credentials(request: Request, form: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Return id and secret of the app, from the header or from the body."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id"), form.get("client_secret")
    try:
        client_id, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None, None
    return client_id, secret


def _exchange(world: World, form: Mapping[str, str], *, with_secret: bool) -> Response:
    """Give out the first tokens for a code."""
    code = world.grants.use(form.get("code", ""), form.get("redirect_uri", ""))
    if code is None:
        return oauth_failure("invalid_grant", BAD_CODE)
    if code.challenge is not None:
        verifier = form.get("code_verifier", "")
        if not _VERIFIER.fullmatch(verifier) or not secrets.compare_digest(challenge_of(verifier), code.challenge):
            return oauth_failure("invalid_grant", "code_verifier was incorrect")
    elif not with_secret:
        return oauth_failure("invalid_client", "Invalid client", world.invalid_client_status)
    consent = replace(code.consent, needs_secret=with_secret)
    return JSONResponse(_tokens(world, consent) | {"refresh_token": world.grants.refresh(consent)})


def _refresh(world: World, form: Mapping[str, str], *, with_secret: bool) -> Response:
    """Give out another access token; the consent behind it grows no younger."""
    old = form.get("refresh_token", "")
    consent = world.grants.consent_of(old)
    if consent is None:
        return oauth_failure("invalid_grant", BAD_REFRESH)
    if consent.needs_secret and not with_secret:
        return oauth_failure("invalid_client", "Invalid client", world.invalid_client_status)
    answer = _tokens(world, consent)
    if not world.refresh_scope:
        del answer["scope"]
    if world.refresh_returns == "same":
        answer["refresh_token"] = old
    elif world.refresh_returns == "rotating":
        del world.grants.refreshes[old]
        answer["refresh_token"] = world.grants.refresh(consent)
    return JSONResponse(answer)


def _tokens(world: World, consent: Consent | None) -> dict[str, object]:
    answer: dict[str, object] = {
        "access_token": world.grants.access(consent), "token_type": "Bearer", "expires_in": 3600,
    }  # fmt: skip
    return answer | ({"scope": " ".join(sorted(consent.scopes))} if consent else {})


def consent(world: World, name: str, scopes: frozenset[str], *, needs_secret: bool) -> dict[str, object]:
    """Return the tokens a person's consent brings, without a browser."""
    given = Consent(world.person(name), scopes - world.withheld_scopes, world.clock.now, needs_secret)
    return _tokens(world, given) | {"refresh_token": world.grants.refresh(given)}
