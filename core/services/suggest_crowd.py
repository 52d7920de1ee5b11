"""The voice of listeners elsewhere: whom people on ListenBrainz play beside the artists somebody plays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from core.domain.names import name_key
from core.domain.recommending import DIAL, Reason, Suggestion, suggestion_key
from core.recommend.crowd import Similar, crowd_ranked
from core.services.crowd import Crowd
from core.services.suggesting import Profile, Ranking, Wanted

MOST_OWN = 300  # artists of one's own whose lists are read
WIDER = 10  # times as many as wanted are told: other voices put some of them in another order
LEAST_COVERED = 0.3  # of the weight of what somebody plays must have a list, for the lists to speak alone
# Powers of the listeners elsewhere that scores are divided by; .7 gave the best lists on public data.
POWERS = dict(zip(DIAL, (0.5, 0.7, 0.8, 0.9), strict=True))


@dataclass(frozen=True, slots=True)
class CrowdVoice:
    """Open lists of similar artists, as they are stored; nobody outside is asked."""

    crowd: Crowd

    def suggest(self, profile: Profile, wanted: Wanted) -> tuple[Ranking, float]:
        """Return artists never heard, and which part (0..1) of what somebody plays has a list."""
        top = profile.artists.head(MOST_OWN)
        weights = dict(top.select("id", "weight").iter_rows())
        names = dict(top.select("id", "name").iter_rows())
        found = self.crowd.mbids(list(weights))
        # Two of one's artists may be the same to MusicBrainz: the one played more comes last, and stands for both.
        mbids = {id: found[id] for id in reversed(top["id"].to_list()) if id in found}
        lists = self.crowd.known(list(mbids.values()))
        own = {mbid: weights[id] for id, mbid in mbids.items()}
        covered = sum(weight for mbid, weight in own.items() if mbid in lists) / (sum(weights.values()) or 1)
        if not lists:
            return Ranking("crowd", ()), 0.0
        named = {mbid: Reason("artist", names[id], id=id) for id, mbid in mbids.items()}
        for mbid, reason, weight in _wanted_more(profile, lists):
            if mbid not in own:
                own[mbid], named[mbid] = weight, reason
        lists |= self.crowd.known([mbid for mbid in own if mbid not in lists])
        return Ranking("crowd", self._scored(profile, wanted, own, lists, named)), covered

    def _scored(
        self,
        profile: Profile,
        wanted: Wanted,
        own: Mapping[UUID, float],
        lists: Mapping[UUID, Similar],
        named: Mapping[UUID, Reason],
    ) -> tuple[Suggestion, ...]:
        everybody = {mbid for each in lists.values() for mbid in each.mbids}
        scores = crowd_ranked(own, lists, self.crowd.listeners(everybody), damping=POWERS[wanted.dial])
        out = profile.known_artists | profile.left_out
        fresh = (
            Suggestion(
                "artist",
                each.name,
                mbid=each.mbid,
                score=each.score,
                reasons=tuple(
                    Reason("artist", named[mbid].name, id=named[mbid].id, weight=share) for mbid, share in each.because
                ),
                voices=("crowd",),
            )
            for each in scores
            if name_key(each.name) not in out and suggestion_key("artist", each.name) not in profile.answered
        )
        return tuple(islice(fresh, wanted.n * WIDER))


def _wanted_more(profile: Profile, lists: Mapping[UUID, Similar]) -> Iterator[tuple[UUID, Reason, float]]:
    """Yield the artists of lists that somebody wants more of, without having played them, and what that weighs."""
    answers = profile.answers("artist")
    more = {name_key(each.name): each for each in profile.said if each.kind == "artist" and each.verdict == "more"}
    if more:
        for mbid, name in sorted(
            {pair for each in lists.values() for pair in zip(each.mbids, each.names, strict=True)}
        ):
            if said := more.get(name_key(name)):
                yield mbid, Reason("artist", said.name), answers[said.key]
