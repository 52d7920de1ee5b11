"""Runs the stand-in by itself: ``python -m tests.fakes.musicbrainz --port 8601``."""

from ..openmusic import OpenMusic
from ..serving import run_alone
from . import FakeMusicBrainz

if __name__ == "__main__":
    run_alone("MusicBrainz", 8601, lambda port: FakeMusicBrainz(OpenMusic(), port=port))
