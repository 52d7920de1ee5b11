"""The voice of people here who agreed: what those with a similar taste play, from the trained model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import polars as pl

from core.analytics.arrays import array
from core.domain.recommending import DIAL, MOST_REASONS, Kind, Reason, Suggestion
from core.domain.training import MOST_ITEMS
from core.recommend.model import Recommender
from core.services.listening import Listening
from core.services.suggesting import Profile, Ranking, Wanted
from core.services.training import Training

WIDER = 4  # times as many as wanted are taken from the model: some are known, or too many are of one artist
MORE_PLAYS = 20  # what somebody who said "more" counts as having played it


@dataclass(frozen=True, slots=True)
class PeopleVoice:
    """The trained models; only who lets them learn is told what they say."""

    training: Training
    listening: Listening

    def speaks_to(self, user_id: int) -> bool:
        """Return whether a person lets the model learn from them, as it is today."""
        consent = self.training.standing(user_id)
        return consent is not None and consent.stands

    def suggest(self, profile: Profile, wanted: Wanted, seeds: Mapping[int, float] | None = None) -> Ranking:
        """Return what the model suggests; ``seeds``: plays by id of a track that stand for the person's own."""
        loaded = self.training.model(wanted.kind) if self.speaks_to(profile.user_id) else None
        if loaded is None:
            return Ranking("people", ())
        model = loaded.recommender
        own = self._own(profile, wanted.kind)
        if seeds is None:
            plays = self._plays(profile, wanted.kind, model, own)
        else:
            pages = dict(own.select("page", "id").iter_rows())
            plays = {pages[page]: worth for page, worth in seeds.items() if page in pages}
        if not (model.place(np.array(list(plays), dtype=np.int64)) >= 0).any():
            return Ranking("people", ())
        found = model.recommend(plays, n=wanted.n * WIDER, damping=DIAL[wanted.dial])
        return self._ranking(own, wanted.kind, model, plays, found)

    def _own(self, profile: Profile, kind: Kind) -> pl.DataFrame:
        """Return id (as models have it), page (id in links), name, artist, plays of what somebody plays most."""
        frame = profile.of(kind).select(pl.col("id").alias("page"), "name", "artist", "plays")
        if kind != "track":
            return frame.with_columns(id=pl.col("page"))
        frame = frame.sort("plays", descending=True, maintain_order=True).head(MOST_ITEMS)
        library = profile.library
        codes = np.searchsorted(array(library.tracks["id"]), array(frame["page"]))
        recordings = array(library.recordings["id"])[array(library.tracks["recording"])[codes]].tolist()
        standing = self.listening.kept(
            profile.user_id, ("stands for", tuple(recordings)), lambda: self.training.stands_for(recordings)
        )
        return frame.with_columns(id=pl.Series([standing.get(each) for each in recordings], dtype=pl.Int64)).drop_nulls(
            "id"
        )

    def _plays(self, profile: Profile, kind: Kind, model: Recommender, own: pl.DataFrame) -> dict[int, float]:
        """Return what a person plays by the ids the model knows, and what they want more of."""
        plays = {id: float(count) for id, count in own.select("id", "plays").iter_rows()}
        more = [(each.name, each.artist) for each in profile.said if each.kind == kind and each.verdict == "more"]
        if more:
            for id in self.training.ids(kind, more):
                if id not in plays and model.place(np.array([id]))[0] >= 0:
                    plays[id] = float(MORE_PLAYS)
        return plays

    def _ranking(
        self,
        own: pl.DataFrame,
        kind: Kind,
        model: Recommender,
        plays: Mapping[int, float],
        found: Sequence[tuple[int, float]],
    ) -> Ranking:
        """Return what a model suggests by its names; reasons are looked for once they are asked for."""
        rows = {row["id"]: row for row in self.training.names(kind, [id for id, _ in found]).to_dicts()}
        mine = dict(zip(own["id"].to_list(), own.select("name", "artist", "page").iter_rows(), strict=True))
        made = {id: _suggestion(kind, rows[id], score) for id, score in found if id in rows}
        ids = {each.key: id for id, each in reversed(made.items())}
        guests = len(plays.keys() - mine.keys())  # what they want more of and never played is no reason

        def because(each: Suggestion) -> tuple[Reason, ...]:
            told = model.explain(plays, ids[each.key], most=MOST_REASONS + guests)
            best = [(mine[id], share) for id, share in told if id in mine][:MOST_REASONS]
            return tuple(
                Reason(kind, name, "" if kind == "artist" else artist or "", page, share)
                for (name, artist, page), share in best
            )

        return Ranking("people", tuple(made.values()), because=because)


def _suggestion(kind: Kind, row: Mapping[str, object], score: float) -> Suggestion:
    """Return a row of names as a suggestion."""
    return Suggestion(
        kind,
        str(row["name"]),
        "" if kind == "artist" else str(row["artist"] or ""),
        artist_id=int(str(row["artist_id"] or 0)),
        album=str(row["album"] or "") if kind == "track" else "",
        mbid=UUID(str(row["mbid"])) if row["mbid"] else None,
        uri=str(row["uri"] or ""),
        score=score,
        voices=("people",),
    )
