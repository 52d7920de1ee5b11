"""Runs the stand-in by itself: ``python -m tests.fakes.listenbrainz --port 8602``."""

from ..openmusic import OpenMusic
from ..serving import run_alone
from . import FakeListenBrainz

if __name__ == "__main__":
    run_alone("ListenBrainz", 8602, lambda port: FakeListenBrainz(OpenMusic(), port=port))
