"""The one way out to Spotify: bounded in time and size, once, without cookies, redirects or a stranger's password."""

import logging
import threading
import time
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

CONNECT_SECONDS, SILENT_SECONDS, WHOLE_SECONDS = 3.05, 10.0, 20.0
MOST_BYTES = 32_000_000
_PIECE = 65_536
# spotipy writes access tokens, refresh tokens, secrets and whole answers into its logs: they stay empty.
_CHATTY = ("spotipy", "spotipy.client", "spotipy.oauth2", "spotipy.cache_handler", "spotipy.util")


def hush() -> None:
    """Let spotipy's loggers say nothing, whatever their level."""
    for name in _CHATTY:
        logging.getLogger(name).addFilter(_nothing)


def _nothing(record: logging.LogRecord) -> bool:
    return False


class Endless(requests.RequestException):
    """An answer is larger than any should be, or takes longer."""


class Wire(requests.Session):
    """A session for one kind of server; ``heard`` is the last answer of the calling thread."""

    def __init__(self, *, silent: float = SILENT_SECONDS, whole: float = WHOLE_SECONDS, most: int = MOST_BYTES) -> None:
        """Give up after ``silent`` seconds without a byte, ``whole`` seconds in all, ``most`` bytes."""
        super().__init__()
        self._silent, self._whole, self._most = silent, whole, most
        self._local = threading.local()
        self.auth = _as_it_is  # else a .netrc of this machine would replace the token
        self.headers["User-Agent"] = "Playprint"
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        once = urllib3.Retry(total=0, read=False, respect_retry_after_header=False, raise_on_status=False)
        for scheme in ("https://", "http://"):
            self.mount(scheme, HTTPAdapter(max_retries=once))

    @property
    def heard(self) -> requests.Response | None:
        """Return the last answer this thread got, None when the last try brought none."""
        return getattr(self._local, "heard", None)

    def forget(self) -> None:
        """Forget this thread's last answer."""
        self._local.heard = None

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """Return an answer whose body is read.

        Raises:
            requests.RequestException: nobody answers, or not in time, or too much.
        """
        self.forget()
        end = time.monotonic() + self._whole
        kwargs |= {"timeout": (CONNECT_SECONDS, self._silent), "allow_redirects": False, "stream": True}
        response = super().request(method, url, *args, **kwargs)
        try:
            response._content = self._body(response, end)
        except urllib3.exceptions.ReadTimeoutError as error:
            raise requests.ReadTimeout(request=response.request) from error
        except urllib3.exceptions.HTTPError as error:
            raise requests.ConnectionError(request=response.request) from error
        finally:
            response.close()
        self._local.heard = response
        return response

    def _body(self, response: requests.Response, end: float) -> bytes:
        """Return the body, read piece by piece: a server that drips must not hold anybody."""
        pieces, size = [], 0
        while piece := response.raw.read1(_PIECE, decode_content=True):
            pieces.append(piece)
            size += len(piece)
            if size > self._most or time.monotonic() > end:
                raise Endless(request=response.request)
        return b"".join(pieces)


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
