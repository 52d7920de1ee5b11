"""The voice of listeners elsewhere: whom people on ListenBrainz play beside the artists somebody plays."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from core.domain.names import name_key
from core.domain.recommending import DIAL, Reason, Suggestion
from core.recommend.crowd import crowd_scores
from core.services.crowd import Crowd
from core.services.suggesting import Profile, Ranking, Wanted

MOST_OWN = 300  # artists of one's own whose lists are read
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
        mbids = self.crowd.mbids(list(weights))
        lists = self.crowd.known(list(mbids.values()))
        own = {mbid: weights[id] for id, mbid in mbids.items()}
        covered = sum(weight for mbid, weight in own.items() if mbid in lists) / (sum(weights.values()) or 1)
        if not lists:
            return Ranking("crowd", ()), 0.0
        named = {mbid: Reason("artist", names[id], id=id) for id, mbid in mbids.items()}
        return Ranking("crowd", self._scored(profile, wanted, own, named)), covered

    def _scored(
        self, profile: Profile, wanted: Wanted, own: Mapping[UUID, float], named: Mapping[UUID, Reason]
    ) -> tuple[Suggestion, ...]:
        lists = self.crowd.known(list(own))
        everybody = {mbid for each in lists.values() for mbid in each.mbids}
        scores = crowd_scores(own, lists, self.crowd.listeners(everybody), damping=POWERS[wanted.dial])
        out = profile.known_artists | profile.left_out
        return tuple(
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
            if name_key(each.name) not in out and each.mbid not in own
        )
