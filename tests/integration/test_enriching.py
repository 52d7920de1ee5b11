"""Facts about music: what is asked about first, of whom, and what is believed."""

import json
from collections.abc import Iterator
from uuid import UUID

import pytest
from enriched import Instance, instance
from fakes.openmusic import OpenRelease

from core.domain.facts import AlbumFacts, ArtistFacts, Tag
from core.repositories.database import Database

TAGS = [("shoegaze", 9, True), ("Dream-Pop", 4, False), ("dream pop", 3, True), ("rubbish", 0, False)]


@pytest.fixture
def here(fresh_db: Database) -> Iterator[Instance]:
    with instance(fresh_db) as made:
        yield made


def looked_up(here: Instance) -> list[str]:
    """Return the artists asked about by name, in order."""
    bodies = [json.loads(each.body) for each in here.listenbrainz.requests if each.path.endswith("/lookup/")]
    return list(dict.fromkeys(song["artist_name"] for body in bodies for song in body["recordings"]))


class TestWhatIsKnown:
    def test_an_artist_with_everything_the_sources_say(self, here: Instance) -> None:
        here.music.add("Slow Dive", [("Alison", "Souvlaki")], tags=TAGS, country="GB", begin_year=1989, end_year=1995)
        here.play(here.person(), "Slow Dive", "Alison", "Souvlaki")
        done = here.run()
        assert (done.outcome, done.found, done.missing, done.failed) == ("done", 3, 0, 0)
        number = here.id_of("Slow Dive")
        tags = (Tag("shoegaze", 9, True), Tag("dream pop", 4, True))
        found = ArtistFacts(UUID(here.music.artists[0].mbid), "United Kingdom", "GB", "Group", 1989, 1995, tags)
        assert here.facts.artists([number, 99]) == {number: found}

    def test_a_track_and_its_album(self, here: Instance) -> None:
        here.music.add("Slow Dive", [("Alison", "Souvlaki")], tags=TAGS)
        track = here.play(here.person(), "Slow Dive", "Alison - 2005 Remaster", "Souvlaki (Deluxe Edition)")
        here.run()
        recording = here.music.recordings[0]
        release = recording.releases[0]
        found = here.facts.tracks([track])[track]
        assert (str(found.mbid), found.duration_ms) == (recording.mbid, 201_000)
        assert found.tags[0] == Tag("shoegaze", 3, True)
        (album,) = here.facts.albums(here.query("select id from albums")[0]).values()
        mbid = UUID(release.mbid)
        assert album == AlbumFacts(mbid, UUID(release.group), 1999, release.cover_id, mbid)

    def test_a_collection_of_hits_has_its_own_year(self, here: Instance) -> None:
        band = here.music.add("Slow Dive", [("Alison", "Souvlaki")])
        hits = OpenRelease("Gold", band, 2010)
        here.music.recordings[0].releases.append(hits)
        here.play(here.person(), "Slow Dive", "Alison", "Gold")
        here.run()
        assert here.musicbrainz.calls["release search"] == 1
        (album,) = here.facts.albums(here.query("select id from albums")[0]).values()
        assert album == AlbumFacts(UUID(hits.mbid), UUID(hits.group), 2010, None, None)
        here.later(days=181)
        here.musicbrainz.break_down("server", "release search", count=None)
        here.run()
        assert here.query("select state, year from album_facts") == [("failed", 2010)]

    def test_without_a_token_the_same_is_found_name_by_name(self, here: Instance) -> None:
        here.music.add("Slow Dive", [("Alison", "Souvlaki")], tags=TAGS)
        track = here.play(here.person(), "Slow Dive", "Alison", "Souvlaki")
        done = here.run(token="")
        assert (done.found, done.missing, done.failed) == (3, 0, 0)
        assert here.facts.artists([here.id_of("Slow Dive")])
        assert here.facts.tracks([track])[track].duration_ms == 201_000
        (album,) = here.facts.albums(here.query("select id from albums")[0]).values()
        assert album.cover_id == here.music.recordings[0].releases[0].cover_id
        assert here.listenbrainz.calls["lookup"] == 1, "a refusal is remembered"
        assert here.musicbrainz.calls["recording search"] == 3
        here.play(here.person(), "Another", "One")
        here.later(hours=2)
        here.run(token="")
        assert here.listenbrainz.calls["lookup"] == 1
        here.later(hours=25)
        here.play(here.person(), "Yet Another", "One")
        here.run(token="")
        assert here.listenbrainz.calls["lookup"] == 2, "and tried again on another day"

    def test_a_token_is_used_as_soon_as_it_is_there(self, here: Instance) -> None:
        here.music.add("Slow Dive", [("Alison", "Souvlaki")])
        user = here.person()
        here.play(user, "Nobody", "Nothing")
        here.run(token="")
        here.play(user, "Slow Dive", "Alison")
        here.run()
        assert here.state("Slow Dive") == "found"
        assert here.listenbrainz.calls["lookup"] > 1

    def test_musicbrainz_describes_artists_where_listenbrainz_does_not(self, here: Instance) -> None:
        here.music.add("Slow Dive", [("Alison", "Souvlaki")], tags=TAGS, country="GB")
        here.play(here.person(), "Slow Dive", "Alison")
        here.listenbrainz.needs_token = {"lookup", "artist", "recording"}
        here.run(token="")
        assert here.musicbrainz.calls["artist"] == 1
        (found,) = here.facts.artists([here.id_of("Slow Dive")]).values()
        assert (found.country, found.tags[0]) == ("GB", Tag("shoegaze", 9, True))
        assert here.query("select state from track_facts") == [("found",)]


class TestSpotifysAddresses:
    def test_an_address_leads_to_an_artist_of_another_name(self, here: Instance) -> None:
        here.music.add("Кино", tags=TAGS, spotify_ids=["kino"])
        user = here.person()
        here.play(user, "Kino", "Gruppa Krovi")
        save(here, user, "Kino", "spotify:artist:kino")
        here.run()
        assert here.facts.artists([here.id_of("Kino")])
        assert here.musicbrainz.calls["url"] == 1

    def test_of_two_behind_one_address_the_namesake_is_taken(self, here: Instance) -> None:
        wanted = here.music.add("Nirvana", spotify_ids=["n"])
        here.music.add("Nirvana UK", spotify_ids=["n"])
        user = here.person()
        here.play(user, "Nirvana", "Rainbow Chaser")
        save(here, user, "Nirvana", "spotify:artist:n")
        here.run()
        assert str(here.facts.artists([here.id_of("Nirvana")])[here.id_of("Nirvana")].mbid) == wanted.mbid

    def test_an_address_nobody_knows_leaves_the_songs(self, here: Instance) -> None:
        here.music.add("Slow Dive", [("Alison", "Souvlaki")])
        user = here.person()
        here.play(user, "Slow Dive", "Alison")
        save(here, user, "Slow Dive", "spotify:artist:unknown")
        save(here, user, "Slow Dive", "https://nothing.example/")
        here.run()
        assert here.state("Slow Dive") == "found"
        assert "nothing.example" not in here.musicbrainz.requests[0].query


class TestWhoseAnswersAreBelieved:
    @pytest.mark.parametrize("token", ["", None])
    def test_another_artists_song_of_that_name_is_refused(self, here: Instance, token: str | None) -> None:
        here.music.add("Tribute Band", [("Alison", "Covers")])
        here.listenbrainz.wrong["Alison"] = "Tribute Band"
        track = here.play(here.person(), "Slow Dive", "Alison", "Covers")
        done = here.run(**({} if token is None else {"token": token}))
        assert (done.found, done.missing, done.failed) == (0, 3, 0)
        assert here.facts.artists([here.id_of("Slow Dive")]) == {}
        assert here.facts.tracks([track]) == {}

    def test_the_second_song_tells_who_it_is_where_the_first_does_not(self, here: Instance) -> None:
        here.music.add("Slow Dive", [("Machine Gun", "Souvlaki")])
        user = here.person()
        here.play(user, "Slow Dive", "A demo nobody knows", times=5)
        here.play(user, "Slow Dive", "Machine Gun")
        here.run()
        assert here.state("Slow Dive") == "found"

    def test_an_album_of_another_name_is_not_taken(self, here: Instance) -> None:
        here.music.add("Slow Dive", [("Alison", "Best Of Everything")])
        here.play(here.person(), "Slow Dive", "Alison", "Souvlaki")
        here.run()
        assert here.query("select state, release_mbid from album_facts") == [("missing", None)]


class TestOrder:
    def test_the_most_played_come_first(self, here: Instance) -> None:
        anna, bert = here.person(), here.person()
        for number in range(40):
            here.play(anna, f"Artist {number:02}", "Song", times=1 + number % 7)
        here.play(bert, "Artist 00", "Song", times=9)
        here.run()
        asked = looked_up(here)
        plays = {f"Artist {n:02}": 1 + n % 7 + (9 if n == 0 else 0) for n in range(40)}
        assert sorted(asked) == sorted(plays)
        assert [plays[name] for name in asked] == sorted(plays.values(), reverse=True)
        assert here.listenbrainz.calls["lookup"] == 5, "25 and 15 artists, 25 and 15 albums, 40 tracks"

    def test_artists_come_before_albums_and_tracks(self, here: Instance) -> None:
        user = here.person()
        here.play(user, "Often", "Song", times=9)
        here.play(user, "Seldom", "Song")
        here.run()
        first = json.loads(here.listenbrainz.requests[0].body)["recordings"]
        assert [(song["artist_name"], song["recording_name"]) for song in first] == [
            ("Often", "Song"),
            ("Seldom", "Song"),
        ]

    def test_the_demo_persons_music_is_nobodys_question(self, here: Instance) -> None:
        demo, anna = here.person("demo"), here.person()
        here.play(demo, "Only the demo's", "Song", times=9)
        here.play(demo, "Both's", "Song", times=9)
        save(here, demo, "Both's", "spotify:artist:demo")
        here.play(anna, "Both's", "Song")
        here.play(anna, "Anna's", "Song", times=2)
        here.run()
        assert looked_up(here) == ["Anna's", "Both's"]
        assert here.musicbrainz.calls["url"] == 0
        assert here.query("select count(*) from artist_facts") == [(2,)]

    def test_what_was_only_skipped_through_or_spoken_is_not_asked(self, here: Instance) -> None:
        user = here.person()
        here.play(user, "Skipped", "Song", ms_played=29_999)
        here.play(user, "Talk", "Episode", kind=2)
        here.play(user, "Heard", "Song", ms_played=30_000)
        here.run()
        assert looked_up(here) == ["Heard"]

    def test_nobody_plays_it_any_more_nobody_asks(self, here: Instance) -> None:
        anna, bert = here.person(), here.person()
        here.play(anna, "Anna's", "Song")
        here.play(bert, "Bert's", "Song")
        here.run(stop=lambda: True)
        assert here.state("Anna's") == "waiting"
        here.query("delete from listens where user_id = :id", id=anna)
        here.query("delete from users where id = :id", id=anna)
        here.run()
        assert looked_up(here) == ["Bert's"]

    def test_the_list_is_made_anew_for_new_listens_alone(self, here: Instance) -> None:
        user = here.person()
        here.play(user, "First", "Song")
        listed = lambda: here.query("select listed_at from fact_rounds")[0][0]  # noqa: E731
        here.run(list_now=False)
        first = listed()
        here.later(hours=1)
        here.run(list_now=False)
        assert listed() == first, "nothing was played since"
        here.play(user, "Second", "Song")
        here.run(list_now=False)
        assert listed() > first
        second = listed()
        here.play(user, "Third", "Song")
        here.later(minutes=9)
        here.run(list_now=False)
        assert listed() == second, "so soon it can wait"
        here.later(minutes=2)
        here.run(list_now=False)
        assert here.state("Third") == "missing"


def save(here: Instance, user: int, artist: str, uri: str) -> None:
    """Let somebody have saved an artist, as an import stores it."""
    position = here.query("select count(*) from library_items")[0][0]
    here.query("insert into imports (user_id, label) values (:user, 'x')", user=user)
    here.query(
        "insert into library_items (user_id, import_id, kind, position, uri, name) "
        "select :user, max(id), 'artist', :position, :uri, :name from imports where user_id = :user",
        user=user, position=position, uri=uri, name=artist,
    )  # fmt: skip
