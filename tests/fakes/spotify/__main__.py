"""Runs the stand-in by itself: ``python -m tests.fakes.spotify --port 8600``."""

import argparse
from typing import get_args

from commands.keeping import end_with_parent, stop_signals

from .clock import Clock
from .server import FakeSpotify
from .world import CLIENT_ID, CLIENT_SECRET, Mode


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.spotify", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8600, help="0 takes any free one")
    parser.add_argument("--mode", choices=get_args(Mode), default="dev_2026")
    parser.add_argument("--client-id", default=CLIENT_ID)
    parser.add_argument("--client-secret", default=CLIENT_SECRET)
    parser.add_argument("--with-parent", action="store_true", help="end when standard input closes")
    asked = parser.parse_args()
    with stop_signals() as stop:
        if asked.with_parent:
            end_with_parent()
        fake = FakeSpotify(
            asked.mode, clock=Clock(), host=asked.host, port=asked.port,
            client_id=asked.client_id, client_secret=asked.client_secret,
        )  # fmt: skip
        with fake:
            people = ", ".join(name if name in fake.allowed else f"{name} (not listed)" for name in fake.people)
            print(f"A stand-in for Spotify at {fake.url}, Web API at {fake.api_url}, mode {fake.mode}")
            print(f"Client id {fake.client_id}, secret {fake.client_secret}; people: {people}", flush=True)
            stop.wait()


if __name__ == "__main__":
    main()
