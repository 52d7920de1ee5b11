"""Plays Spotify's API reported meet exports in a real database: nothing counted twice, nothing lost, undone exactly."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from exports import Importer, account_row, row
from reported import NOON, connect, play, poll

from commands.figures import default_lens
from core.bootstrap import Playprint
from core.cache import Cache
from core.cache.keys import canonical
from core.domain.errors import NotFound
from core.domain.imports import ImportRecord, Sheet
from core.domain.lens import Lens
from core.domain.listen import Flag, Kind, Source
from core.domain.people import User
from core.repositories.database import Database
from core.services.library import Libraries
from core.services.listening import Listening
from core.services.plays import ApiPlay
from core.services.profiles import Profiles
from core.settings import Settings

ACCOUNT = "StreamingHistory_music_0.json"
API, EXPORT, MINUTES = int(Source.SPOTIFY_API), int(Source.SPOTIFY_EXPORT), int(Source.SPOTIFY_ACCOUNT)


@pytest.fixture
def importer(db: Database, tmp_path: Path) -> Importer:
    return Importer(db, tmp_path)


def query(db: Database, sql: str, *parameters: Any) -> list[Any]:
    with db.driver() as connection:
        return connection.execute(sql, parameters).fetchall()


def sources(db: Database, user: int) -> list[int]:
    return [s for (s,) in query(db, "select source from listens where user_id = %s order by ended_at, source", user)]


def parked(db: Database, user: int) -> list[int]:
    """Return the imports for which reported plays wait."""
    sql = "select replaced_by from replaced_listens where user_id = %s and source = %s order by ended_at"
    return [by for (by,) in query(db, sql, user, API)]


def listens(db: Database, user: int) -> list[Any]:
    """Return all of a person's listens but which import brought them."""
    sql = """
        select ended_at, began_at, logged_at, track_id, ms_played, reason_start, reason_end, platform, country, kind,
            source, flags from listens where user_id = %s order by ended_at, track_id, ms_played, began_at
    """
    return query(db, sql, user)


def lengths(db: Database, user: int) -> list[int]:
    sql = """
        select ms_played from (
            select ended_at, ms_played from listens where user_id = %(user)s and source = 3
            union all select ended_at, ms_played from replaced_listens where user_id = %(user)s and source = 3
        ) known order by ended_at
    """
    with db.driver() as connection:
        return [ms for (ms,) in connection.execute(sql, {"user": user})]


def changes(db: Database, user: int) -> list[int | None]:
    found = query(db, "select import_id from data_changes where user_id = %s order by version", user)
    return [import_id for (import_id,) in found]


def sheet_of(record: ImportRecord) -> Sheet:
    assert record.status == "done", record.message
    assert record.sheet is not None
    return record.sheet


# What is stored.


def test_a_reported_play_is_stored_with_what_is_known_of_it(db: Database, person) -> None:
    user, uri = person(), "spotify:track:reported00000000000001"
    at = NOON + timedelta(milliseconds=345)
    given = play(name=" Song\u200b ", artist="Album's artist", album="On it", uri=uri, played_at=at)
    assert poll(db, user, [given]) == 1
    sql = """
        select ended_at, began_at, logged_at, ms_played, l.kind, source, flags, reason_start, reason_end, platform,
            country, t.name, t.uri, a.name, al.name
        from listens l join tracks t on t.id = track_id join artists a on a.id = t.artist_id
        join albums al on al.id = album_id where user_id = %s
    """
    codes = (200_000, Kind.MUSIC, API, Flag.ESTIMATED, 0, 0, 0, 0)
    moments = (at, at - timedelta(seconds=200), at)
    assert query(db, sql, user) == [(*moments, *codes, "Song", uri, "Album's artist", "On it")]


def test_plays_reported_again_change_nothing(db: Database, person) -> None:
    user, plays = person(), [play(n) for n in range(3)]
    assert poll(db, user, plays[:2]) == 2
    before = query(db, "select * from listens where user_id = %s order by ended_at", user)
    assert poll(db, user, plays[:2]) == 0
    assert poll(db, user, [*plays, plays[2]]) == 1
    assert query(db, "select * from listens where user_id = %s order by ended_at", user)[:2] == before
    assert poll(db, user, []) == 0


def cut(plays: list[ApiPlay], seconds: int) -> list[ApiPlay]:
    """Return plays as Spotify may tell them again: whole seconds, one more or less."""
    return [replace(p, played_at=p.played_at.replace(microsecond=0) + timedelta(seconds=seconds)) for p in plays]


def test_plays_told_again_a_little_off_are_the_same(db: Database, person) -> None:
    user, plays = person(), [play(n, late=0.345 + n / 50) for n in range(20)]
    assert poll(db, user, plays) == 20
    before = query(db, "select * from listens where user_id = %s order by ended_at", user)
    for seconds in (0, 1, -1):
        assert poll(db, user, cut(plays, seconds)) == 0
    assert poll(db, user, [*plays, *cut(plays, 1), play(20), *cut([play(20)], 1)]) == 1
    assert query(db, "select * from listens where user_id = %s order by ended_at", user)[:20] == before
    assert len(listens(db, user)) == 21
    assert poll(db, user, [play(0, late=6), play(1, played_at=plays[0].played_at)]) == 2


def test_plays_told_again_beside_an_export_count_once(db: Database, person, importer: Importer) -> None:
    plays = [play(n, late=0.345) for n in range(20)]
    for when in (0, 1, 2):
        user = person()
        for step in range(3):
            if step == when:
                record = importer.rows(user, [row(n) for n in range(0, 20, 2)])
            poll(db, user, cut(plays, 1) if step else plays)
        assert sources(db, user) == [EXPORT, API] * 10
        assert parked(db, user) == [record.id] * 10
        importer.importing.undo(user, import_id=record.id)
        assert poll(db, user, cut(plays, -1)) == 0
        assert sources(db, user) == [API] * 20


def test_the_same_poll_by_two_workers_at_once_is_stored_once(db: Database, person) -> None:
    user, gate = person(), threading.Barrier(2)
    epoch, plays = connect(db, user), [play(n) for n in range(20)]

    def run(_: int) -> int:
        gate.wait()
        return poll(db, user, plays, epoch=epoch)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, range(2))) == [0, 20]
    assert len(listens(db, user)) == 20


def test_two_plays_that_ended_at_once_are_two(db: Database, person) -> None:
    user = person()
    assert poll(db, user, [play(0), play(1, played_at=NOON)]) == 2
    assert lengths(db, user) == [200_000, 200_000]


def test_lengths_are_bounded_by_the_play_before_whatever_poll_brings_it(db: Database, person) -> None:
    plays = [play(0), play(1, played_at=NOON + timedelta(seconds=30)), play(2, played_at=NOON + timedelta(seconds=90))]
    expected = [200_000, 30_000, 60_000]
    for order in ([[0, 1, 2]], [[0], [1], [2]], [[2], [0], [1]], [[2, 0], [1]], [[1], [2, 0]]):
        user = person()
        for numbers in order:
            poll(db, user, [plays[n] for n in numbers])
        assert lengths(db, user) == expected, order


def test_an_unknown_duration_is_the_least_that_counts(db: Database, person) -> None:
    user = person()
    day = 86_400_000
    for number, duration in enumerate([None, 0, -5, day * 30]):
        poll(db, user, [play(number, duration_ms=duration, played_at=NOON + timedelta(days=3 * number))])
    assert lengths(db, user) == [30_000, 30_000, 30_000, day]


def test_nothing_is_stored_without_its_connection(db: Database, person) -> None:
    user, other = person(), person()
    old = connect(db, user)
    query(db, "update spotify_connections set epoch = gen_random_uuid() where user_id = %s returning 1", user)
    theirs = connect(db, other)
    for epoch in (old, theirs, str(uuid4()), "", "no epoch"):
        with pytest.raises(NotFound):
            poll(db, user, [play(0)], epoch=epoch)
    assert listens(db, user) == []
    with pytest.raises(NotFound):
        poll(db, 2**30, [play(0)], epoch=old)


def test_a_play_without_an_address_is_left_out(db: Database, person) -> None:
    user = person()
    assert poll(db, user, [play(0, uri=" "), play(1)]) == 1


# Versions.


def test_new_plays_are_appended_and_anything_else_is_read_anew(db: Database, person, importer: Importer) -> None:
    user = person()
    poll(db, user, [play(0), play(1)])
    poll(db, user, [play(2)])
    one, two = changes(db, user)
    assert one is not None
    assert two is not None
    assert query(db, "select import_id, count(*) from listens where user_id = %s group by 1 order by 1", user) == [
        (one, 2),
        (two, 1),
    ]
    assert query(db, "select count(*) from imports where id = any(%s)", [one, two]) == [(0,)]
    poll(db, user, [play(3, played_at=NOON + timedelta(minutes=4))])  # shortens the play after it
    assert changes(db, user)[2:] == [None]
    importer.rows(user, [row(0), row(9)])
    assert changes(db, user)[3:] == [None]
    assert poll(db, user, [play(9, late=1)]) == 0  # held by the export already: the listens stay as they are
    assert len(changes(db, user)) == 4


def test_a_library_follows_every_poll(db: Database, person, redis_url: str) -> None:
    user, cache = person(), Cache(redis_url, namespace=f"plays-{uuid4()}")
    kept, fresh = Libraries(db, cache, memory_bytes=10**8), Cache(redis_url, namespace=f"plays-{uuid4()}")
    for number in range(4):
        poll(db, user, [play(number)])
        found = kept.get(user).listens
        assert found.equals(Libraries(db, fresh, memory_bytes=10**8).get(user).listens)
        assert found.height == number + 1
        Libraries(db, fresh, memory_bytes=10**8).forget(user)
    kept.forget(user)
    cache.close()
    fresh.close()


# Meeting exports.


@pytest.mark.parametrize("late", [-80.0, -1.5, 0.0, 2.25, 89.0])
def test_an_export_and_the_api_meet_in_either_order(db: Database, person, importer: Importer, late: float) -> None:
    rows, plays = [row(n) for n in range(3)], [play(n, late=late) for n in range(2)] + [play(7)]
    first, last = person(), person()
    poll(db, first, plays)
    sheet = sheet_of(record := importer.rows(first, rows))
    assert (sheet.stored, sheet.replaced, sheet.duplicates) == (3, 2, 0)
    assert "2 plays that Spotify's API had reported were replaced by the export's." in sheet.notes
    assert parked(db, first) == [record.id] * 2
    importer.rows(last, rows)
    assert poll(db, last, plays) == 1
    assert listens(db, first) == listens(db, last)
    assert sources(db, first) == [EXPORT, EXPORT, EXPORT, API]
    assert sheet_of(importer.rows(first, rows)).replaced == 0
    assert poll(db, first, plays) == 0
    assert listens(db, first) == listens(db, last)


def test_a_play_no_export_holds_stays_inside_its_range(db: Database, person, importer: Importer) -> None:
    user = person()
    poll(db, user, [play(n) for n in range(4)])
    importer.rows(user, [row(0), row(3)])
    assert sources(db, user) == [EXPORT, API, API, EXPORT]


def test_exactly_the_same_place_is_no_obstacle(db: Database, person, importer: Importer) -> None:
    for api_first in (True, False):
        user = person()
        if api_first:
            poll(db, user, [play(0)])
        assert sheet_of(importer.rows(user, [row(0)])).stored == 1
        if not api_first:
            assert poll(db, user, [play(0)]) == 0
        assert sources(db, user) == [EXPORT]


def test_another_release_of_the_recording_meets_by_its_names(db: Database, person, importer: Importer) -> None:
    user, uri = person(), "spotify:track:relinked00000000000001"
    poll(db, user, [play(0, late=3, uri=uri, artist="ARTIST")])
    importer.rows(user, [row(0)])
    assert sources(db, user) == [EXPORT]


def test_the_start_of_a_play_and_an_offline_play_meet(db: Database, person, importer: Importer) -> None:
    user, start = person(), int(NOON.timestamp()) - 4_000
    poll(db, user, [play(0, late=-4_000), play(1, late=-200)])
    importer.rows(user, [row(0, offline=True, offline_timestamp=start), row(1)])
    assert sources(db, user) == [EXPORT, EXPORT]


def test_rows_to_the_minute_meet_and_give_way_to_finer_ones(db: Database, person, importer: Importer) -> None:
    """A row of the account data lies anywhere within its minute; the reported play waits for whichever row is there."""
    user = person()
    plays = [play(0, late=59 + 88)]
    poll(db, user, plays)
    account = importer.rows(user, [account_row(0)], name=ACCOUNT)
    assert sheet_of(account).replaced == 1
    extended = importer.rows(user, [row(0, ts="2024-01-01T12:00:59Z")])
    assert sheet_of(extended).replaced == 1  # the account row; the reported play was parked before
    assert parked(db, user) == [extended.id]
    importer.importing.undo(user, import_id=extended.id)
    assert parked(db, user) == [account.id]
    assert sources(db, user) == [MINUTES]
    importer.importing.undo(user, import_id=account.id)
    assert sources(db, user) == [API]
    assert parked(db, user) == []


# Counted or not.


@pytest.fixture
def listening(db: Database, redis_url: str) -> Iterator[Listening]:
    with closing(Cache(redis_url, namespace=f"plays-{uuid4()}")) as cache:
        yield Listening(db, cache, memory_bytes=10**8)


def test_the_operator_decides_whether_reported_plays_count(
    db: Database, person, importer: Importer, listening: Listening
) -> None:
    user = person()
    importer.rows(user, [row(0), row(1)])
    assert poll(db, user, [play(1), play(2), play(2, played_at=NOON + timedelta(days=1))]) == 2
    for counts, plays, days in ((True, 4, 2), (False, 2, 1)):
        lens = Profiles(db, counts_api=counts).lens(user)
        assert lens.api is counts
        assert listening.summary(user, lens=lens)["plays"] == plays
        assert listening.totals(user, lens=lens).now.listens == plays
        assert listening.top(user, by="track", lens=lens).height == (3 if counts else 2)
        assert listening.timeline(user, lens=lens, unit="day")["plays"].sum() == plays
        assert listening.hours(user, lens=lens)["plays"].sum() == plays
        longest = listening.streaks(user, lens=lens, today=NOON.date()).longest
        assert longest is not None
        assert longest.days == days
        page = listening.page(user, lens=lens)
        assert page.total == 4  # the list shows all that is stored, and which of it counts
        assert page.rows["play"].to_list() == [counts, counts, True, True]
        assert page.rows["estimated"].to_list() == [True, True, False, False]
        assert page.rows["source"].to_list() == ["spotify_api"] * 2 + ["spotify_export"] * 2
        table = listening.export(user, lens=lens)
        assert table.column("play").to_pylist() == [True, True, counts, counts]
        assert table.column("estimated").to_pylist() == [False, False, True, True]
        assert table.column("began_utc").null_count == 4
        assert listening.choices(user, lens=lens).sources == (Source.SPOTIFY_EXPORT, Source.SPOTIFY_API)


def test_the_lens_a_person_saves_says_nothing_of_the_api(db: Database, person) -> None:
    user = person()
    Profiles(db).save_lens(user, lens=Lens(minimum_ms=1))
    assert Profiles(db, counts_api=False).lens(user) == Lens(minimum_ms=1, api=False)
    Profiles(db, counts_api=False).save_lens(user, lens=Lens(minimum_ms=2, api=False))
    assert Profiles(db).lens(user) == Lens(minimum_ms=2)


def test_the_setting_reaches_the_pages_and_the_commands(db: Database, person, redis_url: str) -> None:
    user = person()
    for counts in (True, False):
        playing = Playprint(Settings(spotify_counts=counts), db, redis_url)
        assert playing.profiles.lens_and_version(user)[0].api is counts
        assert default_lens(playing, User(user, "", "member", NOON, has_password=True)).api is counts


def test_figures_of_one_choice_are_never_kept_for_the_other() -> None:
    assert canonical(Lens(api=True)) != canonical(Lens(api=False))
    assert hash(Lens(api=True)) != hash(Lens(api=False))


# Undo.


def test_undo_puts_reported_plays_back_unless_another_import_holds_them(
    db: Database, person, importer: Importer
) -> None:
    user = person()
    poll(db, user, [play(n, late=n) for n in range(4)])
    before = listens(db, user)
    first = importer.rows(user, [row(n) for n in range(3)])
    second = importer.rows(user, [row(n, ts=f"2024-01-01T12:{5 * n:02d}:20Z") for n in (2, 3)])
    assert sources(db, user) == [EXPORT] * 5  # the play of minute ten, at two ends, is two plays of the export
    told = len(changes(db, user))
    assert importer.importing.undo(user, import_id=first.id) == 3
    assert sources(db, user) == [API, API, EXPORT, EXPORT]
    assert parked(db, user) == [second.id] * 2
    assert importer.importing.undo(user, import_id=second.id) == 2
    assert listens(db, user) == before
    assert changes(db, user)[told:] == [None, None]


def test_nobody_elses_plays_are_touched(db: Database, person, importer: Importer) -> None:
    alice, charlie = person("alice"), person("charlie")
    for user in (alice, charlie):
        poll(db, user, [play(0), play(1)])
    before = query(db, "select * from listens where user_id = %s order by ended_at", charlie)
    record = importer.rows(alice, [row(0), row(1)])
    assert query(db, "select * from listens where user_id = %s order by ended_at", charlie) == before
    importer.importing.undo(alice, import_id=record.id)
    assert query(db, "select * from listens where user_id = %s order by ended_at", charlie) == before


def test_a_track_first_met_in_the_api_stays_one_track(db: Database, person, importer: Importer) -> None:
    """Named otherwise by the export, parked or live: a play always meets itself."""
    uri, user = "spotify:track:metinapi00000000000001", person()
    importer.rows(person(), [row(0, spotify_track_uri=uri, master_metadata_track_name="Another's")])
    poll(db, user, [play(0, uri=uri, name="The API's")])
    named = row(0, spotify_track_uri=uri, master_metadata_track_name="The export's")
    importer.rows(user, [account_row(0, trackName="The API's")], name=ACCOUNT)
    assert len(parked(db, user)) == 1
    importer.rows(user, [named, named | {"ts": "2024-03-01T12:00:00Z"}])
    assert poll(db, user, [play(0, uri=uri, name="Renamed", played_at=NOON + timedelta(days=1))]) == 1
    both = "select track_id from listens where user_id = %s union select track_id from replaced_listens"
    found = query(db, f"select id from tracks where uri = %s and id in ({both} where user_id = %s)", uri, user, user)
    assert len(found) == 1
