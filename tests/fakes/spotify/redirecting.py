"""Which addresses a person may be sent back to."""

from urllib.parse import urlsplit

LOOPBACK = {"127.0.0.1", "::1"}


def acceptable(uri: str, registered: set[str] | None) -> bool:
    """Return whether an address may be used: https or a loopback number, and registered exactly so.

    A loopback address may be registered without its port.
    """
    try:
        parts = urlsplit(uri)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    loopback = parts.scheme == "http" and host in LOOPBACK
    if not host or host == "localhost" or not (loopback or parts.scheme == "https") or "#" in uri:
        return False
    if registered is None or uri in registered:
        return True
    return loopback and port is not None and uri.replace(f":{port}/", "/", 1) in registered
