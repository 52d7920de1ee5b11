"""``python -m web``: serve the pages and routes until told to stop."""

import hashlib
import hmac
import os
import sys

import uvicorn

from core.bootstrap import instance_secret
from core.logs import configure, logger
from core.settings import ROOT, settings

# .streamlit/config.toml reads the secret of Streamlit's own cookies from here.
_COOKIE_SECRET = "STREAMLIT_SERVER_COOKIE_SECRET"  # noqa: S105 - the variable's name, not its value
# What a browser sends over the websocket are clicks and typed texts.
_LARGEST_MESSAGE = 8_000_000
LOG = logger("web")


def main(*, host: str | None = None, port: int | None = None) -> None:
    """Serve on the settings' host and port, or the given ones, until SIGTERM or Ctrl-C."""
    chosen = settings()
    configure(chosen)
    # Streamlit reads .streamlit/config.toml of the working directory, and no other place when run like this.
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    secret = hmac.new(instance_secret(chosen), b"streamlit cookies", hashlib.sha256).hexdigest()
    os.environ[_COOKIE_SECRET] = f"key-{secret}"
    LOG.info("web.starting", port=port or chosen.port)
    uvicorn.run(
        "app:app",
        host=host or chosen.host,
        port=port or chosen.port,
        ws="websockets-sansio",
        ws_max_size=_LARGEST_MESSAGE,
        ws_per_message_deflate=False,
        ws_ping_interval=30,
        ws_ping_timeout=30,
        proxy_headers=False,  # web/proxies.py reads them, from trusted proxies alone
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    main()
