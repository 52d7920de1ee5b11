"""Plays as rows of an extended streaming history, the file that Spotify sends on request."""

from .clock import milliseconds, written
from .music import Episode, Track
from .playing import Play


def row(play: Play) -> dict[str, object]:
    """Return one play as the export has it: its end in whole seconds, the album's artist, the real length."""
    thing = play.thing
    track = thing if isinstance(thing, Track) else None
    episode = thing if isinstance(thing, Episode) else None
    return {
        "ts": written(play.known_at.replace(microsecond=0)),
        "platform": "linux",
        "ms_played": play.ms,
        "conn_country": "DE",
        "ip_addr": "192.0.2.1",
        # Files of one's own are nameless there.
        "master_metadata_track_name": track.name if track else None,
        "master_metadata_album_artist_name": track.album.artist.name if track else None,
        "master_metadata_album_album_name": track.album.name if track else None,
        "spotify_track_uri": track.uri if track else None,
        "episode_name": episode.name if episode else None,
        "episode_show_name": episode.show if episode else None,
        "spotify_episode_uri": episode.uri if episode else None,
        "audiobook_title": None,
        "audiobook_uri": None,
        "audiobook_chapter_uri": None,
        "audiobook_chapter_title": None,
        "reason_start": "clickrow" if play.skipped else "trackdone",
        "reason_end": "fwdbtn" if play.skipped else "trackdone",
        "shuffle": False,
        "skipped": play.skipped,
        "offline": play.offline,
        "offline_timestamp": milliseconds(play.began) // 1000,
        "incognito_mode": False,
    }
