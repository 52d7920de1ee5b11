"""A stand-in for Spotify: accounts service and Web API in one server. See README.md beside this file."""

from .clock import Clock
from .server import FakeSpotify

__all__ = ["Clock", "FakeSpotify"]
