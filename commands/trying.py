"""Stand-ins for Spotify, MusicBrainz and ListenBrainz on this machine, to try the whole connection without them."""

import socket
import sys
from contextlib import closing

from commands.keeping import ROOT, Child
from core.domain.errors import InvalidInput

_PLACE = ROOT / "tests" / "fakes"
_CLIENT = {
    "PLAYPRINT_SPOTIFY_CLIENT_ID": "playprint-trying",
    "PLAYPRINT_SPOTIFY_CLIENT_SECRET": "nothing-is-behind-this",
}


def stand_ins() -> tuple[dict[str, str], list[Child]]:
    """Return the settings that lead to the stand-ins, and the stand-ins, not yet started.

    Raises:
        InvalidInput: this copy of Playprint came without them.
    """
    if not (_PLACE / "spotify").is_dir():
        raise InvalidInput("The stand-ins live with the tests: run this from the source tree, not from a package.")
    ports = {name: _free_port() for name in ("spotify", "musicbrainz", "listenbrainz")}
    at = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    identity = ["--client-id", *_CLIENT.values()]
    identity.insert(2, "--client-secret")
    children = [
        Child(name, [*_command(name, port), *(identity if name == "spotify" else ())], {})
        for name, port in ports.items()
    ]
    settings = _CLIENT | {
        "PLAYPRINT_SPOTIFY_ACCOUNTS_URL": at["spotify"],
        "PLAYPRINT_SPOTIFY_API_URL": f"{at['spotify']}/v1",
        "PLAYPRINT_MUSICBRAINZ_URL": f"{at['musicbrainz']}/ws/2",
        "PLAYPRINT_LISTENBRAINZ_URL": at["listenbrainz"],
        "PLAYPRINT_LABS_URL": at["listenbrainz"],
        "PLAYPRINT_LISTENBRAINZ_TOKEN": "the-token-of-the-stand-in",
    }
    return settings, children


def _command(name: str, port: int) -> list[str]:
    return [sys.executable, "-m", f"tests.fakes.{name}", "--port", str(port), "--with-parent"]


def _free_port() -> int:
    """Return a port nobody listens on at the moment."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
