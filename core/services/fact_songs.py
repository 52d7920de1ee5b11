"""Songs by their names: which recording a source takes each for, and what is known of that recording.

ListenBrainz looks up many songs at once; MusicBrainz, one at a time, is asked where ListenBrainz looks up none for us.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from core.domain.facts import Due, Findings
from core.facts.answers import Match, Recording
from core.facts.listenbrainz import SONGS_AT_ONCE, ListenBrainz
from core.facts.musicbrainz import MusicBrainz
from core.services.fact_asking import Asking, No


@dataclass(frozen=True, slots=True)
class Sources:
    """Who is asked."""

    musicbrainz: MusicBrainz
    listenbrainz: ListenBrainz


class Songs:
    """Answers about songs; what failed goes into the findings it is given."""

    def __init__(self, sources: Sources, asking: Asking) -> None:
        self._sources, self._asking = sources, asking

    def matches(self, due: Sequence[Due], findings: Findings) -> Iterator[tuple[Due, list[Match]]]:
        """Yield what the songs of each thing are taken for; those nobody could be asked about are left out."""
        songs = [song for each in due for song in each.songs][:SONGS_AT_ONCE]
        if not songs:
            yield from ((each, []) for each in due)
            return
        found = self._asking.ask_listenbrainz("lookup", partial(self._sources.listenbrainz.match, songs))
        if found is No.REFUSED:
            yield from self._one_by_one(due, findings)
        elif found is No.FAILED:
            findings.failed.update({each.id: None for each in due})
        elif not isinstance(found, No):
            yield from ((each, [found[song] for song in each.songs if song in found]) for each in due)

    def _one_by_one(self, due: Sequence[Due], findings: Findings) -> Iterator[tuple[Due, list[Match]]]:
        """Yield the first song of each thing that MusicBrainz knows."""
        for each in due:
            if not self._asking.in_time():
                return
            answer = self._first(each)
            if answer is No.FAILED:
                findings.failed[each.id] = None
            elif isinstance(answer, No):
                return
            else:
                yield each, answer

    def _first(self, each: Due) -> list[Match] | No:
        """Return the first song that is known, alone in a list."""
        for song in each.songs:
            answer = self._asking.ask(partial(self._sources.musicbrainz.match, song))
            if isinstance(answer, No):
                return answer
            if answer is not None:
                return [answer]
        return []

    def details(
        self, recordings: Mapping[int, Recording], findings: Findings, *, keep: bool = False
    ) -> dict[int, Recording]:
        """Return recordings (by what they were found for) with what ListenBrainz knows of them besides.

        ``keep``: where it cannot be asked, the recordings' ids are worth keeping.
        """
        if not recordings:
            return {}
        keys = sorted({recording.mbid for recording in recordings.values()})
        more = self._asking.ask_listenbrainz("recording", partial(self._sources.listenbrainz.recordings, keys))
        if more is No.FAILED:
            findings.failed.update({number: each.mbid if keep else None for number, each in recordings.items()})
        if more is No.REFUSED:
            more = {}
        if isinstance(more, No):
            return {}
        return {number: _merged(more.get(each.mbid), each) for number, each in recordings.items()}


def _merged(more: Recording | None, had: Recording) -> Recording:
    """Return a recording with what both sources say, the fuller one first."""
    if more is None:
        return had
    return Recording(
        mbid=had.mbid,
        duration_ms=more.duration_ms or had.duration_ms,
        tags=more.tags or had.tags,
        releases=(*more.releases, *had.releases),
    )
