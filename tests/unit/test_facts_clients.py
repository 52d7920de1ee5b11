"""The clients of MusicBrainz and ListenBrainz against their stand-ins: what is asked, understood, and fails."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from fakes.listenbrainz import TOKEN, FakeListenBrainz
from fakes.musicbrainz import FakeMusicBrainz
from fakes.openmusic import OpenArtist, OpenMusic, OpenRecording, OpenRelease

from core.asking.errors import NotNow, Refused, Trouble
from core.asking.http import Asker, agent, pause
from core.domain.facts import Song, Tag
from core.facts.listenbrainz import ListenBrainz
from core.facts.musicbrainz import MusicBrainz

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Notes:
    """A gate that lets everybody through and writes down who came."""

    def __init__(self) -> None:
        self.entered: list[str] = []
        self.closed: list[tuple[datetime, str]] = []

    def enter(self, endpoint: str) -> None:
        self.entered.append(endpoint)

    def close(self, until: datetime, *, reason: str) -> None:
        self.closed.append((until, reason))


@pytest.fixture
def gate() -> Notes:
    return Notes()


@pytest.fixture
def music() -> OpenMusic:
    music = OpenMusic(empty=True)
    music.add(
        "Guns N’ Roses",
        [("Sweet Child", "Appetite"), ("Paradise City", "Appetite")],
        tags=[("hard rock", 20, True), ("seen live", 9, False)],
        spotify_ids=["gnr"],
        country="US",
        begin_year=1985,
    )
    return music


@pytest.fixture
def musicbrainz(music: OpenMusic) -> Iterator[FakeMusicBrainz]:
    with FakeMusicBrainz(music) as fake:
        yield fake


@pytest.fixture
def listenbrainz(music: OpenMusic) -> Iterator[FakeListenBrainz]:
    with FakeListenBrainz(music) as fake:
        fake.limit = 1000
        yield fake


def asker(url: str, gate: Notes, token: str = "") -> Asker:
    return Asker("It", url, agent=agent("1.2", "me@example.org"), gate=gate, now=lambda: NOW, token=token)


@pytest.fixture
def mb(musicbrainz: FakeMusicBrainz, gate: Notes) -> MusicBrainz:
    return MusicBrainz(asker(musicbrainz.api_url, gate))


@pytest.fixture
def lb(listenbrainz: FakeListenBrainz, gate: Notes) -> ListenBrainz:
    return ListenBrainz(asker(listenbrainz.url, gate, TOKEN))


def band(music: OpenMusic) -> UUID:
    return UUID(music.artists[0].mbid)


class TestMusicBrainz:
    def test_one_address_and_several_lead_to_their_artists(self, mb: MusicBrainz, music: OpenMusic) -> None:
        music.add("Twin", spotify_ids=["twin"])
        music.add("Twin (other)", spotify_ids=["twin"])
        assert mb.linked(["gnr"]) == {"gnr": {band(music): "Guns N’ Roses"}}
        found = mb.linked(["nobody", "gnr", "twin"])
        assert set(found) == {"gnr", "twin"}
        assert set(found["twin"].values()) == {"Twin", "Twin (other)"}

    def test_an_address_nobody_knows_is_no_failure(self, mb: MusicBrainz) -> None:
        assert mb.linked(["nobody"]) == {}
        assert mb.linked(["nobody", "neither"]) == {}

    def test_an_artist_comes_with_genres_tags_place_and_years(self, mb: MusicBrainz, music: OpenMusic) -> None:
        artist = mb.artist(band(music))
        assert artist is not None
        assert (artist.country, artist.area, artist.type) == ("US", "United States", "Group")
        assert (artist.begin_year, artist.end_year) == (1985, None)
        assert artist.tags == (Tag("hard rock", 20, True), Tag("seen live", 9, False))
        assert mb.artist(UUID(int=7)) is None

    def test_countries_of_many_come_at_once(self, mb: MusicBrainz, music: OpenMusic, gate: Notes) -> None:
        other = UUID(music.add("Kraftwerk", country="DE").mbid)
        assert mb.countries([band(music), other, UUID(int=1)]) == {band(music): "US", other: "DE"}
        assert gate.entered == ["artist search"]

    def test_a_recording_is_found_by_names_and_only_of_that_artist(self, mb: MusicBrainz, music: OpenMusic) -> None:
        music.add("Tribute", [("Sweet Child", "Covers")])
        found = mb.match(Song("Guns N’ Roses", "Sweet Child - 2018 Remaster", "Appetite"))
        assert found is not None
        assert list(found.artists) == [band(music)]
        assert found.recording.duration_ms == 201_000
        assert [(release.name, release.year) for release in found.recording.releases] == [("Appetite", 1999)]
        assert mb.match(Song("Somebody Else", "Sweet Child")) is None

    def test_releases_of_many_come_at_once(self, mb: MusicBrainz, music: OpenMusic, gate: Notes) -> None:
        release = music.recordings[0].releases[0]
        (found,) = mb.releases([UUID(release.mbid), UUID(int=4)]).values()
        assert (found.name, str(found.group), found.year) == ("Appetite", release.group, 1999)
        assert gate.entered == ["release search"]

    def test_names_may_hold_what_a_search_means_something_by(self, mb: MusicBrainz, music: OpenMusic) -> None:
        music.add("AC/DC", [('Say "Yes" \\ (No)', "High")])
        assert mb.match(Song("AC/DC", 'Say "Yes" \\ (No)')) is not None
        music.add("What?", [("Why + Not*", "High")])
        assert mb.match(Song("What?", "Why + Not*")) is not None

    def test_names_of_any_length_are_not_asked(self, mb: MusicBrainz, musicbrainz: FakeMusicBrainz) -> None:
        assert mb.match(Song("A" * 400, "t" * 101)) is None
        assert musicbrainz.requests == []


class TestListenBrainz:
    def test_songs_are_looked_up_together(
        self, lb: ListenBrainz, listenbrainz: FakeListenBrainz, music: OpenMusic
    ) -> None:
        songs = [Song("Nobody", "Nothing"), Song("guns n’ roses", "Paradise City", "Appetite")]
        for leaves_out in (False, True):
            listenbrainz.leaves_out_misses = leaves_out
            found = lb.match(songs)
            assert list(found) == songs[1:]
            match = found[songs[1]]
            assert (match.credit, match.title, list(match.artists)) == ("Guns N’ Roses", "Paradise City", [band(music)])
            assert [release.name for release in match.recording.releases] == ["Appetite"]
        assert listenbrainz.calls == {"lookup": 2}

    def test_names_too_long_for_it_are_shortened_or_left_out(
        self, lb: ListenBrainz, listenbrainz: FakeListenBrainz
    ) -> None:
        songs = [Song("A" * 200, "t" * 51), Song("Guns N’ Roses", "Paradise City", "x" * 240)]
        assert list(lb.match(songs)) == songs[1:]
        sent = json.loads(listenbrainz.requests[0].body)["recordings"]
        assert sent == [{"artist_name": "Guns N’ Roses", "recording_name": "Paradise City"}]
        assert lb.match(songs[:1]) == {}
        assert len(listenbrainz.requests) == 1

    def test_without_the_right_token_it_refuses_lookups_alone(
        self, listenbrainz: FakeListenBrainz, gate: Notes, music: OpenMusic
    ) -> None:
        for token in ("", "wrong"):
            client = ListenBrainz(asker(listenbrainz.url, gate, token))
            with pytest.raises(Refused):
                client.match([Song("Guns N’ Roses", "Paradise City")])
            assert set(client.artists([band(music)])) == {band(music)}

    def test_artists_come_with_tags_that_are_genres_or_not(self, lb: ListenBrainz, music: OpenMusic) -> None:
        music.add("Kraftwerk", tags=[("electronic", 8, True)], country="DE", end_year=2020, type="Group")
        found = lb.artists([band(music), UUID(music.artists[1].mbid), UUID(int=5)])
        assert [artist.name for artist in found.values()] == ["Guns N’ Roses", "Kraftwerk"]
        assert found[band(music)].tags == (Tag("hard rock", 20, True), Tag("seen live", 9, False))
        assert (found[UUID(music.artists[1].mbid)].area, found[UUID(music.artists[1].mbid)].end_year) == (
            "Germany",
            2020,
        )

    def test_recordings_come_with_length_tags_and_release(self, lb: ListenBrainz, music: OpenMusic) -> None:
        key = UUID(music.recordings[0].mbid)
        release = music.recordings[0].releases[0]
        (found,) = lb.recordings([key, UUID(int=3)]).values()
        assert (found.mbid, found.duration_ms) == (key, 201_000)
        assert found.tags[0] == Tag("hard rock", 6, True)
        (on,) = found.releases
        assert (on.name, on.year, on.cover_id, str(on.group)) == ("Appetite", 1999, release.cover_id, release.group)


class TestWhatGoesWrong:
    @pytest.mark.parametrize("kind", ["server", "broken", "html", "cut", "redirect"])
    def test_an_unusable_answer_is_trouble(self, kind: str, mb: MusicBrainz, musicbrainz: FakeMusicBrainz) -> None:
        musicbrainz.break_down(kind)  # type: ignore[arg-type]
        with pytest.raises(Trouble):
            mb.linked(["gnr"])
        assert mb.linked(["gnr"])
        assert len(musicbrainz.requests) == 2, "nothing is asked twice by itself"

    def test_nobody_is_followed_to_another_host(
        self, mb: MusicBrainz, musicbrainz: FakeMusicBrainz, listenbrainz: FakeListenBrainz
    ) -> None:
        musicbrainz.break_down("redirect", location=f"{listenbrainz.url}/1/metadata/artist/?artist_mbids={UUID(int=1)}")
        with pytest.raises(Trouble, match="302"):
            mb.linked(["gnr"])
        assert listenbrainz.requests == []

    def test_nobody_there_is_trouble(self, gate: Notes) -> None:
        with pytest.raises(Trouble, match="ConnectionError"):
            MusicBrainz(asker("http://127.0.0.1:9/ws/2", gate)).linked(["gnr"])

    def test_a_service_that_is_asked_too_fast_gets_its_pause(
        self, mb: MusicBrainz, musicbrainz: FakeMusicBrainz, gate: Notes
    ) -> None:
        musicbrainz.per_second, musicbrainz.retry_after = 0, 7
        with pytest.raises(NotNow) as refused:
            mb.linked(["gnr"])
        assert refused.value.retry_at == NOW + timedelta(seconds=7)
        assert gate.closed == [(NOW + timedelta(seconds=7), "rate")]

    def test_too_many_calls_to_listenbrainz_wait_for_its_window(
        self, lb: ListenBrainz, listenbrainz: FakeListenBrainz, gate: Notes, music: OpenMusic
    ) -> None:
        listenbrainz.now = lambda: NOW + timedelta(seconds=4)
        listenbrainz.limit = 1
        lb.artists([band(music)])
        assert gate.closed == [(NOW + timedelta(seconds=7), "rate")], "none are left: the gate closes before a refusal"
        with pytest.raises(NotNow):
            lb.artists([band(music)])
        assert gate.closed[1:] == gate.closed[:1]

    def test_an_answer_without_end_is_given_up(self, mb: MusicBrainz, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("core.asking.http.LARGEST_BYTES", 10)
        with pytest.raises(Trouble, match="too long"):
            mb.linked(["gnr"])

    @pytest.mark.parametrize(
        "answer",
        [
            *([], {}, 7, None, "x", {"urls": 3}, {"urls": [3, {}]}, {"artists": [{}]}, [{"index": True}]),
            *({"recordings": [{"id": 3}, None]}, {"x": {"tag": 1}}, {"recordings": [{"artist-credit": 1}]}),
            {"relations": [{"artist": {"id": "x", "name": 3}}], "resource": 4},
        ],
    )
    def test_any_json_is_read_without_falling(self, answer: object, gate: Notes) -> None:
        class Said:
            service, has_token = "a service", False

            def get(self, *asked: object) -> object:
                return answer

            post = get

        said = Said()
        brainz, listen = MusicBrainz(said), ListenBrainz(said)  # type: ignore[arg-type]
        song = Song("A", "b")
        assert brainz.linked(["a"]) == {}
        assert brainz.artist(UUID(int=1)) is None
        assert brainz.countries([UUID(int=1)]) == {}
        assert brainz.releases([UUID(int=1)]) == {}
        assert brainz.match(song) is None
        if isinstance(answer, list):
            assert listen.match([song]) == {}
        else:  # nobody looked anything up: that is no "not found"
            with pytest.raises(Trouble, match="no list"):
                listen.match([song])
        assert listen.artists([UUID(int=1)]) == {}
        assert listen.recordings([UUID(int=1)]) == {}


class TestWhoWeAre:
    def test_every_call_says_so_and_nothing_else(
        self, mb: MusicBrainz, musicbrainz: FakeMusicBrainz, monkeypatch: pytest.MonkeyPatch, tmp_path: object
    ) -> None:
        mb.linked(["gnr"])
        headers = musicbrainz.requests[0].headers
        assert headers["user-agent"] == "Playprint/1.2 ( me@example.org )"
        assert set(headers) <= {"host", "user-agent", "accept", "accept-encoding", "connection"}

    def test_a_contact_cannot_add_headers(self) -> None:
        assert agent("1", "Ann\r\nX-More: 1 ☎") == "Playprint/1 ( AnnX-More: 1 )"
        assert agent("1", "") == "Playprint/1 ( no contact given )"

    def test_a_token_no_header_can_hold_is_trouble(self, listenbrainz: FakeListenBrainz, gate: Notes) -> None:
        for token in ("a\nX-More: 1", "\u2603"):
            with pytest.raises(Trouble):
                ListenBrainz(asker(listenbrainz.url, gate, token)).artists([UUID(int=1)])
        assert listenbrainz.requests == []

    def test_the_token_goes_to_listenbrainz_alone(
        self, lb: ListenBrainz, mb: MusicBrainz, musicbrainz: FakeMusicBrainz, listenbrainz: FakeListenBrainz
    ) -> None:
        lb.match([Song("Guns N’ Roses", "Paradise City")])
        mb.linked(["gnr"])
        assert listenbrainz.requests[0].headers["authorization"] == f"Token {TOKEN}"
        assert "authorization" not in musicbrainz.requests[0].headers


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 60),
        ({"Retry-After": "12"}, 12),
        ({"Retry-After": "Sun, 22 Nov 2026 12:00:30 GMT"}, 30),
        ({"Retry-After": "Sun, 22 Nov 2026 11:00:00 GMT"}, 1),
        ({"Retry-After": "nan"}, 60),
        ({"Retry-After": "soon", "X-RateLimit-Reset-In": "9"}, 9),
        ({"Retry-After": "1e99"}, 60),
        ({"Retry-After": "999999999"}, 86_400),
        ({"Retry-After": "-5"}, 1),
    ],
)
def test_how_long_a_service_wants_to_be_left_alone(headers: dict[str, str], seconds: int) -> None:
    assert pause(headers, NOW) == timedelta(seconds=seconds)


def test_a_credit_of_several_is_read_whole(mb: MusicBrainz, music: OpenMusic) -> None:
    queen, bowie = OpenArtist("Queen"), OpenArtist("David Bowie")
    music.recordings.append(OpenRecording("Under", [queen, bowie], [OpenRelease("Hot", queen, 1982)], 1000))
    found = mb.match(Song("Queen", "Under", "Hot"))
    assert found is not None
    assert found.credit == "Queen & David Bowie"
    assert list(found.artists.values()) == ["Queen", "David Bowie"]
