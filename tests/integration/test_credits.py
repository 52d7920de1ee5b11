"""Guests in titles and in Spotify's metadata are credited when tracks arrive, and once for those that were there."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from exports import Importer, row
from reported import play, poll

from core.analytics import counting
from core.analytics.building import build
from core.analytics.selecting import select
from core.domain.lens import Lens
from core.repositories.credits import backfill
from core.repositories.database import Database
from core.repositories.library import LibraryReader


@pytest.fixture
def importer(fresh_db: Database, tmp_path: Path) -> Importer:
    return Importer(fresh_db, tmp_path)


def credited(db: Database) -> dict[str, list[str]]:
    """Return track → the artists credited on it, in their order."""
    sql = """
        select t.name, array_agg(a.name order by c.place, a.name) from track_credits c
        join tracks t on t.id = c.track_id join artists a on a.id = c.artist_id group by t.id, t.name
    """
    with db.driver() as connection:
        return dict(connection.execute(sql).fetchall())


def bring(importer: Importer, user: int, titles: Sequence[str], *, artists: Sequence[str] = ()) -> None:
    """Import a play of each title, the artist "Artist" or those given."""
    rows = [row(at, master_metadata_track_name=title, **artist_of(artists, at)) for at, title in enumerate(titles)]
    assert importer.rows(user, rows).status == "done"


def artist_of(artists: Sequence[str], at: int) -> dict[str, str]:
    return {"master_metadata_album_artist_name": artists[at]} if at < len(artists) else {}


@pytest.fixture
def user(fresh_db: Database) -> int:
    with fresh_db.driver() as connection:
        made = connection.execute("insert into users (name, name_key) values ('a', 'a') returning id").fetchone()
    assert made is not None
    return int(made[0])


def test_an_import_credits_guests_and_never_the_tracks_own_artist(importer: Importer, user: int) -> None:
    titles = ["One (feat. Ann & Bob)", "Two", "Three (feat. Artist)", "Four (with Cid)", "Five (feat. Various Artists)"]
    bring(importer, user, titles)
    assert credited(importer.db) == {"One (feat. Ann & Bob)": ["Ann", "Bob"], "Four (with Cid)": ["Cid"]}


def test_a_name_of_the_same_import_or_of_the_database_stays_whole(importer: Importer, user: int) -> None:
    bring(importer, user, ["Song (feat. Earth, Wind & Fire)", "Other"], artists=["Somebody", "Earth, Wind & Fire"])
    assert credited(importer.db) == {"Song (feat. Earth, Wind & Fire)": ["Earth, Wind & Fire"]}


def test_importing_again_adds_nothing(importer: Importer, user: int) -> None:
    for _ in range(2):
        bring(importer, user, ["One (feat. Ann & Bob)"])
        assert credited(importer.db) == {"One (feat. Ann & Bob)": ["Ann", "Bob"]}


def test_tracks_that_were_there_are_credited_once(importer: Importer, user: int) -> None:
    bring(importer, user, ["One (feat. Ann & Bob)", "Two [ft. Cid]", "Three"])
    before = credited(importer.db)
    with importer.db.driver() as connection:
        connection.execute("delete from track_credits")
        connection.execute("delete from artists where name in ('Ann', 'Cid')")
        assert backfill(connection) == 3
        assert backfill(connection) == 0
    assert credited(importer.db) == before


def test_the_artists_spotify_names_are_credited_too(importer: Importer, user: int) -> None:
    poll(importer.db, user, [play(artists=("Ann", "Artist", "Various Artists"))])
    assert credited(importer.db) == {"Track 0": ["Ann"]}


def test_spotify_says_whose_a_track_of_various_artists_is(importer: Importer, user: int) -> None:
    bring(importer, user, ["Track 0", "Track 1"], artists=["Various Artists", "Various Artists"])
    poll(importer.db, user, [play(late=600, artist="Ann", artists=("Ann", "Bob"))])
    made = build(LibraryReader(importer.db).read(user).rows, version=1)
    top = counting.top(select(made, Lens()), "artist")
    assert dict(top.select("name", "plays").iter_rows()) == {"Ann": 2, "Bob": 2}
    assert set(counting.top(select(made, Lens()), "track")["artist"]) == {"Ann", ""}
