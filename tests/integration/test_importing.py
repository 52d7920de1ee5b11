"""Imports into a real database: they balance, repeat without effect, undo without trace, and keep people apart."""

import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from exports import AUDIO, NO_NAMES, Importer, account_row, as_zip, row
from sqlalchemy import inspect

from core.domain.errors import Conflict, NotFound, Unavailable
from core.domain.imports import ImportRecord, Sheet
from core.domain.listen import Flag, Kind, Source
from core.importing.sheets import Unbalanced, check
from core.repositories.database import Database
from core.repositories.imports import Imports, sheet_from_json, sheet_to_json
from core.services.importing import Limits, Progress, Upload

ACCOUNT = "StreamingHistory_music_0.json"


@pytest.fixture
def importer(db: Database, tmp_path: Path) -> Importer:
    return Importer(db, tmp_path)


def sheet_of(record: ImportRecord) -> Sheet:
    assert record.status == "done", record.message
    assert record.sheet is not None
    check(record.sheet)
    return record.sheet


def query(db: Database, sql: str, *parameters: Any) -> list[Any]:
    with db.driver() as connection:
        return connection.execute(sql, parameters).fetchall()


def version(db: Database, user: int) -> int:
    return int(query(db, "select data_version from users where id = %s", user)[0][0])


# Real exports.


@pytest.mark.parametrize(
    ("folder", "read", "stored", "plays", "unidentified"),
    [("spotify-account-54k", 54_429, 54_429, 32_538, 0), ("spotify-extended-small", 676, 654, 313, 22)],
)
def test_real_exports_balance_and_repeat_without_effect(
    shared: Path, importer: Importer, person, folder: str, read: int, stored: int, plays: int, unidentified: int
) -> None:
    user, files = person(), sorted((shared / folder).glob("*.json"))
    sheet = sheet_of(importer.run(user, *files))
    assert (sheet.rows_read, sheet.stored, sheet.plays, sheet.unidentified) == (read, stored, plays, unidentified)
    before = importer.listens(user)
    path = importer.folder / "my_spotify_data.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, f"MyData/{file.name}")
    for again in (files[:1], files, [path], [path, *files]):
        assert sheet_of(importer.run(user, *again)).stored == 0
    assert importer.listens(user) == before


def test_every_part_alone_adds_up_to_the_whole(shared: Path, importer: Importer, person) -> None:
    whole, parts, files = person(), person(), sorted((shared / "spotify-account-54k").glob("Streaming*.json"))
    importer.run(whole, *files)
    for file in reversed(files):
        importer.run(parts, file)
    columns = "ended_at, began_at, logged_at, track_id, ms_played, kind, source, flags"
    sql = f"select {columns} from listens where user_id = %s order by {columns}"
    assert query(importer.db, sql, whole) == query(importer.db, sql, parts)


def test_a_real_export_of_unknown_starts_is_placed(shared: Path, importer: Importer, person) -> None:
    user = person()
    importer.run(user, shared / "spotify-extended-small" / "Streaming_History_Audio_2023_8rows.json")
    found = query(importer.db, "select ended_at - began_at, ms_played, flags from listens where user_id = %s", user)
    assert len(found) == 8
    for length, ms, flags in found:
        assert flags & Flag.START_KNOWN
        assert abs(length.total_seconds() - ms / 1000) <= 2


# What is stored.


def test_a_row_is_stored_with_all_its_facts(importer: Importer, person) -> None:
    facts = {"shuffle": True, "skipped": None, "offline": True, "offline_timestamp": 1704100000123, "platform": "ios"}
    user = person()
    importer.rows(user, [row(7, **facts, reason_end="fwdbtn", conn_country="IT", incognito_mode=True)])
    found = query(
        importer.db,
        """
        select extract(epoch from began_at)::bigint, extract(epoch from ended_at)::bigint,
            extract(epoch from logged_at)::bigint, ms_played, l.kind, source, platform, country, flags, b.name, e.name,
            t.name, t.uri, a.name, al.name
        from listens l join tracks t on t.id = track_id join artists a on a.id = t.artist_id
        join albums al on al.id = album_id join reasons b on b.id = reason_start join reasons e on e.id = reason_end
        where user_id = %s
        """,
        user,
    )
    flags = Flag.START_KNOWN | Flag.SHUFFLE | Flag.SHUFFLE_KNOWN | Flag.OFFLINE | Flag.OFFLINE_KNOWN
    flags |= Flag.INCOGNITO | Flag.INCOGNITO_KNOWN
    numbers = (1704100000, 1704100200, 1704112500, 200_000, Kind.MUSIC, Source.SPOTIFY_EXPORT, 1, 228, int(flags))
    names = ("trackdone", "fwdbtn", "Track 7", f"spotify:track:{7:022d}", "Artist", "Album")
    assert found == [numbers + names]


def test_a_track_known_by_its_address_gets_its_names_from_a_later_row(importer: Importer, person) -> None:
    uri, user = "spotify:track:nameless00000000000001", person()
    importer.rows(user, [row(0, **NO_NAMES | {"spotify_track_uri": uri})])
    assert query(importer.db, "select name, artist_id from tracks where uri = %s", uri) == [(None, None)]
    before = version(importer.db, user)
    importer.rows(user, [row(1, spotify_track_uri=uri, master_metadata_track_name="Found (Remastered)")])
    found = query(
        importer.db,
        "select t.name, a.name, r.key = k.key from tracks t join artists a on a.id = artist_id"
        " join recordings r on r.id = recording_id cross join (select md5(%s)::uuid as key) k where uri = %s",
        "artist\x1ffound",
        uri,
    )
    assert found == [("Found (Remastered)", "Artist", True)]
    changes = query(importer.db, "select import_id from data_changes where user_id = %s and version > %s", user, before)
    assert changes == [(None,)]


def named(importer: Importer, user: int) -> list[tuple[str, str, str]]:
    return query(
        importer.db,
        """
        select distinct t.name, a.name, al.name from listens l
        join tracks t on t.id = l.track_id join artists a on a.id = t.artist_id join albums al on al.id = t.album_id
        where l.user_id = %s order by 1
        """,
        user,
    )


def test_nobody_sees_the_names_anothers_file_gives_an_address(importer: Importer, person) -> None:
    alice, charlie = person(), person()
    both = [f"spotify:track:namedbyanother{n:08d}" for n in range(2)]  # addresses no other test names
    theirs = [row(n, spotify_track_uri=uri) for n, uri in enumerate(both)]
    hers = {"master_metadata_track_name": "Hers", "master_metadata_album_artist_name": "Her artist"}
    sheet_of(importer.rows(alice, [theirs[0] | hers, theirs[1]]))
    sheet_of(importer.rows(charlie, theirs))
    assert named(importer, charlie) == [("Track 0", "Artist", "Album"), ("Track 1", "Artist", "Album")]
    assert named(importer, alice) == [("Hers", "Her artist", "Album"), ("Track 1", "Artist", "Album")]
    assert len(query(importer.db, "select 1 from tracks where uri = %s", both[1])) == 1


def test_a_renamed_track_stays_one_for_a_person(importer: Importer, person) -> None:
    """Another export's names of an address make no second track of it, whoever named it first."""
    mine = row(0, spotify_track_uri="spotify:track:renamed000000000000000")
    sheet_of(importer.rows(person(), [mine | {"master_metadata_track_name": "Another's"}]))
    user = person()
    sheet_of(importer.rows(user, [mine]))
    for name in ("Renamed", None, "Another's"):
        sheet = sheet_of(importer.rows(user, [mine | {"master_metadata_track_name": name}]))
        assert sheet.by_reason == {"duplicate": 1}
        later = mine | {"master_metadata_track_name": name, "ts": "2024-02-01T12:00:00Z", "ms_played": 40_000}
        importer.rows(user, [later])
    assert named(importer, user) == [("Track 0", "Artist", "Album")]


def test_names_follow_within_one_file(importer: Importer, person) -> None:
    uri, user = "spotify:track:nameless00000000000002", person()
    importer.rows(user, [row(0, **NO_NAMES | {"spotify_track_uri": uri}), row(1, spotify_track_uri=uri)])
    assert query(importer.db, "select name from tracks where uri = %s", uri) == [("Track 1",)]


def test_one_recording_on_single_album_and_deluxe(importer: Importer, person) -> None:
    titles = ["One More", "One More - Remastered 2011", "One More (feat. B)", "One More (Live)"]
    uris = [f"spotify:track:recording{n:013d}" for n in range(4)]
    rows = [
        row(n, master_metadata_track_name=title, spotify_track_uri=uri, master_metadata_album_album_name=f"On {n}")
        for n, (title, uri) in enumerate(zip(titles, uris, strict=True))
    ]
    importer.rows(person(), rows)
    found = query(importer.db, "select recording_id, album_id from tracks where uri = any(%s) order by uri", uris)
    assert len({recording for recording, _ in found[:3]}) == 1
    assert found[3][0] != found[0][0]
    assert len({album for _, album in found}) == 4


def test_library_and_playlists_are_kept(importer: Importer, person) -> None:
    user = person()
    library = {
        "tracks": [{"artist": "A", "album": "B", "track": "C", "uri": "u"}],
        "albums": [],
        "artists": [{"name": "A"}],
    }
    item = {
        "track": {"trackName": "C", "artistName": "A", "albumName": "B", "trackUri": "u"},
        "addedDate": "2024-01-01",
    }
    lists = {"playlists": [{"name": "Mine", "collaborators": ["secretive"], "numberOfFollowers": 3, "items": [item]}]}
    content = {AUDIO: [row(0)], "MyData/YourLibrary.json": library, "MyData/Playlist1.json": lists}
    sheet = sheet_of(importer.run(user, importer.write("a.zip", as_zip(content))))
    assert sheet.library == {"track": 1, "artist": 1, "playlist": 1}
    assert query(importer.db, "select kind, artist, name from library_items where user_id = %s order by 1", user) == [
        ("artist", None, "A"),
        ("track", "A", "C"),
    ]
    kept = {"name": "C", "artist": "A", "album": "B", "uri": "u", "added_on": "2024-01-01"}
    assert query(importer.db, "select name, followers, items from playlists where user_id = %s", user) == [
        ("Mine", 3, [kept])
    ]
    [record] = importer.importing.records(user)
    importer.importing.undo(user, import_id=record.id)
    for table in ("library_items", "playlists", "listens"):
        assert query(importer.db, f"select count(*) from {table} where user_id = %s", user) == [(0,)]


def test_a_broken_library_costs_no_history(importer: Importer, person) -> None:
    content = {AUDIO: [row(0)], "YourLibrary.json": b"{ { }"}
    sheet = sheet_of(importer.run(person(), importer.write("a.zip", as_zip(content))))
    assert sheet.stored == 1
    assert any("YourLibrary.json" in note for note in sheet.notes)


def test_examples_name_file_and_row(importer: Importer, person) -> None:
    rows = [row(0), row(0), row(1, ts="never"), row(2, **NO_NAMES)]
    sheet = sheet_of(importer.rows(person(), rows, name="endsong_3.json"))
    assert [(e.file, e.row, e.reason) for e in sheet.examples] == [
        ("endsong_3.json", 3, "error_bad_time"),
        ("endsong_3.json", 4, "unidentified"),
        ("endsong_3.json", 2, "duplicate"),
    ]
    assert sheet.unidentified_ms == 200_000
    assert sheet_from_json(sheet_to_json(sheet)) == sheet


def test_a_file_larger_than_a_slice_is_read_in_parts(importer: Importer, person, monkeypatch) -> None:
    from core.importing import text

    monkeypatch.setattr(text.slices, "__kwdefaults__", {"size": 3_000})
    rows = [row(n % 50, ts=f"2024-03-{1 + n // 50:02d}T10:{n % 50:02d}:00Z") for n in range(300)]
    rows[150]["master_metadata_track_name"] = "a brace } , { in a title"
    rows[200]["extra"] = [{"a": 1}, {"b": 2}]
    rows[250]["ms_played"] = "oops"
    sheet = sheet_of(importer.rows(person(), rows))
    assert (sheet.stored, sheet.by_reason["error_bad_duration"]) == (299, 1)
    assert sheet.examples[0].row == 251


def test_nothing_personal_is_found_in_the_database(fresh_db: Database, tmp_path: Path) -> None:
    importer = Importer(fresh_db, tmp_path)
    user = int(query(fresh_db, "insert into users (name, name_key) values ('p', 'p') returning id")[0][0])
    secrets = ["198.51.100.42", "quitesecretuser", "Mozilla%2F5.0", "0af1devicehash", "privatemail"]
    old = {"username": secrets[1], "ip_addr_decrypted": secrets[0], "user_agent_decrypted": secrets[2]}
    rows = [row(0, **old, platform=f"Partner tizen_tv samsung;{secrets[3]};;tpapi", city="privatemail")]
    rows += [row(1, **old, ts="bad"), row(2, **old, **NO_NAMES), row(0, **old)]
    private = {f"{AUDIO[:-6]}1.json": rows, "Userdata.json": {"email": "privatemail@example.org"}}
    sheet_of(importer.run(user, importer.write("a.zip", as_zip(private))))
    for table in inspect(fresh_db.engine).get_table_names():
        for (text,) in query(fresh_db, f'select t::text from "{table}" t'):
            assert not any(secret in text for secret in secrets), table


def test_a_file_of_any_name_can_be_imported(importer: Importer, person) -> None:
    user, path = person(), importer.write("endsong_0.json", [row(0)])
    name = "\udcff\0\u200b.json"
    import_id = importer.importing.create(user, label=name, bytes_total=1)
    record = importer.importing.run(user, import_id=import_id, uploads=[Upload(path, f"../{name}")])
    assert (record.label, sheet_of(record).files[0].name) == ("\ufffd\u200b.json", "\ufffd\u200b.json")


# Duplicates across imports.


def test_overlapping_exports_of_two_years_meet(importer: Importer, person) -> None:
    """Conventions changed: null became false, an unknown start became known, an agent was added."""
    user, start = person(), 1704110400 - 200
    old = [row(n, skipped=None, reason_end=None, offline_timestamp=0) for n in range(4)]
    new = [row(n, offline_timestamp=start + n * 300) for n in range(2, 6)]
    assert sheet_of(importer.rows(user, old)).stored == 4
    sheet = sheet_of(importer.rows(user, new))
    assert (sheet.stored, sheet.duplicates) == (2, 2)
    for rows in (old, new, old + new):
        assert sheet_of(importer.rows(user, rows)).stored == 0


def test_account_rows_give_way_to_extended_ones_in_either_order(importer: Importer, person) -> None:
    account = [account_row(n) for n in range(4)] + [account_row(9, trackName="Only here")]
    extended = [row(n, ts=f"2024-01-01T12:{n * 5:02d}:31Z") for n in range(4)]
    one, other, both = person(), person(), person()
    assert sheet_of(importer.rows(one, extended)).stored == 4
    sheet = sheet_of(importer.rows(one, account, name=ACCOUNT))
    assert sheet.by_reason == {"play": 1, "in_extended_history": 4}
    assert sheet_of(importer.rows(other, account, name=ACCOUNT)).stored == 5
    sheet = sheet_of(importer.rows(other, extended))
    assert (sheet.stored, sheet.replaced) == (4, 4)
    sheet = sheet_of(importer.run(both, importer.write("a.zip", as_zip({ACCOUNT: account, AUDIO: extended}))))
    assert sheet.by_reason == {"play": 5, "in_extended_history": 4}
    sql = "select logged_at, ms_played, track_id, source from listens where user_id = %s order by 1"
    assert query(importer.db, sql, one) == query(importer.db, sql, other) == query(importer.db, sql, both)
    for user in (one, other, both):
        assert sheet_of(importer.rows(user, account, name=ACCOUNT)).stored == 0
        assert sheet_of(importer.rows(user, extended)).stored == 0


def test_packages_meet_by_their_own_names_whatever_others_called_the_track(importer: Importer, person) -> None:
    """The shared look-up keeps the names of whoever brought an address first; they are not this person's."""
    sheet_of(importer.rows(person(), [row(0, master_metadata_track_name="Track 0 - Remastered")]))
    account, extended = [account_row(0)], [row(0, ts="2024-01-01T12:00:31Z")]
    one, both = person(), person()
    assert sheet_of(importer.rows(one, account, name=ACCOUNT)).stored == 1
    sheet = sheet_of(importer.rows(one, extended))
    assert (sheet.stored, sheet.replaced) == (1, 1)
    sheet = sheet_of(importer.run(both, importer.write("a.zip", as_zip({ACCOUNT: account, AUDIO: extended}))))
    assert sheet.by_reason == {"play": 1, "in_extended_history": 1}


def test_podcasts_and_audiobooks_of_both_packages_meet(importer: Importer, person) -> None:
    book = {"audiobook_title": "Book", "audiobook_uri": "spotify:show:1", "audiobook_chapter_title": "One"}
    show = {"episode_name": "E", "episode_show_name": "S", "spotify_episode_uri": "spotify:episode:1"}
    extended = [row(0, **NO_NAMES, **show), row(1, **NO_NAMES, **book, audiobook_chapter_uri="spotify:episode:2")]
    time = {"msPlayed": 200_000}
    podcast = [{"endTime": "2024-01-01 12:00", "podcastName": "S", "episodeName": "E"} | time]
    chapter = [{"endTime": "2024-01-01 12:05", "audiobookName": "Book", "chapterName": "One", "authorName": "W"} | time]
    files = {AUDIO: extended, "StreamingHistory_podcast_0.json": podcast, "StreamingHistory_audiobook_0.json": chapter}
    sheet = sheet_of(importer.run(person(), importer.write("a.zip", as_zip(files))))
    assert sheet.by_reason == {"podcast": 1, "audiobook": 1, "in_extended_history": 2}


def test_a_local_track_of_both_packages_shares_one_place(importer: Importer, person) -> None:
    user, local = person(), row(0, spotify_track_uri=None)
    assert sheet_of(importer.rows(user, [account_row(0)], name=ACCOUNT)).stored == 1
    sheet = sheet_of(importer.rows(user, [local]))
    assert (sheet.stored, sheet.replaced) == (1, 1)
    assert sheet_of(importer.rows(user, [account_row(0)], name=ACCOUNT)).stored == 0


# Undo.


def test_undo_leaves_what_was_there_byte_for_byte(importer: Importer, person) -> None:
    user, account = person(), [account_row(n) for n in range(4)]
    importer.rows(user, account, name=ACCOUNT)
    before = importer.listens(user)
    second = importer.rows(user, [row(n) for n in range(2, 8)])
    assert sheet_of(second).replaced == 2
    raised = version(importer.db, user)
    assert importer.importing.undo(user, import_id=second.id) == 6
    assert importer.listens(user) == before
    assert importer.importing.record(user, import_id=second.id).status == "undone"
    assert query(importer.db, "select count(*) from replaced_listens where user_id = %s", user) == [(0,)]
    assert query(
        importer.db, "select import_id from data_changes where user_id = %s and version > %s", user, raised
    ) == [(None,)]
    with pytest.raises(Conflict):
        importer.importing.undo(user, import_id=second.id)


def test_undo_of_the_replaced_import_brings_nothing_back_later(importer: Importer, person) -> None:
    user = person()
    first = importer.rows(user, [account_row(0), account_row(5)], name=ACCOUNT)
    second = importer.rows(user, [row(0)])
    assert importer.importing.undo(user, import_id=first.id) == 1
    assert importer.importing.undo(user, import_id=second.id) == 1
    assert importer.listens(user) == []


def test_undo_restores_nothing_that_a_finer_row_still_holds(importer: Importer, person) -> None:
    user = person()
    importer.rows(user, [account_row(0)], name=ACCOUNT)
    second = importer.rows(user, [row(0)])
    third = importer.rows(
        user, [row(0, spotify_track_uri="spotify:track:another00000000000000", ts="2024-01-01T12:00:30Z")]
    )
    importer.importing.undo(user, import_id=second.id)
    assert query(importer.db, "select import_id from listens where user_id = %s", user) == [(third.id,)]
    importer.importing.undo(user, import_id=third.id)
    assert query(importer.db, "select source from listens where user_id = %s", user) == [(Source.SPOTIFY_ACCOUNT,)]


def test_nobody_undoes_or_sees_anothers_import(importer: Importer, person) -> None:
    alice, charlie = person("alice"), person("charlie")
    record = importer.rows(alice, [row(0)])
    for act in (importer.importing.undo, importer.importing.cancel, importer.importing.record):
        with pytest.raises(NotFound):
            act(charlie, import_id=record.id)
    with pytest.raises(NotFound):
        importer.importing.run(charlie, import_id=record.id, uploads=[])
    assert importer.importing.records(charlie) == []
    assert len(importer.listens(alice)) == 1


# Versions.


def test_the_data_version_tells_what_changed(importer: Importer, person) -> None:
    user = person()
    first = importer.rows(user, [row(0)])
    assert query(importer.db, "select version, import_id from data_changes where user_id = %s", user) == [(1, first.id)]
    importer.rows(user, [row(0)])
    assert version(importer.db, user) == 1


# Whose export it is.


def test_anothers_export_is_asked_about(importer: Importer, person) -> None:
    user = person()
    assert importer.rows(user, [row(0, username="me")]).status == "done"
    path = importer.write("endsong_0.json", [row(1, username="you")])
    record = importer.run(user, path)
    assert record.status == "rejected"
    assert "another Spotify account" in record.message
    assert importer.run(user, path, other_account=True).status == "done"
    assert importer.rows(user, [row(2, username="you")]).status == "done"
    assert importer.rows(user, [row(3, username="me"), row(4)]).status == "done"
    mixed = [
        importer.write("endsong_0.json", [row(5, username="me")]),
        importer.write("endsong_1.json", [row(6, username="he")]),
    ]
    assert importer.run(user, *mixed).status == "rejected"
    assert importer.rows(person(), [row(1, username="you")]).status == "done"


# Going wrong, stopping, running at once.


def test_a_crash_in_the_middle_leaves_nothing_and_runs_again(importer: Importer, person, monkeypatch) -> None:
    user, path = person(), importer.write("a.zip", as_zip({AUDIO: [row(n) for n in range(5)]}))
    import_id = importer.queue(user, path)

    class Crash(BaseException):
        pass

    def crash(*_: Any) -> None:
        raise Crash

    with monkeypatch.context() as patched:
        patched.setattr("core.services.import_storing.make_sheet", crash)
        with pytest.raises(Crash):
            importer.importing.run(user, import_id=import_id, uploads=[Upload(path, "a.zip")])
    assert importer.listens(user) == []
    assert importer.importing.record(user, import_id=import_id).status == "running"
    record = importer.importing.run(user, import_id=import_id, uploads=[Upload(path, "a.zip")])
    assert sheet_of(record).stored == 5
    assert importer.importing.run(user, import_id=import_id, uploads=[]) == record


def test_an_import_nobody_runs_any_more_is_ended_by_the_next_or_by_cancelling(importer: Importer, person) -> None:
    user, path = person(), importer.write("endsong_0.json", [row(0)])
    by_next, by_cancel, living = (importer.queue(user, path) for _ in range(3))
    query(importer.db, "update imports set status = 'running' where id = any(%s) returning 1", [by_next, living])
    with Imports(importer.db).alive(import_id=living):
        assert sheet_of(importer.run(user, path)).stored == 1
        states = {known.id: (known.status, known.message) for known in importer.importing.records(user)}
        assert states[by_next] == ("failed", "This import was cut off and stored nothing: import its files again.")
        assert states[living][0] == "running"
        assert states[by_cancel][0] == "queued"
    query(importer.db, "update imports set status = 'running' where id = %s returning 1", by_cancel)
    importer.importing.cancel(user, import_id=by_cancel)
    assert {known.status for known in importer.importing.records(user)} == {"done", "failed"}


def test_sums_that_do_not_match_fail_the_import(importer: Importer, person, monkeypatch) -> None:
    def wrong(sheet: Sheet) -> None:
        sheet.files[0].stored += 1
        check(sheet)

    monkeypatch.setattr("core.importing.sheets.check", wrong)
    user = person()
    record = importer.rows(user, [row(0)])
    assert record.status == "failed"
    assert record.message.endswith(".")
    assert importer.listens(user) == []


def test_an_unbalanced_sheet_is_seen() -> None:
    with pytest.raises(Unbalanced):
        check(Sheet(rows_read=2, stored=1, by_reason={"play": 1}))


def test_a_lost_database_is_told_and_leaves_the_import_to_be_run_again(importer: Importer, person) -> None:
    user, path = person(), importer.write("endsong_0.json", [row(0)])
    import_id = importer.queue(user, path)

    def lose(_: Progress) -> None:
        query(
            importer.db,
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = %s",
            user,
        )

    with pytest.raises(Unavailable):
        importer.importing.run(user, import_id=import_id, uploads=[Upload(path, path.name)], on_progress=lose)
    assert importer.listens(user) == []
    assert sheet_of(importer.importing.run(user, import_id=import_id, uploads=[Upload(path, path.name)])).stored == 1


def test_progress_is_stored_and_an_import_can_be_cancelled(importer: Importer, person) -> None:
    files = {f"{AUDIO[:-6]}{n}.json": [row(n)] for n in range(6)}
    user, path = person(), importer.write("a.zip", as_zip(files))
    import_id = importer.queue(user, path)
    seen: list[ImportRecord] = []

    def watch(_: Progress) -> None:
        seen.append(importer.importing.record(user, import_id=import_id))
        if seen[-1].rows_read >= 3:
            importer.importing.cancel(user, import_id=import_id)

    record = importer.importing.run(user, import_id=import_id, uploads=[Upload(path, "a.zip")], on_progress=watch)
    assert record.status == "cancelled"
    assert importer.listens(user) == []
    assert seen[-1].status == "running"
    assert seen[-1].current_file.startswith("Streaming_History_Audio_2024_")
    assert 0 < seen[-1].bytes_done <= seen[-1].bytes_total


def test_a_waiting_import_is_cancelled_at_once(importer: Importer, person) -> None:
    user, path = person(), importer.write("endsong_0.json", [row(0)])
    import_id = importer.queue(user, path)
    importer.importing.cancel(user, import_id=import_id)
    record = importer.importing.run(user, import_id=import_id, uploads=[Upload(path, path.name)])
    assert record.status == "cancelled"
    assert importer.listens(user) == []
    importer.importing.cancel(user, import_id=import_id)
    assert importer.importing.record(user, import_id=import_id) == record


def test_the_same_upload_twice_at_once_is_stored_once(importer: Importer, person) -> None:
    user, path = person(), importer.write("endsong_0.json", [row(n) for n in range(60)])
    gate = threading.Barrier(2)

    def run(_: int) -> ImportRecord:
        gate.wait()
        return importer.run(user, path)

    with ThreadPoolExecutor(2) as pool:
        sheets = [sheet_of(record) for record in pool.map(run, range(2))]
    assert sorted(sheet.stored for sheet in sheets) == [0, 60]
    assert len(importer.listens(user)) == 60


def test_people_importing_the_same_music_at_once_do_not_block_each_other_for_ever(importer: Importer, person) -> None:
    """Both make the same artists, albums and tracks, met in opposite orders."""
    new = [
        row(n, spotify_track_uri=f"spotify:track:atonce{n:016d}", master_metadata_album_artist_name=f"At once {n}")
        for n in range(400)
    ]
    for n, each in enumerate(new):
        each["ts"] = f"2024-05-{1 + n // 40:02d}T{n % 24:02d}:{n % 60:02d}:00Z"
    paths = [importer.write("endsong_0.json", rows) for rows in (new, new[::-1], new[200:] + new[:200])]
    people = [person() for _ in paths]
    gate = threading.Barrier(len(paths))

    def run(pair: tuple[int, Path]) -> ImportRecord:
        gate.wait()
        return importer.run(*pair)

    with ThreadPoolExecutor(len(paths)) as pool:
        sheets = [sheet_of(record) for record in pool.map(run, zip(people, paths, strict=True))]
    assert [sheet.stored for sheet in sheets] == [400] * 3
    found = query(
        importer.db, "select count(*), count(distinct key) from tracks where uri like 'spotify:track:atonce%%'"
    )
    assert found == [(400, 400)]


def test_limits_are_the_settings(db: Database, tmp_path: Path, person) -> None:
    importer = Importer(db, tmp_path, limits=Limits(total_bytes=3_000, file_bytes=2_000, files=3))
    rows = [row(n) for n in range(4)]
    for content in (as_zip({AUDIO: rows}), as_zip({AUDIO: rows}, method=zipfile.ZIP_STORED)):
        assert importer.run(person(), importer.write("a.zip", content)).status == "rejected"
    assert importer.rows(person(), rows).status == "rejected"
    parts = {f"endsong_{n}.json": rows[:2] for n in range(3)}
    record = importer.run(person(), importer.write("a.zip", as_zip(parts)))
    assert (record.status, "unpacks to more than" in record.message) == ("rejected", True)
    assert importer.run(person(), importer.write("a.zip", as_zip(dict(list(parts.items())[:2])))).status == "done"
