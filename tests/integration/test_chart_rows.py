"""Stored charts on a real PostgreSQL: what a thing is, what never changes, what is left after forgetting."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from chart_snapshots import MONDAY, NOW, WEEK, named, number, own_key, series_id, snap, standing

from core.domain.errors import InvalidInput
from core.domain.trends import ChartKey, Entry, Snapshot
from core.repositories.chart_rows import ChartRows, Stored
from core.repositories.database import Database


@pytest.fixture
def rows(db: Database) -> ChartRows:
    return ChartRows(db)


@pytest.fixture
def key() -> ChartKey:
    return own_key()


class TestWhatAThingIs:
    def test_names_that_differ_in_case_blanks_and_composition_are_one(self, rows: ChartRows, key: ChartKey) -> None:
        name = named("Für Elise")
        others = (name.upper(), name.replace("ü", "u\u0308"), f"  {name.replace(' ', '  ')} ", f"{name}\u200b")
        for n, spelling in enumerate((name, *others)):
            rows.store([snap(key, Entry(1, spelling, "Käthe"), first=MONDAY + n * WEEK)])
        assert len(set(rows.history(series_id(rows, key)).thing)) == 1
        assert rows.thing_of("track", others[1], "KÄTHE") == standing(rows, key)[0]
        assert rows.things(standing(rows, key))["name"].to_list() == [name]

    def test_another_kind_or_artist_is_another_thing(self, rows: ChartRows, key: ChartKey) -> None:
        name = named("Home")
        rows.store([snap(key, Entry(1, name, "A"), Entry(2, name, "B"))])
        rows.store([snap(replace(key, kind="artist"), Entry(1, name))])
        ids = [*standing(rows, key), *standing(rows, replace(key, kind="artist"))]
        assert len(set(ids)) == 3
        assert rows.things(ids)["kind"].to_list() == ["track", "track", "artist"]

    def test_an_mbid_finds_it_under_any_name(self, rows: ChartRows, key: ChartKey) -> None:
        mbid = UUID(int=number())
        rows.store([snap(key, Entry(1, named("First"), mbid=mbid))])
        rows.store([snap(key, Entry(1, named("Second"), mbid=mbid), first=MONDAY + WEEK)])
        rows.store([snap(replace(key, kind="album"), Entry(1, named("Third"), mbid=mbid))])
        first, second = (standing(rows, key, MONDAY + n * WEEK) for n in (0, 1))
        assert first == second != standing(rows, replace(key, kind="album"))

    def test_homonyms_with_ids_of_their_own_stay_apart(self, rows: ChartRows, key: ChartKey) -> None:
        name, one, other = named("Nirvana"), UUID(int=number()), UUID(int=number())
        rows.store([snap(key, Entry(1, name, mbid=one))])
        for n in (1, 2):
            rows.store([snap(key, Entry(1, name, mbid=other), first=MONDAY + n * WEEK)])
        rows.store([snap(key, Entry(1, name), first=MONDAY + 3 * WEEK)])
        first, *others, nameless = (standing(rows, key, MONDAY + n * WEEK)[0] for n in range(4))
        assert others[0] == others[1] != first == nameless

    def test_blank_ids_are_filled_in_once_they_are_known(self, rows: ChartRows, key: ChartKey) -> None:
        name, mbid = named("Later"), UUID(int=number())
        for n, entry in enumerate((Entry(1, name), Entry(1, name, mbid=mbid), Entry(1, name, uri="spotify:track:9"))):
            rows.store([snap(key, entry, first=MONDAY + n * WEEK)])
        thing = rows.things(standing(rows, key)).row(0, named=True)
        assert (thing["mbid"], thing["uri"]) == (str(mbid), "spotify:track:9")
        assert len(set(rows.history(series_id(rows, key)).thing)) == 1

    def test_equal_entries_of_a_snapshot_are_one_at_the_better_rank(self, rows: ChartRows, key: ChartKey) -> None:
        name = named("Twice")
        rows.store([snap(key, Entry(7, name, "X", 5), Entry(3, name.upper(), "x", 9), Entry(8, named("Other")))])
        history = rows.history(series_id(rows, key))
        assert (history.rank.tolist(), history.value.tolist()) == ([3, 8], [9, -1])

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (Entry(1, "", uri="a"), Entry(2, "", uri="b")),
            (Entry(1, "", uri="a"), Entry(2, "")),
            (Entry(1, "", mbid=UUID(int=10**9)), Entry(2, "", mbid=UUID(int=10**9 + 1))),
            (Entry(1, "", mbid=UUID(int=10**9 + 2)), Entry(2, "")),
            (Entry(1, "", mbid=UUID(int=10**9 + 3), uri="a"), Entry(2, "", mbid=UUID(int=10**9 + 3), uri="b")),
        ],
    )
    def test_different_entries_of_one_name_are_two_and_stay_who_they_are(
        self, rows: ChartRows, key: ChartKey, one: Entry, other: Entry
    ) -> None:
        one, other = (entry._replace(name=named("Remix")) for entry in (one, other))
        other = other._replace(name=one.name)
        swapped = (other._replace(rank=1), one._replace(rank=2))
        rows.store([snap(key, one, other), snap(key, *swapped, first=MONDAY + WEEK)])
        rows.store([snap(key, *swapped, first=MONDAY + 2 * WEEK)])
        rows.store([snap(key, one, first=MONDAY + 3 * WEEK)])
        first, *later, alone = (standing(rows, key, MONDAY + n * WEEK) for n in range(4))
        assert len(set(first)) == 2
        assert later == [first[::-1]] * 2
        assert alone == first[:1]

    @pytest.mark.parametrize("calls", [1, 2])
    def test_what_was_told_apart_once_is_so_when_it_stands_alone(
        self, rows: ChartRows, key: ChartKey, calls: int
    ) -> None:
        name = named("Apart")
        both = snap(key, Entry(1, name, "X", uri="u1"), Entry(2, name, "X", uri="u2"))
        alone = snap(key, Entry(1, name.upper(), "x", uri="u2"), first=MONDAY + WEEK)
        for part in ([both, alone],) if calls == 1 else ([both], [alone]):
            rows.store(part)
        assert standing(rows, key, MONDAY + WEEK) == standing(rows, key)[1:]

    def test_it_is_the_same_whether_stored_at_once_or_one_by_one(self, fresh_db: Database, key: ChartKey) -> None:
        entries = (Entry(1, "A", "X", uri="u1"), Entry(2, "a", "x", uri="u2"), Entry(3, "B", "Y"))
        weeks = [snap(key, *entries[n % 2 :], first=MONDAY + n * WEEK) for n in range(4)]
        rows = ChartRows(fresh_db)
        rows.store(weeks)
        rows.store([replace(week, key=replace(key, region="FR")) for week in weeks[:2]])
        rows.store([replace(week, key=replace(key, region="FR")) for week in weeks[2:]])
        one, other = (rows.history(series_id(rows, replace(key, region=region))).thing for region in ("DE", "FR"))
        assert one.tolist() == other.tolist()


class TestWhatNeverChanges:
    def test_a_complete_snapshot_is_never_replaced(self, rows: ChartRows, key: ChartKey) -> None:
        assert rows.store([snap(key, Entry(1, named("Kept")))]) == Stored(new=1)
        before, version = standing(rows, key), rows.version()
        assert rows.store([snap(key, Entry(1, named("Late")), at=NOW + WEEK)]) == Stored(kept=1)
        assert standing(rows, key) == before
        assert rows.version() == version

    def test_a_running_one_is_replaced_by_newer_ones_alone(self, rows: ChartRows, key: ChartKey) -> None:
        old, new, last = (Entry(1, named("Running")) for _ in range(3))
        assert rows.store([snap(key, new, complete=False)]) == Stored(new=1)
        assert rows.store([snap(key, old, complete=False, at=NOW - WEEK)]) == Stored(kept=1)
        assert rows.store([snap(key, old, complete=False)]) == Stored(kept=1)
        gone = standing(rows, key)
        assert rows.store([snap(key, last, complete=True, at=NOW + WEEK)]) == Stored(replaced=1)
        assert rows.things(standing(rows, key))["name"].to_list() == [last.name]
        assert rows.of_things(gone).is_empty()
        assert rows.store([snap(key, old, complete=False, at=NOW + 2 * WEEK)]) == Stored(kept=1)

    def test_of_two_in_one_call_the_newer_stays(self, rows: ChartRows, key: ChartKey) -> None:
        names = [named("Call") for _ in range(3)]
        moments = (NOW, NOW + WEEK, NOW - WEEK)
        running = [snap(key, Entry(1, n), at=at, complete=False) for n, at in zip(names, moments, strict=True)]
        assert rows.store(running) == Stored(new=1, replaced=1, kept=1)
        assert rows.things(standing(rows, key))["name"].to_list() == [names[1]]
        assert rows.of_things([rows.thing_of("track", names[0]) or 0]).is_empty()

    def test_an_error_in_the_middle_leaves_nothing(self, rows: ChartRows, key: ChartKey) -> None:
        name, version = named("Nothing"), rows.version()

        def broken() -> Iterator[Snapshot]:
            for n in range(600):  # the first five hundred are written already
                yield snap(key, Entry(1, name), first=MONDAY + n * WEEK)
            raise OSError

        with pytest.raises(OSError):
            rows.store(broken())
        assert all(each.key != key for each in rows.series())
        assert (rows.thing_of("track", name), rows.version()) == (None, version)

    @pytest.mark.parametrize("rank", [0, -1, 10_001, 70_000])
    def test_ranks_outside_are_refused(self, rows: ChartRows, key: ChartKey, rank: int) -> None:
        with pytest.raises(InvalidInput, match="between 1 and 10000"):
            rows.store([snap(key, Entry(1, named("Fine")), Entry(rank, named("Not")))])
        assert all(each.key != key for each in rows.series())

    def test_counts_below_nothing_and_days_backwards_are_refused(self, rows: ChartRows, key: ChartKey) -> None:
        with pytest.raises(InvalidInput, match="from 0 on"):
            rows.store([snap(key, Entry(1, "a", value=-1))])
        with pytest.raises(InvalidInput, match="end after"):
            rows.store([replace(snap(key, Entry(1, "a")), until=MONDAY)])
