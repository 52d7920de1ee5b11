"""Finding facts: which questions answer what is due, and whose answers are believed.

An answer counts when it names the artist and the title that were asked for, however they are spelt.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID

from core.domain.facts import AlbumFacts, ArtistFacts, Due, Findings, Kind, TrackFacts
from core.facts.answers import Artist, Match, Recording, Release
from core.facts.musicbrainz import LINKS_AT_ONCE
from core.facts.naming import artist_of, same, same_title
from core.services.fact_asking import Asking, No
from core.services.fact_songs import Songs, Sources

# How many things are asked about together: their songs fit into one call. One at a time takes longer, hence fewer.
TOGETHER: Mapping[Kind, int] = {"artist": 25, "album": 25, "track": 50}
ONE_BY_ONE = 10


class Finding:
    """Answers what is due; ``asking`` guards every question."""

    def __init__(self, sources: Sources, asking: Asking) -> None:
        self._mb, self._lb, self._asking = sources.musicbrainz, sources.listenbrainz, asking
        self._songs = Songs(sources, asking)

    def together(self, kind: Kind, *, tries: int) -> int:
        """Return how many things to ask about at once: what failed before is asked in smaller company."""
        most = TOGETHER[kind] if self._asking.allowed("lookup") else ONE_BY_ONE
        return max(1, most // int(5 ** min(tries, 5)))

    def find(self, kind: Kind, due: Sequence[Due]) -> Findings:
        """Return what asking about some things brought."""
        findings = Findings()
        find = {"artist": self._artists, "album": self._albums, "track": self._tracks}[kind]
        find(due, findings)
        return findings

    def _artists(self, due: Sequence[Due], findings: Findings) -> None:
        """Find artists' ids, by Spotify's addresses or else by songs, then what is known under them."""
        known = {each.id: each.mbid for each in due if each.mbid}
        self._by_address([each for each in due if each.id not in known], known, findings)
        rest = [each for each in due if each.id not in known and each.id not in findings.failed]
        for each, matches in self._songs.matches(rest, findings):
            found = next((key for match in matches if (key := _artist_in(match, each.name))), None)
            if found is None:
                findings.missing.add(each.id)
            else:
                known[each.id] = found
        self._describe(known, findings)

    def _by_address(self, due: Sequence[Due], known: dict[int, UUID], findings: Findings) -> None:
        """Find artists by the addresses Spotify gave them."""
        addressed = [each for each in due if each.spotify_ids]
        asked = [address for each in addressed for address in each.spotify_ids][:LINKS_AT_ONCE]
        if not asked:
            return
        linked = self._asking.ask(partial(self._mb.linked, asked))
        if isinstance(linked, No):
            findings.failed.update({each.id: None for each in addressed if linked is No.FAILED})
            return
        for each in addressed:
            found = {key: name for address in each.spotify_ids for key, name in linked.get(address, {}).items()}
            named = [key for key, name in found.items() if same(name, each.name)]
            # One alone is believed under any name, that is what addresses are for; of several, the one namesake.
            if len(found) == 1 or len(named) == 1:
                known[each.id] = (named or list(found))[0]

    def _describe(self, known: Mapping[int, UUID], findings: Findings) -> None:
        """Find what is known of artists under their ids."""
        described = self._together(sorted(set(known.values()))) if known else {}
        for number, key in known.items():
            artist = described.get(key) or self._asking.ask(partial(self._mb.artist, key))
            if isinstance(artist, Artist):
                findings.found[number] = _artist_facts(artist)
            elif artist is None:
                findings.missing.add(number)
            elif artist is No.FAILED:
                findings.failed[number] = key

    def _together(self, keys: list[UUID]) -> dict[UUID, Artist | No]:
        """Return what ListenBrainz knows of artists, with their countries; ``No`` where nobody could be asked."""
        artists = self._asking.ask_listenbrainz("artist", partial(self._lb.artists, keys))
        if isinstance(artists, No):
            return {} if artists is No.REFUSED else dict.fromkeys(keys, artists)
        countries = self._asking.ask(partial(self._mb.countries, list(artists))) if artists else {}
        if isinstance(countries, No):
            return dict.fromkeys(keys, countries)
        return {key: replace(artist, country=countries.get(key)) for key, artist in artists.items()}

    def _tracks(self, due: Sequence[Due], findings: Findings) -> None:
        """Find tracks' recordings and what is known of them."""
        recordings = {each.id: Recording(each.mbid) for each in due if each.mbid}
        for each, matches in self._songs.matches([each for each in due if not each.mbid], findings):
            found = next(
                (match for match in matches if _is_by(match, each) and same_title(match.title, each.name)), None
            )
            if found is None:
                findings.missing.add(each.id)
            else:
                recordings[each.id] = found.recording
        for number, recording in self._songs.details(recordings, findings, keep=True).items():
            findings.found[number] = TrackFacts(recording.mbid, recording.duration_ms, recording.tags)

    def _albums(self, due: Sequence[Due], findings: Findings) -> None:
        """Find the recordings of albums' songs and, among their releases, the album."""
        names = {each.id: each.name for each in due}
        recordings: dict[int, Recording] = {}
        for each, matches in self._songs.matches(due, findings):
            by_them = [match.recording for match in matches if _is_by(match, each)]
            on_it = (recording for recording in by_them if _editions(recording.releases, each.name))
            found = next(on_it, by_them[0] if by_them else None)
            if found is None:
                findings.missing.add(each.id)
            else:
                recordings[each.id] = found
        details = self._songs.details(recordings, findings)
        editions = {number: _editions(each.releases, names[number]) for number, each in details.items()}
        self._complete(editions, findings)
        for number, releases in editions.items():
            facts = _album_facts(releases)
            if facts is None:
                findings.missing.add(number)
            else:
                findings.found[number] = facts

    def _complete(self, editions: dict[int, list[Release]], findings: Findings) -> None:
        """Add what MusicBrainz says of releases of which no more than the id is known, such as collections of hits."""
        bare = {number: found[0].mbid for number, found in editions.items() if found and not any(map(_told, found))}
        if not bare:
            return
        said = self._asking.ask(partial(self._mb.releases, sorted(set(bare.values()))))
        for number, key in bare.items():
            if isinstance(said, No):
                del editions[number]
                if said is No.FAILED:
                    findings.failed[number] = None
            elif key in said:
                editions[number].append(said[key])


def _told(release: Release) -> bool:
    """Return whether more than its id and name is known of a release."""
    return release.group is not None or release.year is not None


def _artist_in(match: Match, name: str) -> UUID | None:
    """Return the artist of a match who has a name."""
    return artist_of(match.credit, match.artists, name)


def _is_by(match: Match, each: Due) -> bool:
    """Return whether a match is by the artist of something due."""
    return each.artist_mbid in match.artists or _artist_in(match, each.artist) is not None


def _editions(releases: Iterable[Release], album: str) -> list[Release]:
    """Return the releases that have an album's name, whichever edition."""
    return [release for release in releases if same_title(release.name, album)]


def _artist_facts(artist: Artist) -> ArtistFacts:
    """Return what is kept of an artist: everything but the name."""
    return ArtistFacts(
        mbid=artist.mbid,
        area=artist.area,
        country=artist.country,
        type=artist.type,
        begin_year=artist.begin_year,
        end_year=artist.end_year,
        tags=artist.tags,
    )


def _album_facts(editions: Sequence[Release]) -> AlbumFacts | None:
    """Return what editions say together, None for none; one of another release group says nothing."""
    if not editions:
        return None
    group = next((release.group for release in editions if release.group), None)
    told = [release for release in editions if release.group in (group, None)]
    covered = next((release for release in told if release.cover_id), None)
    return AlbumFacts(
        release_mbid=told[0].mbid,
        release_group_mbid=group,
        year=next((release.year for release in told if release.year), None),
        cover_id=covered.cover_id if covered else None,
        cover_release_mbid=covered.cover_release if covered else None,
    )
