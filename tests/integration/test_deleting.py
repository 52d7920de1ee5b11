"""Deleted listens: gone from every figure, not back by any import, back by undoing, gone for good by the last step."""

from collections.abc import Iterator
from datetime import UTC, date
from pathlib import Path

import pytest
from exports import Importer, account_row, row
from reported import play, poll

from core.bootstrap import Playprint, build
from core.domain.deletions import Chosen, Deletion, OneListen
from core.domain.errors import Conflict, InvalidInput, NotFound
from core.domain.filters import Filters
from core.domain.imports import ImportRecord
from core.domain.lens import Lens
from core.domain.listen import Source
from core.domain.period import Period
from core.importing.sheets import check
from core.repositories.database import Database
from core.repositories.spotify_connections import SpotifyConnections
from core.settings import Settings

ACCOUNT = "StreamingHistory_music_0.json"
EVER = Period()


@pytest.fixture
def playing(db: Database, redis_url: str, tmp_path: Path) -> Iterator[Playprint]:
    made = build(Settings(home=tmp_path, demo=False), database_url=db.url, redis_url=redis_url)
    yield made
    made.close()


@pytest.fixture
def importer(db: Database, tmp_path: Path) -> Importer:
    return Importer(db, tmp_path)


def called(title: str) -> Chosen:
    return Chosen(Lens(), EVER, Filters(search=title))


def take(playing: Playprint, user: int, title: str = "Track 1") -> Deletion:
    return playing.deleting.delete(user, label=title, chosen=called(title))


def titles(playing: Playprint, user: int) -> list[str]:
    return sorted(playing.listening.page(user, lens=Lens()).rows["name"])


def sources(db: Database, user: int, table: str = "listens") -> list[int]:
    with db.driver() as connection:
        found = connection.execute(f"select source from {table} where user_id = %s order by ended_at, source", (user,))
        return [source for (source,) in found]


def reasons(record: ImportRecord) -> dict[str, int]:
    assert record.sheet is not None, record.message
    check(record.sheet)
    return record.sheet.by_reason


def test_a_preview_says_what_goes_however_short(playing: Playprint, importer: Importer, person) -> None:
    user = person()
    importer.rows(user, [row(0), row(1), row(2, master_metadata_track_name="Track 1", ms_played=5_000)])
    seen = playing.deleting.preview(user, lens=Lens(), period=EVER, filters=Filters(search="Track 1"))
    assert (seen.listens, seen.plays, seen.ms_played) == (2, 1, 205_000)
    assert seen.examples[0][1:] == ("Track 1", "Artist")
    assert take(playing, user).listens == 2
    assert titles(playing, user) == ["Track 0"]
    [kept] = playing.deleting.deletions(user)
    assert (kept.label, kept.listens) == ("Track 1", 2)


def test_one_listen_is_deleted_by_its_moment(playing: Playprint, importer: Importer, person, db: Database) -> None:
    user = person()
    importer.rows(user, [row(0), row(1)])
    first = playing.listening.page(user, lens=Lens()).rows.row(0, named=True)
    one = OneListen(first["ended"].astimezone(UTC), first["track_id"], first["ms_played"])
    assert playing.deleting.delete(user, label="one", chosen=one).listens == 1
    assert titles(playing, user) == ["Track 0"]
    with pytest.raises(NotFound):
        playing.deleting.delete(user, label="one", chosen=one)
    with pytest.raises(NotFound):
        playing.deleting.delete(user, label="one", chosen=OneListen(one.ended_at, 2**30, 1))


def test_nothing_and_everything_are_refused(playing: Playprint, importer: Importer, person) -> None:
    user = person()
    importer.rows(user, [row(0), row(1)])
    with pytest.raises(InvalidInput, match="nothing to delete"):
        take(playing, user, "no such name")
    with pytest.raises(InvalidInput, match="delete your account"):
        take(playing, user, "Track")
    with pytest.raises(InvalidInput, match="name"):
        playing.deleting.delete(user, label=" ", chosen=called("Track 1"))
    with pytest.raises(Conflict, match="preview"):
        playing.deleting.delete(user, label="x", chosen=called("Track 1"), expected=2)
    assert titles(playing, user) == ["Track 0", "Track 1"]
    assert playing.deleting.deletions(user) == []


def test_the_same_export_again_brings_nothing_back(playing: Playprint, importer: Importer, person) -> None:
    user = person()
    rows = [row(n) for n in range(3)]
    importer.rows(user, rows)
    deletion = take(playing, user)
    assert reasons(importer.rows(user, [*rows, row(1)])) == {"duplicate": 3, "deleted_by_you": 1}
    newer = importer.rows(user, [row(1, offline_timestamp=1704110400 + 300 - 200), row(7)])
    assert reasons(newer) == {"deleted_by_you": 1, "play": 1}
    assert newer.sheet is not None
    assert any("1 play stays deleted" in note for note in newer.sheet.notes)
    assert titles(playing, user) == ["Track 0", "Track 2", "Track 7"]
    assert playing.deleting.undo(user, deletion_id=deletion.id) == 1
    assert titles(playing, user) == ["Track 0", "Track 1", "Track 2", "Track 7"]
    assert reasons(importer.rows(user, rows)) == {"duplicate": 3}


def test_a_play_stays_deleted_in_its_other_form(playing: Playprint, importer: Importer, person, db: Database) -> None:
    fine, rough = person(), person()
    importer.rows(fine, [row(0), row(1, ts="2024-01-01T12:05:31Z")])
    take(playing, fine)
    assert reasons(importer.rows(fine, [account_row(0), account_row(1)], name=ACCOUNT)) == {
        "in_extended_history": 1,
        "deleted_by_you": 1,
    }
    importer.rows(rough, [account_row(0), account_row(1)], name=ACCOUNT)
    deletion = take(playing, rough)
    again = importer.rows(rough, [row(0), row(1, ts="2024-01-01T12:05:31Z")])
    assert reasons(again) == {"play": 1, "deleted_by_you": 1}
    assert titles(playing, rough) == ["Track 0"]
    assert playing.deleting.undo(rough, deletion_id=deletion.id) == 1
    assert sources(db, rough) == [Source.SPOTIFY_EXPORT, Source.SPOTIFY_ACCOUNT]
    importer.rows(rough, [row(1, ts="2024-01-01T12:05:31Z")])
    assert sources(db, rough) == [Source.SPOTIFY_EXPORT, Source.SPOTIFY_EXPORT]


def test_what_waits_behind_a_deleted_listen_does_not_come_forward(
    playing: Playprint, importer: Importer, person, db: Database
) -> None:
    user = person()
    importer.rows(user, [account_row(0), account_row(1)], name=ACCOUNT)
    poll(db, user, [play(1, late=1.5)])
    finer = importer.rows(user, [row(0), row(1)])
    deletion = take(playing, user)
    assert sources(db, user, "deleted_listens") == [1, 2, 3]
    importer.importing.undo(user, import_id=finer.id)
    assert titles(playing, user) == ["Track 0"]
    assert poll(db, user, [play(1, late=1.5)]) == 0
    assert reasons(importer.rows(user, [row(0), row(1)])) == {"play": 1, "deleted_by_you": 1}
    assert playing.deleting.undo(user, deletion_id=deletion.id) == 1
    assert sources(db, user) == [Source.SPOTIFY_EXPORT, Source.SPOTIFY_ACCOUNT]
    assert sources(db, user, "replaced_listens") == [Source.SPOTIFY_ACCOUNT, Source.SPOTIFY_API]


def test_undoing_puts_everything_where_it_was(playing: Playprint, importer: Importer, person, db: Database) -> None:
    user = person()
    importer.rows(user, [account_row(0), account_row(1)], name=ACCOUNT)
    poll(db, user, [play(1, late=1.5), play(5)])
    importer.rows(user, [row(0), row(1)])
    before = [importer.listens(user), sources(db, user, "replaced_listens")]
    deletion = take(playing, user)
    assert playing.deleting.undo(user, deletion_id=deletion.id) == 1
    assert [importer.listens(user), sources(db, user, "replaced_listens")] == before
    assert sources(db, user, "deleted_listens") == []
    with pytest.raises(NotFound):
        playing.deleting.undo(user, deletion_id=deletion.id)


def test_a_deleted_play_of_the_api_stays_deleted(playing: Playprint, importer: Importer, person, db: Database) -> None:
    user = person()
    poll(db, user, [play(0), play(1)])
    deletion = take(playing, user)
    assert poll(db, user, [play(0), play(1, late=2)]) == 0
    assert reasons(importer.rows(user, [row(0), row(1)])) == {"play": 1, "deleted_by_you": 1}
    assert titles(playing, user) == ["Track 0"]
    assert playing.deleting.undo(user, deletion_id=deletion.id) == 1
    assert sources(db, user) == [Source.SPOTIFY_EXPORT, Source.SPOTIFY_API]
    assert reasons(importer.rows(user, [row(0), row(1)])) == {"duplicate": 1, "play": 1}
    assert sources(db, user) == [Source.SPOTIFY_EXPORT, Source.SPOTIFY_EXPORT]


def test_the_api_does_not_bring_back_what_an_export_held(
    playing: Playprint, importer: Importer, person, db: Database
) -> None:
    user = person()
    record = importer.rows(user, [row(0), row(1)])
    deletion = take(playing, user)
    assert poll(db, user, [play(1, late=1)]) == 0
    importer.importing.undo(user, import_id=record.id)
    assert titles_or_none(playing, user) == []
    assert playing.deleting.undo(user, deletion_id=deletion.id) == 1
    assert sources(db, user) == [Source.SPOTIFY_API]


def titles_or_none(playing: Playprint, user: int) -> list[str]:
    return titles(playing, user) if playing.listening.span(user, lens=Lens()) else []


def test_undoing_an_import_takes_its_deleted_listens_too(
    playing: Playprint, importer: Importer, person, db: Database
) -> None:
    user = person()
    first, second = importer.rows(user, [row(0), row(1)]), importer.rows(user, [row(2)])
    take(playing, user)
    importer.importing.undo(user, import_id=first.id)
    assert sources(db, user, "deleted_listens") == []
    assert playing.deleting.deletions(user) == []
    assert reasons(importer.rows(user, [row(0), row(1)])) == {"play": 2}
    importer.importing.undo(user, import_id=second.id)


def test_for_good_means_that_only_a_new_import_brings_them_back(
    playing: Playprint, importer: Importer, person, db: Database
) -> None:
    user = person()
    importer.rows(user, [row(0), row(1)])
    deletion = take(playing, user)
    playing.deleting.purge(user, deletion_id=deletion.id)
    assert sources(db, user, "deleted_listens") == []
    assert titles(playing, user) == ["Track 0"]
    with pytest.raises(NotFound):
        playing.deleting.undo(user, deletion_id=deletion.id)
    assert reasons(importer.rows(user, [row(0), row(1)])) == {"play": 1, "duplicate": 1}


def test_disconnecting_takes_deleted_plays_of_the_api(playing: Playprint, person, db: Database) -> None:
    user = person()
    poll(db, user, [play(0), play(1)])
    take(playing, user)
    with db.driver() as connection:
        connection.execute("update users set spotify_key = 'x', password_hash = 'x' where id = %s", (user,))
    assert SpotifyConnections(db).erase(user)
    assert sources(db, user, "deleted_listens") == []
    assert playing.deleting.deletions(user) == []


def test_a_deletion_is_its_persons_own(playing: Playprint, importer: Importer, person, db: Database) -> None:
    alice, charlie = person("alice"), person("charlie")
    for user in (alice, charlie):
        importer.rows(user, [row(0), row(1)])
    deletion = take(playing, alice)
    assert titles(playing, charlie) == ["Track 0", "Track 1"]
    assert playing.deleting.deletions(charlie) == []
    for act in (playing.deleting.undo, playing.deleting.purge):
        with pytest.raises(NotFound):
            act(charlie, deletion_id=deletion.id)
    assert len(playing.deleting.deletions(alice)) == 1


def test_the_record_names_no_music(playing: Playprint, importer: Importer, person) -> None:
    user = person()
    importer.rows(user, [row(0), row(1)])
    one = take(playing, user)
    playing.deleting.undo(user, deletion_id=one.id)
    playing.deleting.purge(user, deletion_id=take(playing, user).id)
    noted = [line.event for line in playing.events.of(user)]
    assert sorted(noted) == ["deletion-purged", "deletion-undone", "listens-deleted", "listens-deleted"]


def test_a_selection_is_what_history_shows(playing: Playprint, importer: Importer, person) -> None:
    """Left-out artists are not shown, so a deletion of days does not touch them."""
    user = person()
    other = row(1, ts="2024-02-01T12:00:00Z", master_metadata_album_artist_name="Other")
    importer.rows(user, [row(0), other, row(2, ts="2024-02-01T13:00:00Z")])
    chosen = Chosen(Lens(), Period(date(2024, 2, 1), date(2024, 3, 1)), Filters(hours=(13,)))
    assert playing.deleting.delete(user, label="13", chosen=chosen).listens == 1
    assert titles(playing, user) == ["Track 0", "Track 1"]
