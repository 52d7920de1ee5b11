"""Recommending: lists of artists, albums and songs for one person, each with its reasons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from core.domain.lens import Lens
from core.domain.names import is_various, name_key
from core.domain.recommending import (
    DEFAULT_DIAL,
    MOST_OF_ARTIST,
    MOST_REASONS,
    Dial,
    Kind,
    Reason,
    Suggestion,
    Voice,
)
from core.recommend.attention import attention
from core.recommend.picking import fused
from core.services.feedback import Tastes
from core.services.listening import Listening
from core.services.playlists import Playlists
from core.services.suggest_again import Again, Mixed
from core.services.suggest_charts import ChartVoice
from core.services.suggest_crowd import LEAST_COVERED, CrowdVoice
from core.services.suggest_genres import by_genres
from core.services.suggest_on import beside, narrowed, seeds_of
from core.services.suggest_people import PeopleVoice
from core.services.suggest_shelf import ShelfVoice
from core.services.suggesting import Profile, Ranking, Wanted, spelled

Tier = Literal["people", "crowd", "genres", "shelf", "none"]


@dataclass(frozen=True, slots=True)
class Suggested:
    """A list of suggestions, best first; ``voices`` in the order they spoke, ``note``: what there was to say about it.

    ``tier``: who leads: people here, listeners elsewhere, genres, or one's own shelf and the charts; none: nobody.
    """

    tier: Tier
    voices: tuple[Voice, ...]
    items: tuple[Suggestion, ...]
    note: str = ""


class Recommending:
    """Suggestions for one person; safe to share between threads."""

    def __init__(
        self,
        listening: Listening,
        tastes: Tastes,
        *,
        people: PeopleVoice,
        crowd: CrowdVoice,
        charts: ChartVoice,
        shelf: ShelfVoice,
        playlists: Playlists,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._listening, self._tastes, self._now = listening, tastes, now
        self._people, self._crowd, self._charts, self._shelf = people, crowd, charts, shelf
        self._playlists, self._again = playlists, Again(listening)

    def profile(self, user_id: int, *, lens: Lens) -> Profile:
        """Return a person as suggestions see them; plays Spotify's API told of are left out, whatever the lens.

        Raises:
            NotFound: there is no such person.
        """
        own = replace(lens, api=False)
        today = self._now().astimezone(ZoneInfo(lens.timezone)).date()
        today = self._listening.until(user_id, lens=own, today=today)
        with self._listening.reading():
            view = self._listening.view(user_id, lens=own)
            artists, albums, tracks = (
                self._listening.ask(user_id, attention, lens=own, by=by, as_of=today)
                for by in ("artist", "album", "track")
            )
        said, banned = tuple(self._tastes.of(user_id)), self._shelf.banned(user_id)
        return Profile(user_id, view, own, today, artists, albums, tracks, said, banned)

    def suggest(
        self, user_id: int, *, kind: Kind = "artist", dial: Dial = DEFAULT_DIAL, lens: Lens, n: int = 30
    ) -> Suggested:
        """Return up to ``n`` things of a kind somebody never played, no more than two of an artist.

        What they left out, said "never" to or answered already is not among them. The same question has the same
        answer as long as nothing changes.

        Raises:
            NotFound: there is no such person.
        """
        profile, wanted = self.profile(user_id, lens=lens), Wanted(kind, dial, n)
        rankings, note = self._rankings(profile, wanted)
        spoken = [each for each in rankings if each.items]
        items = merged(spoken, profile, wanted)
        if not items and kind == "artist" and not any(each.voice == "genres" for each in rankings):
            spoken = [by_genres(profile, wanted)]  # all that others said is known, or not to be suggested
            items, note = merged(spoken, profile, wanted), spoken[0].note
        voices = tuple(each.voice for each in spoken)
        return Suggested(_tier(voices), voices, items, note if not items else "")

    def _rankings(self, profile: Profile, wanted: Wanted) -> tuple[list[Ranking], str]:
        """Return what each voice says that is to be heard, and what there is to say if nobody does."""
        people = self._people.suggest(profile, wanted)
        if wanted.kind != "artist":
            rest = [self._shelf.suggest(profile, wanted), self._charts.suggest(profile, wanted)]
            return [people, *rest], _NOTHING_ELSE[wanted.kind]
        crowd, covered = self._crowd.suggest(profile, wanted)
        if people.items or covered >= LEAST_COVERED:
            return [people, crowd], ""
        genres = by_genres(profile, wanted)
        return [crowd, genres], genres.note

    def kept(self, user_id: int) -> tuple[Suggestion, ...]:
        """Return the songs somebody said "more" to, the latest first."""
        answers = self._tastes.of(user_id)
        never = {spelled(each.name) for each in answers if each.kind == "artist" and each.verdict == "never"}
        said = [
            each
            for each in answers
            if each.verdict == "more" and each.kind == "track" and spelled(each.artist) not in never
        ]
        return tuple(Suggestion("track", each.name, each.artist, voices=("history",)) for each in said)

    def forgotten(self, user_id: int, *, lens: Lens) -> tuple[Suggestion, ...]:
        """Return forgotten favourites, those worth a return first."""
        return self._again.forgotten(self.profile(user_id, lens=lens))

    def following(
        self, user_id: int, *, lens: Lens, after: tuple[int, ...] = (), n: int = 30
    ) -> tuple[Suggestion, ...]:
        """Return what usually follows some songs (ids of tracks, latest last), or the latest plays."""
        return self._again.following(self.profile(user_id, lens=lens), after=after, n=n)

    def deep(self, user_id: int, *, lens: Lens) -> tuple[Suggestion, ...]:
        """Return little-played songs of much-played artists."""
        return self._again.deep(self.profile(user_id, lens=lens))

    def mixes(self, user_id: int, *, lens: Lens) -> tuple[Mixed, ...]:
        """Return mixes of one's own songs: by hour of day, time of year, era, and of forgotten ones."""
        return self._again.mixes(self.profile(user_id, lens=lens))

    def on_from(self, user_id: int, key: str, *, dial: Dial = DEFAULT_DIAL, lens: Lens, n: int = 30) -> Suggested:
        """Return songs that go on from a playlist, heard before or not, no more than two of an artist.

        Raises:
            NotFound: there is no such person, or they have no such playlist.
        """
        profile, wanted = self.profile(user_id, lens=lens), Wanted("track", dial, n)
        seeds = seeds_of(profile, self._playlists.listed(user_id, key))
        rankings = [
            self._people.suggest(profile, wanted, seeds.worth),
            Ranking("history", self._again.around(profile, seeds=seeds.tracks, n=WIDER * n)),
            beside(profile, seeds, self._playlists.every(user_id)),
            self._charts.suggest(narrowed(profile, seeds), wanted),
        ]
        spoken = [each for each in rankings if each.items]
        voices = tuple(dict.fromkeys(each.voice for each in spoken))
        items = merged(spoken, profile, wanted, known=seeds.keys)
        return Suggested(_tier(voices), voices, items, "" if items else _NOTHING_ON)


_NOTHING_ON = "Nothing goes on from this list yet: play its songs, and what you play around them will."
_NOTHING_ELSE: dict[Kind, str] = {
    "artist": "",
    "album": "Nothing is known here yet of albums you have not played: it comes from your saved albums, from public "
    "charts, and from people here who agreed.",
    "track": "Nothing is known here yet of songs you have not played: it comes from your playlists and saved songs, "
    "from public charts, and from people here who agreed.",
}
_TIERS: tuple[tuple[Voice, Tier], ...] = (
    ("people", "people"),
    ("crowd", "crowd"),
    ("genres", "genres"),
    ("shelf", "shelf"),
    ("charts", "shelf"),
    ("history", "shelf"),
)
WIDER = 3  # times as many songs are taken from one's own history as are wanted: some are on the list already


def _tier(voices: Sequence[Voice]) -> Tier:
    return next((tier for voice, tier in _TIERS if voice in voices), "none")


def merged(
    rankings: Sequence[Ranking], profile: Profile, wanted: Wanted, *, known: frozenset[UUID] | None = None
) -> tuple[Suggestion, ...]:
    """Return one list of several voices' (see ``picking.fused``), without what is not to be suggested.

    ``known``: the keys of what is no news; everything somebody ever heard unless said.
    """
    said: dict[UUID, list[tuple[Suggestion, Ranking]]] = {}
    orders: list[list[UUID]] = []
    for ranking in rankings:
        told = [(each.key, each) for each in ranking.items]
        told = [(key, each) for key, each in told if fresh(key, each, profile, known) and allowed(key, each, profile)]
        orders.append([key for key, _ in told])
        for key, each in told:
            said.setdefault(key, []).append((each, ranking))
    scores = cast(dict[UUID, float], fused(*orders))
    best = sorted(scores, key=lambda key: (-scores[key], said[key][0][0].artist, said[key][0][0].name))
    chosen = few_of_each([said[key][0][0] for key in best], wanted.n)
    return tuple(_one([_reasoned(*one) for one in said[each.key]], scores[each.key]) for each in chosen)


def fresh(key: UUID, each: Suggestion, profile: Profile, known: frozenset[UUID] | None) -> bool:
    """Return whether something is news: not among ``known``, else never heard, an artist in no spelling."""
    if known is not None:
        return key not in known
    return key not in profile.keys(each.kind) and not (
        each.kind == "artist" and spelled(each.name) in profile.spellings
    )


def _reasoned(each: Suggestion, ranking: Ranking) -> Suggestion:
    return replace(each, reasons=ranking.because(each)) if ranking.because else each


def allowed(key: UUID, each: Suggestion, profile: Profile) -> bool:
    """Return whether something (and its key) may be suggested: not answered or left out, and by nobody who is."""
    by = each.name if each.kind == "artist" else each.artist
    wanted = key not in profile.answered and each.artist_id not in profile.left_out_ids
    return wanted and not profile.shuns(by) and not is_various(by)


def few_of_each(items: Sequence[Suggestion], n: int, *, most: int = MOST_OF_ARTIST) -> tuple[Suggestion, ...]:
    """Return the first ``n``, in their order, with no more than two of an artist."""
    counts: dict[str, int] = {}
    kept: list[Suggestion] = []
    for each in items:
        by = spelled(each.name if each.kind == "artist" else each.artist)
        counts[by] = counts.get(by, 0) + 1
        if counts[by] <= (1 if each.kind == "artist" else most) and len(kept) < n:
            kept.append(each)
    return tuple(kept)


def _one(same: Sequence[Suggestion], score: float) -> Suggestion:
    """Return one suggestion of what several voices said about a thing."""
    reasons: dict[tuple[str, str, str], Reason] = {}
    for each in same:
        for reason in each.reasons:
            key = (reason.kind, name_key(reason.name), name_key(reason.artist))
            if key not in reasons or reasons[key].weight < reason.weight:
                reasons[key] = reason
    strongest = sorted(reasons.values(), key=lambda reason: -reason.weight)[:MOST_REASONS]
    return replace(
        same[0],
        score=score,
        reasons=tuple(strongest),
        voices=tuple(dict.fromkeys(voice for each in same for voice in each.voices)),
        mbid=next((each.mbid for each in same if each.mbid), None),
        uri=next((each.uri for each in same if each.uri), ""),
        why=" ".join(list(dict.fromkeys(each.why for each in same if each.why))[:2]),
    )
