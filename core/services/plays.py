"""Stores plays Spotify's API reported among a person's listens, unless an export holds them already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from core.domain.listen import Flag, Kind
from core.domain.names import clean
from core.importing.api_matching import lengths
from core.importing.api_retelling import Told, first_told
from core.importing.moments import from_micros, to_micros
from core.importing.tracks import Track, Tracks
from core.repositories import api_listens
from core.repositories.listens import Listens, Writing
from core.services.import_storing import track_row
from core.services.settling import Settling

UNKNOWN_MS = 30_000  # the least that counts as a play by default
_LONGEST = timedelta(days=1)  # no track is longer; how far away the play before can still matter


@dataclass(frozen=True, slots=True)
class ApiPlay:
    """A play as the API reports it: ``played_at`` is its end, how long it lasted is not said.

    ``artists``: everybody the track names; those besides ``artist`` are credited.
    """

    uri: str
    name: str | None
    artist: str | None
    album: str | None
    played_at: datetime
    duration_ms: int | None
    artists: tuple[str, ...] = ()


def store_plays(listens: Listens, user_id: int, *, epoch: str, plays: Sequence[ApiPlay]) -> int:
    """Store reported plays in one transaction; return how many new listens that makes: those no export holds.

    A play counts for its track's duration, but for no more than the time since the play before. Plays reported again
    change nothing, also where they come back a few seconds off (``first_told``).

    Raises:
        NotFound: the connection of this epoch is gone, or the person is.
    """
    with listens.writing(user_id) as writing:
        api_listens.check_connection(writing, epoch=epoch)
        given = {(play.played_at, uri): play for play in plays if (uri := clean(play.uri))}
        return _Storing(writing, given).run() if given else 0


class _Storing:
    """The plays of one poll on their way into the database."""

    def __init__(self, writing: Writing, given: Mapping[Told, ApiPlay]) -> None:
        """Find which of the plays are new, and what is known around them."""
        ends = [played_at for played_at, _ in given]
        self._writing = writing
        self._known = list(api_listens.around(writing, first=min(ends) - _LONGEST, last=max(ends) + _LONGEST))
        before = [(play.ended_at, play.uri) for play in self._known if play.uri]
        self._new = {key: given[key] for key in first_told(before, given)}

    def run(self) -> int:
        """Store what is new; return how many listens became more."""
        if not self._new:
            return 0
        tracks, named = self._tracks()
        shortened = self._store(number := api_listens.new_number(self._writing), tracks)
        recordings = api_listens.recordings_of(self._writing, sorted(set(tracks.values())))
        settled = Settling(self._writing, recordings=recordings).finish()
        live = int((settled.back == number).sum())
        others = named or shortened or settled.parked or settled.buried or live < len(settled.back)
        if others or live:
            self._writing.raise_version(None if others else number)
        return live

    def _tracks(self) -> tuple[dict[str, int], bool]:
        """Return the track of each address, made where it is missing; and whether known tracks got names."""
        tracks, names = Tracks(), self._writing.names
        for (_, uri), play in self._new.items():
            if uri not in tracks.numbers:
                track = Track(Kind.MUSIC, uri, clean(play.name), clean(play.artist), clean(play.album))
                number = tracks.describe(uri, track)
                if track.name:
                    names.add_guests(number, track.name, [name for one in play.artists if (name := clean(one))])
        names.add_tracks(map(track_row, tracks.take_new()))
        ids, named = names.settle(tracks.given)
        return {uri: int(ids[tracks.numbers[uri]]) for _, uri in self._new}, named > 0

    def _store(self, number: int, tracks: Mapping[str, int]) -> bool:
        """Add the new plays, parked until they are settled; return whether live ones before became shorter."""
        ends = [play.ended_at for play in self._known] + [end for end, _ in self._new]
        longest = [play.ms_played for play in self._known] + [_longest_ms(play) for play in self._new.values()]
        found = lengths(np.array([to_micros(end) for end in ends]), np.array(longest))
        ms = found.tolist()
        begins = [from_micros(to_micros(end) - length * 1000) for end, length in zip(ends, ms, strict=True)]
        shorter = [at for at, play in enumerate(self._known) if ms[at] != play.ms_played]
        rows = [(self._known[at].ended_at, self._known[at].track_id, begins[at], ms[at]) for at in shorter]
        api_listens.shorten(self._writing, rows=rows)
        count = len(self._known)
        new = [(end, begins[count + at], tracks[uri], ms[count + at]) for at, (end, uri) in enumerate(self._new)]
        api_listens.add(self._writing, number=number, rows=new, flags=int(Flag.ESTIMATED))
        return any(self._known[at].live for at in shorter)


def _longest_ms(play: ApiPlay) -> int:
    """Return the most a play can have lasted by its track alone."""
    longest = int(_LONGEST / timedelta(milliseconds=1))
    return min(play.duration_ms, longest) if play.duration_ms and play.duration_ms > 0 else UNKNOWN_MS
