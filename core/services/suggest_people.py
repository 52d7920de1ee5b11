"""The voice of people here who agreed: what those with a similar taste play, from the trained model."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from core.analytics.arrays import array
from core.domain.recommending import DIAL, Kind, Reason, Suggestion, suggestion_key
from core.recommend.model import Recommender
from core.services.suggesting import Profile, Ranking, Wanted
from core.services.training import Training

WIDER = 4  # times as many as wanted are taken from the model: some are known, or too many are of one artist
MORE_PLAYS = 20  # what somebody who said "more" counts as having played it


@dataclass(frozen=True, slots=True)
class PeopleVoice:
    """The trained models; only who lets them learn is told what they say."""

    training: Training

    def speaks_to(self, user_id: int) -> bool:
        """Return whether a person lets the model learn from them."""
        return self.training.standing(user_id) is not None

    def suggest(self, profile: Profile, wanted: Wanted, seeds: Mapping[int, float] | None = None) -> Ranking:
        """Return what the model suggests; ``seeds``: plays by id that stand for the person's own."""
        loaded = self.training.model(wanted.kind) if self.speaks_to(profile.user_id) else None
        if loaded is None:
            return Ranking("people", ())
        model = loaded.recommender
        plays = dict(seeds) if seeds is not None else self._plays(profile, wanted.kind, model)
        if not (model.place(np.array(list(plays), dtype=np.int64)) >= 0).any():
            return Ranking("people", ())
        found = model.recommend(plays, n=wanted.n * WIDER, damping=DIAL[wanted.dial])
        names = self.training.names(wanted.kind, [id for id, _ in found])
        return Ranking("people", tuple(self._named(profile, wanted.kind, model, plays, dict(found), names)))

    def _plays(self, profile: Profile, kind: Kind, model: Recommender) -> dict[int, float]:
        """Return what a person plays by the ids the model knows, and what they want more of."""
        plays = {id: float(count) for id, count in _model_ids(profile, kind).iter_rows()}
        wanted = {each.key for each in profile.said if each.kind == kind and each.verdict == "more"}
        if wanted:
            names = self.training.names(kind, model.items.tolist())
            for id, name, artist in names.select("id", "name", "artist").iter_rows():
                if suggestion_key(kind, name, artist or "") in wanted:
                    plays.setdefault(id, float(MORE_PLAYS))
        return plays

    def _named(
        self,
        profile: Profile,
        kind: Kind,
        model: Recommender,
        plays: Mapping[int, float],
        scores: Mapping[int, float],
        names: pl.DataFrame,
    ) -> list[Suggestion]:
        rows = {row["id"]: row for row in names.to_dicts()}
        own = {row["id"]: row for row in _own_names(profile, kind).to_dicts()}
        made = []
        for id, score in scores.items():
            row = rows.get(id)
            if row is None:
                continue
            reasons = tuple(
                Reason(kind, own[because]["name"], own[because]["artist"] or "", own[because]["page"], share)
                for because, share in model.explain(plays, id)
                if because in own
            )
            made.append(_suggestion(kind, row, score, reasons))
        return made


def _suggestion(kind: Kind, row: Mapping[str, object], score: float, reasons: tuple[Reason, ...]) -> Suggestion:
    """Return a row of names as a suggestion."""
    return Suggestion(
        kind,
        str(row["name"]),
        "" if kind == "artist" else str(row["artist"] or ""),
        artist_id=int(str(row["artist_id"] or 0)),
        album=str(row["album"] or "") if kind == "track" else "",
        mbid=row["mbid"],  # type: ignore[arg-type]  # a UUID or None
        uri=str(row["uri"] or ""),
        score=score,
        reasons=reasons,
        voices=("people",),
    )


def _model_ids(profile: Profile, kind: Kind) -> pl.DataFrame:
    """Return id and plays of what somebody plays, by the ids models have: recordings for tracks."""
    own = _own_names(profile, kind)
    return own.select("id", "plays")


def _own_names(profile: Profile, kind: Kind) -> pl.DataFrame:
    """Return id (as models have it), page (id in links), name, artist, plays of what somebody plays."""
    frame = profile.of(kind).select(pl.col("id").alias("page"), "name", "artist", "plays")
    if kind != "track":
        return frame.with_columns(id=pl.col("page"))
    library = profile.library
    codes = np.searchsorted(array(library.tracks["id"]), array(frame["page"]))
    recordings = array(library.recordings["id"])[array(library.tracks["recording"])[codes]]
    return frame.with_columns(id=pl.Series(recordings, dtype=pl.Int64)).unique("id", keep="first", maintain_order=True)
