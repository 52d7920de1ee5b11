"""The ways in which Spotify says no."""

from starlette.responses import JSONResponse, PlainTextResponse, Response

NOT_LISTED = (
    "User not registered in the Developer Dashboard",
    "Check settings on developer.spotify.com/dashboard, the user may not be registered.",
    "The user is not registered for this application. Please check your settings on "
    "https://developer.spotify.com/dashboard.",
)
OWNER_NOT_PREMIUM = (
    "Active premium subscription required for the owner of the app. When the subscription status changes, it can take "
    "a few hours before requests are allowed again."
)
HTML = "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Something went wrong</h1></body></html>"


def failure(status: int, message: str) -> Response:
    """Return an error of the Web API."""
    return JSONResponse({"error": {"status": status, "message": message}}, status)


def plain(text: str) -> Response:
    """Return one of the refusals that come as plain text."""
    return PlainTextResponse(text, 403)


def unauthorized(message: str) -> Response:
    """Return a refusal of the token."""
    answer = failure(401, message)
    answer.headers["WWW-Authenticate"] = f'Bearer realm="spotify", error="invalid_token", error_description="{message}"'
    return answer


def too_fast(retry_after: str) -> Response:
    """Return the answer to calls that come too fast."""
    answer = failure(429, "API rate limit exceeded")
    answer.headers["Retry-After"] = retry_after
    return answer


def quota_spent(retry_after: str) -> Response:
    """Return the answer once the developer's calls are spent."""
    error = {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}
    return JSONResponse({"error": error}, 429, {"Retry-After": retry_after})


def oauth_failure(error: str, description: str | None = None, status: int = 400) -> Response:
    """Return an error of the accounts service, which has a shape of its own."""
    body = {"error": error} if description is None else {"error": error, "error_description": description}
    return JSONResponse(body, status)


class Refusal(Exception):
    """Raised by an endpoint that refuses; carries the answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.answer = failure(status, message)
