"""Where things stand in a history, as it is and as it would be with more rules; and what is likely one thing."""

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import polars as pl

from core.analytics.building import supposing
from core.analytics.counting import Counted, counted
from core.analytics.identity import ALONE
from core.analytics.library import By, Library
from core.analytics.selecting import BYS, select
from core.analytics.stored import RULES
from core.analytics.view import View
from core.domain.names import recording_title
from core.domain.rules import IdentityRule, Standing, Suggestion

MOST_ALIKE = 20  # things of one folded name: beyond, the name says nothing
_ARTICLE = r"^(?:the|die|der|das|los|las|les|la|el|le) | the$"
_EDITION = re.compile(
    r"\s*[(\[][^()\[\]]*\b(?:edition|deluxe|remaster(?:ed)?|expanded|anniversary|bonus|reissue|explicit)\b"
    r"[^()\[\]]*[)\]]|\s+-\s+.*\b(?:edition|remaster(?:ed)?|deluxe)\b.*$",
    re.IGNORECASE,
)


def standings(view: View, wanted: Iterable[tuple[By, int]]) -> tuple[Standing, ...]:
    """Return where things (kind and database id) stand in a view, most plays first; what was never heard is left out.

    Two ids that are one thing under the lens stand there once.
    """
    codes = {(by, view.code(by, id)): None for by, id in wanted}
    known = {by: counted(view, by) for by in {by for by, _ in codes}}
    found = [standing(view, by, code, known[by]) for by, code in codes if code >= 0]
    return tuple(sorted(found, key=lambda one: (-one.plays, -one.ms_played, one.name, one.id)))


def standing(view: View, by: By, code: int, known: Counted) -> Standing:
    """Return where one code stands."""
    items, place = view.items(by), np.flatnonzero(known.ranked == code)
    return Standing(
        kind=by,
        id=int(items.ids[code]),
        name=str(items.names[code]),
        artist="" if by == "artist" else str(items.artists[code]),
        plays=int(known.plays[code]),
        ms_played=int(known.ms[code]),
        rank=int(place[0]) + 1 if len(place) else None,
    )


def with_rules(view: View, rules: Sequence[IdentityRule], *, named: Mapping[int, str]) -> View:
    """Return the view as it would be with more rules; ``named``: artists by id that nobody of the history is yet."""
    made = supposing(view.library, _frame(view.library, rules), named=named)
    return select(made, view.lens, period=view.period, filters=view.filters)


def _frame(library: Library, rules: Sequence[IdentityRule]) -> pl.DataFrame:
    """Return rules as a library takes them: of tracks put together the recordings."""
    alone = {rule.from_id for rule in rules if rule.kind == "alone"}

    def recording(track: int) -> int:
        code = library.code("track", track)
        return track + ALONE if track in alone else int(library.recordings["id"][library.tracks["recording"][code]])

    rows = [
        (rule.kind, recording(rule.from_id), recording(rule.to_id))
        if rule.kind == "recording"
        else (rule.kind, rule.from_id, rule.to_id)
        for rule in rules
    ]
    return pl.DataFrame(rows, schema=RULES, orient="row")


def alike(view: View, *, limit: int = 20) -> list[Suggestion]:
    """Return pairs that are likely one thing, most plays of the lesser first; nothing is put together by this.

    Artists whose names differ in signs, accents, case, "the" or "and" alone; albums of one artist whose names do
    without the words of an edition; tracks of one artist whose titles do. Both have been played.
    """
    found = [pair for by in BYS for pair in _alike(view, by)]
    return sorted(found, key=lambda pair: (-pair.source.plays, pair.source.name, pair.source.id))[:limit]


def _alike(view: View, by: By) -> list[Suggestion]:
    """Return the pairs of one kind: the most played of a folded name with each of the others."""
    items, known = view.items(by), counted(view, by)
    frame = pl.DataFrame(
        {
            "code": known.ranked,
            "key": folded(by, items.names.gather(known.ranked)),
            "artist": items.artist_ids[known.ranked] * (by != "artist"),
        }
    ).filter((pl.col("key") != "") & (by == "artist" or pl.col("artist") != 0))
    groups = frame.filter(pl.struct("key", "artist").is_duplicated()).group_by("key", "artist", maintain_order=True)
    return [
        Suggestion(standing(view, by, other, known), standing(view, by, best, known))
        for best, *others in groups.agg("code")["code"].to_list()
        if len(others) < MOST_ALIKE
        for other in others
    ]


def folded(by: By, names: pl.Series) -> pl.Series:
    """Return what stays of names without signs, accents, case, articles and words of an edition; may be empty."""
    if by != "artist":
        marked = names.str.contains(r"[(\[]| - ")
        bare = [_bare(by, name) for name in names.filter(marked)]
        names = names.scatter(marked.arg_true(), bare) if bare else names
    plain = names.str.to_lowercase().str.normalize("NFKD").str.replace_all(r"[\p{M}'’]", "")
    plain = plain.str.replace_all(r"[&+]", " and ").str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()
    return plain.str.replace(_ARTICLE, "").str.replace_all(" ", "", literal=True)


def _bare(by: By, name: str) -> str:
    """Return a name without the words of an edition, of an album's more than of a track's."""
    bare = recording_title(name)
    return (_EDITION.sub("", bare) or bare) if by == "album" else bare
