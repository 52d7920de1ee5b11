"""Whatever a source of charts answers: a chart in good order, something beside it, not ready, or plain trouble."""

from typing import Any
from uuid import UUID

from asked_charts import NOW, Notes, Said, lastfm, listenbrainz, now
from hypothesis import given
from hypothesis import strategies as st

from core.asking.errors import FactsError
from core.domain.trends import Extra, NotReady, Snapshot, Source
from core.trends.apple import Apple
from core.trends.deezer import Deezer

LISTS = ["artists", "recordings", "release_groups", "releases", "listening_activity", "era_activity", "artist_map"]
FIELDS = [
    *("artist_name", "track_name", "release_group_name", "listen_count", "artist_mbid", "artist_mbids", "from_ts"),
    *("to_ts", "year", "country", "artist_count", "time_unit", "release_date", "artist_credit_name", "release_name"),
    *("name", "title", "artist", "artistName", "listeners", "mbid", "error"),
]
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["GBR", "Monday", "2026-11-2", "2026-99-99", "12", "9" * 400, "\x00", str(UUID(int=1))]),
    st.sampled_from([1_795_392_000, 1_795_600_000, 2019, 10**400, -1]),
)
names = st.sampled_from(FIELDS)
deep = st.recursive(
    values, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4), max_leaves=6
)
whole = st.fixed_dictionaries(dict.fromkeys(FIELDS, values) | {"artist": deep})
rows = st.lists(whole, min_size=1, max_size=4) | st.lists(st.dictionaries(names, deep, max_size=8), max_size=4) | deep
payloads = st.fixed_dictionaries(
    {"from_ts": st.sampled_from([1_795_392_000]) | values, "last_updated": values},
    optional=dict.fromkeys([*LISTS, "artist_evolution_activity"], rows),
)


def read(source: Source) -> None:
    for key in source.charts():
        try:
            found = source.fetch(key)
        except FactsError:
            continue
        assert isinstance(found, (Snapshot, NotReady))
        if isinstance(found, Snapshot):
            in_order(found)
    for name, window in source.extras():
        try:
            more = source.fetch_extra(name, window)
        except FactsError:
            continue
        assert isinstance(more, (Extra, NotReady))
        assert isinstance(more, NotReady) or (more.rows and more.first < more.until)


def in_order(found: Snapshot) -> None:
    assert found.first < found.until
    assert found.computed_at <= NOW
    assert [entry.rank for entry in found.entries] == list(range(1, len(found.entries) + 1))
    for entry in found.entries:
        assert entry.name.strip()
        assert (entry.artist == "") == (found.key.kind in ("artist", "genre"))
        assert entry.value is None or 1 <= entry.value <= 2**62


@given(payloads)
def test_listenbrainz(payload: Any) -> None:
    read(listenbrainz(Said({"payload": payload})))


@given(rows, deep)
def test_lastfm(found: Any, error: Any) -> None:
    inner = dict.fromkeys(("artist", "track", "tag"), found)
    answer = dict.fromkeys(("artists", "tracks", "tags", "topartists"), inner)
    read(lastfm(Said(answer), Notes()))
    read(lastfm(Said(answer | {"error": error}), Notes()))


@given(rows, deep)
def test_deezer_and_apple(found: Any, other: Any) -> None:
    read(Deezer(Said({"data": found}), Notes(), now=now))  # type: ignore[arg-type]
    read(Deezer(Said({"data": found, "error": other}), Notes(), now=now))  # type: ignore[arg-type]
    read(Apple(Said({"feed": {"results": found, "updated": other}}), countries=["DE"], now=now))  # type: ignore[arg-type]
