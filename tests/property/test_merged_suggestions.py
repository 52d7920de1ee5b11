"""Several rankings become one list: nothing twice, nothing known or unwanted, no more than two of an artist."""

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
from heard import ALBUMS, ARTISTS, TRACKS, Heard, library
from hypothesis import given
from hypothesis import strategies as st

from core.analytics.selecting import select
from core.domain.lens import Exclusion, Lens
from core.domain.recommending import VERDICTS, Feedback, Reason, Suggestion, suggestion_key
from core.services.recommending import merged
from core.services.suggesting import Profile, Ranking, Wanted, spelled

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
LIBRARY = library([Heard(AT, track, 200_000, AT) for track in TRACKS if track != 7])
BY = [
    "Björk",
    "BJÖRK",
    "bjork",
    "The Beatles",
    "Beatles",
    "the  beatles",
    "Various Artists",
    "New One",
    "abba",
    "Éa",
    "",
]
TITLES = ["Human Behaviour", "Waterloo", "waterloo ", "Waterloo (live)", "Debut", "Gold", "One", "Two", "Three", "Four"]
NOTHING = pl.DataFrame()
kinds = st.sampled_from(("artist", "album", "track"))


@st.composite
def suggestions(draw: st.DrawFn, kind: str) -> Suggestion:
    by = draw(st.sampled_from(BY[:-1]))
    reasons = tuple(
        Reason("artist", name, id=11, weight=0.5) for name in draw(st.lists(st.sampled_from(BY), max_size=4))
    )
    if kind == "artist":
        return Suggestion("artist", by, reasons=reasons, voices=("people",))
    return Suggestion(kind, draw(st.sampled_from(TITLES)), by, reasons=reasons, voices=("people",))  # type: ignore[arg-type]


answers = st.builds(
    Feedback,
    kinds,
    st.sampled_from([*TITLES, *BY[:-1]]),
    st.sampled_from(BY),
    st.sampled_from(VERDICTS),
    st.just(AT),
)
exclusions = st.one_of(
    st.builds(Exclusion, st.just("artist"), st.sampled_from(list(ARTISTS))),
    st.builds(Exclusion, st.just("album"), st.sampled_from(list(ALBUMS))),
    st.builds(Exclusion, st.just("track"), st.sampled_from([id for id in TRACKS if id != 7])),
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Profile, Wanted, list[Ranking], bool]:
    kind = draw(kinds)
    lens = Lens(exclusions=tuple(draw(st.lists(exclusions, max_size=3))))
    said = tuple(draw(st.lists(answers, max_size=4)))
    banned = frozenset(suggestion_key("artist", name) for name in draw(st.lists(st.sampled_from(BY[:-1]), max_size=1)))
    view = select(LIBRARY, replace(lens, kinds=tuple(lens.kinds)))
    profile = Profile(1, view, lens, date(2026, 1, 2), NOTHING, NOTHING, NOTHING, said, banned)
    lists = draw(st.lists(st.lists(suggestions(kind), max_size=12), min_size=1, max_size=3))
    wanted = Wanted(kind, "balanced", draw(st.integers(0, 8)))  # type: ignore[arg-type]
    return profile, wanted, [Ranking("people", tuple(each)) for each in lists], draw(st.booleans())


def unwanted(profile: Profile) -> tuple[set[str], set[object]]:
    """Return the spellings of artists nothing may be by, and the keys of what may not be named, in plain Python."""
    artists = {spelled(ARTISTS[each.value]) for each in profile.lens.exclusions if each.kind == "artist"}
    artists |= {spelled(each.name) for each in profile.said if each.kind == "artist" and each.verdict != "more"}
    keys = {suggestion_key(each.kind, each.name, each.artist) for each in profile.said} | set(profile.banned)
    for each in profile.lens.exclusions:
        if each.kind == "album":
            name, by = ALBUMS[each.value]
            keys.add(suggestion_key("album", name, ARTISTS[by]))
        if each.kind == "track":
            title, by_id = TRACKS[each.value][:2]
            keys.add(suggestion_key("track", title or "", ARTISTS.get(by_id or 0, "")))
    return artists, keys


@given(cases())
def test_nothing_comes_twice_nor_known_nor_unwanted_nor_often_of_one_artist(
    case: tuple[Profile, Wanted, list[Ranking], bool],
) -> None:
    profile, wanted, rankings, new_alone = case
    made = merged(rankings, profile, wanted, known=None if new_alone else frozenset())
    shunned, keys = unwanted(profile)
    known = {suggestion_key("artist", name) for id, name in ARTISTS.items() if id != 14}
    known |= {suggestion_key("track", t[0], ARTISTS[t[1]]) for id, t in TRACKS.items() if t[0] and t[1] and id != 7}
    known |= {suggestion_key("album", name, ARTISTS[by]) for name, by in ALBUMS.values()}
    by = [each.name if each.kind == "artist" else each.artist for each in made]
    assert len(made) <= wanted.n
    assert len({each.key for each in made}) == len(made)
    assert not {each.key for each in made} & keys
    assert not {spelled(name) for name in by} & shunned
    assert not {suggestion_key("artist", name) for name in by} & profile.banned
    assert "Various Artists" not in by
    assert all(
        sum(spelled(one) == spelled(other) for other in by) <= (2 if wanted.kind != "artist" else 1) for one in by
    )
    if new_alone:
        assert not {each.key for each in made} & known
        heard = {spelled(name) for id, name in ARTISTS.items() if id != 14}
        assert wanted.kind != "artist" or not {spelled(name) for name in by} & heard
    told = {each.key: each for ranking in rankings for each in ranking.items}
    assert all(each.key in told and len(each.reasons) <= 3 for each in made)


@given(cases())
def test_the_same_question_has_the_same_answer_in_whatever_order_answers_and_exclusions_stand(
    case: tuple[Profile, Wanted, list[Ranking], bool],
) -> None:
    profile, wanted, rankings, _ = case
    lens = replace(profile.lens, exclusions=profile.lens.exclusions[::-1])
    turned = replace(profile, said=profile.said[::-1], lens=lens)
    assert merged(rankings, turned, wanted) == merged(rankings, profile, wanted)


@given(cases())
def test_what_voices_agree_on_stands_first(case: tuple[Profile, Wanted, list[Ranking], bool]) -> None:
    profile, wanted, rankings, _ = case
    only = rankings[0]
    alone = merged([only], profile, wanted)
    assert [each.key for each in merged([only, only], profile, wanted)] == [each.key for each in alone]
