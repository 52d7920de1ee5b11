"""Lists from one's own history: songs on the way back, songs that follow, little-played ones, mixes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import polars as pl

from core.analytics.forgotten import forgotten
from core.analytics.selecting import ALL_TIME
from core.domain.recommending import Reason, Suggestion
from core.recommend.depths import deep_cuts
from core.recommend.following import next_tracks, played_around
from core.recommend.mixes import mixes
from core.services.listening import Listening
from core.services.suggesting import Profile

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Mixed:
    """A mix: a stable ``name``, a title, a sentence that says what it is made of, and its songs in their order."""

    name: str
    title: str
    about: str
    songs: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class Again:
    """Everything here needs nobody but the person themselves, and no network."""

    listening: Listening

    def forgotten(self, profile: Profile) -> tuple[Suggestion, ...]:
        """Return what somebody used to play and has not played for a while (see ``core.analytics.forgotten``)."""
        frame = self.listening.ask(profile.user_id, forgotten, lens=profile.lens, as_of=profile.today + DAY)
        return songs(profile, frame, "You played it {plays:,} times, the last time on {last.day} {last:%B %Y}.")

    def following(self, profile: Profile, *, after: tuple[int, ...] = (), n: int = 30) -> tuple[Suggestion, ...]:
        """Return what usually follows some songs (ids of tracks, the latest last), or the latest plays."""
        frame = self.listening.ask(profile.user_id, next_tracks, lens=profile.lens, period=ALL_TIME, after=after, n=n)
        return songs(profile, frame, "")

    def around(self, profile: Profile, *, seeds: tuple[int, ...], n: int) -> tuple[Suggestion, ...]:
        """Return what is played in the same sittings as some songs (ids of tracks)."""
        frame = self.listening.ask(profile.user_id, played_around, lens=profile.lens, songs=seeds, n=n)
        return songs(profile, frame, "Played near songs of this list {times:,} times.")

    def deep(self, profile: Profile, *, n: int = 60) -> tuple[Suggestion, ...]:
        """Return little-played songs of much-played artists."""
        frame = self.listening.ask(profile.user_id, deep_cuts, lens=profile.lens, as_of=profile.today, n=n)
        words = "You played {artist} {artist_plays:,} times, this song {plays:,}."
        return songs(profile, frame, words)

    def mixes(self, profile: Profile) -> tuple[Mixed, ...]:
        """Return the mixes there are enough plays for."""
        made = self.listening.ask(profile.user_id, mixes, lens=profile.lens, as_of=profile.today)
        return tuple(Mixed(mix.name, mix.title, mix.about, songs(profile, mix.frame, "")) for mix in made)


def songs(profile: Profile, frame: pl.DataFrame, words: str) -> tuple[Suggestion, ...]:
    """Return rows (id, name, artist, artist_id …) as suggestions; ``words`` makes a sentence of each row.

    What somebody answered, or left out by an artist, is not among them.
    """
    uris = addresses(profile, frame["id"].to_list())
    found = []
    for row in frame.to_dicts():
        one = _song(row, uris.get(row["id"], ""), words)
        if one.key not in profile.answered and not profile.shuns(row["artist"] or ""):
            found.append(one)
    return tuple(found)


def _song(row: dict[str, Any], uri: str, words: str) -> Suggestion:
    because = row.get("because")
    reasons = (Reason("track", because, id=row["because_id"], weight=1.0),) if because else ()
    return Suggestion(
        "track",
        row["name"] or "",
        row["artist"] or "",
        id=row["id"],
        artist_id=row["artist_id"] or 0,
        uri=uri,
        score=float(row.get("score") or 0.0),
        plays=int(row.get("plays") or 0),
        reasons=reasons,
        voices=("history",),
        why=words.format(**row) if words else str(row.get("why") or ""),
    )


def addresses(profile: Profile, ids: list[int]) -> dict[int, str]:
    """Return the Spotify address of each track (by id) that has one."""
    tracks = profile.library.tracks.select(pl.col("id").cast(pl.Int64), "uri").filter(
        pl.col("id").is_in(ids) & pl.col("uri").is_not_null()
    )
    return dict(tracks.iter_rows())
