"""The client against the stand-in: each question in each of Spotify's modes, each way it goes wrong, bounded."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from fakes.spotify import FakeSpotify

from core.spotify.client import Spotify
from core.spotify.errors import (
    Absent,
    ConsentOver,
    Forbidden,
    Later,
    MissingScope,
    NotListed,
    OverBudget,
    OwnerNotPremium,
    QuotaSpent,
    SpotifyError,
    TooFast,
    Trouble,
)
from core.spotify.wire import Wire


class Gate:
    """A gate that lets everybody through, and remembers."""

    def __init__(self) -> None:
        self.entered: list[str] = []
        self.answers: list[tuple[str, int, bool | None]] = []
        self.closed: list[tuple[datetime, bool]] = []
        self.most = 10_000

    def enter(self, endpoint: str) -> None:
        if len(self.entered) >= self.most:
            raise OverBudget(datetime.now(UTC))
        self.entered.append(endpoint)

    def answered(self, endpoint: str, *, status: int, works: bool | None) -> None:
        self.answers.append((endpoint, status, works))

    def close(self, until: datetime, *, quota: bool) -> None:
        self.closed.append((until, quota))


class Tokens:
    """Tokens of one consent; renewing asks the stand-in for another."""

    def __init__(self, fake: FakeSpotify, name: str, **how: Any) -> None:
        self.fake, self.name, self.how, self.renewed = fake, name, how, 0
        self.token = str(fake.consent(name, **how)["access_token"])

    def access_token(self) -> str:
        return self.token

    def renew(self, spent: str) -> str:
        self.renewed += 1
        self.token = str(self.fake.consent(self.name, **self.how)["access_token"])
        return self.token


@pytest.fixture(params=["dev_2026", "dev_legacy", "extended"])
def any_mode(request: pytest.FixtureRequest) -> Iterator[FakeSpotify]:
    with FakeSpotify(mode=request.param) as made:
        yield made


@pytest.fixture
def fake() -> Iterator[FakeSpotify]:
    with FakeSpotify() as made:
        yield made


@pytest.fixture
def gate() -> Gate:
    return Gate()


Open = Callable[..., Spotify]


@pytest.fixture
def opened(gate: Gate) -> Iterator[Open]:
    """Return a function that opens Spotify for somebody; it never waits."""
    made: list[Spotify] = []

    def make(fake: FakeSpotify, name: str = "alice", *, wire: Wire | None = None, **how: Any) -> Spotify:
        waits: list[float] = []
        tokens = Tokens(fake, name, **how)
        spotify = Spotify(tokens, gate, api_url=fake.api_url, now=lambda: fake.clock.now, wait=waits.append, wire=wire)
        made.append(spotify)
        return spotify

    yield make
    for each in made:
        each.close()


def pages(ask: Callable[..., Any]) -> list[Any]:
    """Return all pages of a list."""
    found, offset = [], 0
    while offset is not None:
        page = ask(offset=offset)
        found.append(page)
        offset = page.next_offset
    return found


class TestQuestions:
    """In every mode the answers are the same: what differs between them does not reach us."""

    def test_whose_account(self, any_mode: FakeSpotify, opened: Open) -> None:
        alice = any_mode.person("alice")
        found = opened(any_mode).me()
        assert (found.id, found.account_id, found.display_name) == (alice.id, alice.account_id, alice.display_name)

    def test_recent_plays(self, any_mode: FakeSpotify, opened: Open) -> None:
        alice = any_mode.person("alice")
        seen = alice.visible(any_mode.clock.now)
        page = opened(any_mode).recently_played()
        assert [(play.track.uri, play.played_at) for play in page.plays] == [
            (play.thing.uri, alice.shown(play)) for play in seen
        ]
        assert page.full
        assert all(play.track.name and play.track.artist and play.track.duration_ms for play in page.plays)

    def test_recent_plays_after_a_moment(self, any_mode: FakeSpotify, opened: Open) -> None:
        spotify = opened(any_mode)
        plays = spotify.recently_played().plays
        after = spotify.recently_played(after=plays[7].played_at)
        assert after.plays == plays[:7]
        assert not after.full
        assert spotify.recently_played(after=plays[0].played_at).plays == []

    def test_rankings(self, any_mode: FakeSpotify, opened: Open) -> None:
        spotify, top = opened(any_mode), any_mode.person("alice").top["short_term"]
        artists = pages(partial(spotify.top_artists, time_range="short_term"))
        tracks = pages(partial(spotify.top_tracks, time_range="short_term"))
        assert [item.uri for page in artists for item in page.items] == [artist.uri for artist in top.artists]
        assert [item.uri for page in tracks for item in page.items] == [track.uri for track in top.tracks]
        assert {page.total for page in artists} == {len(top.artists)}
        assert all(item.artist is None for page in artists for item in page.items)

    def test_playlists(self, any_mode: FakeSpotify, opened: Open) -> None:
        spotify, alice = opened(any_mode), any_mode.person("alice")
        found = [item for page in pages(spotify.playlists) for item in page.items]
        assert [item and item.id for item in found] == [each and each.id for each in alice.playlists]
        shown = {item.id: item for item in found if item}
        for each in filter(None, alice.playlists):
            assert shown[each.id].snapshot == each.snapshot_id
            if each.owner == alice.id:
                assert shown[each.id].total == len(each.items)
                assert shown[each.id].owner_id == alice.id

    def test_contents_of_playlists(self, any_mode: FakeSpotify, opened: Open) -> None:
        spotify, alice = opened(any_mode), any_mode.person("alice")
        kinds: set[str] = set()
        for each in [own for own in alice.playlists if own and own.owner == alice.id and not own.gone]:
            found = pages(partial(spotify.playlist_items, each.id))
            assert sum(len(page.items) for page in found) == len(each.items)
            kinds |= {item.kind for page in found for item in page.items}
        assert kinds == {"track", "episode", "local", "gone"}

    def test_saved_tracks_and_albums(self, any_mode: FakeSpotify, opened: Open) -> None:
        spotify, alice = opened(any_mode), any_mode.person("alice")
        for ask, kept in ((spotify.saved_tracks, alice.saved_tracks), (spotify.saved_albums, alice.saved_albums)):
            found = [item for page in pages(ask) for item in page.items]
            assert [(item.uri, item.saved_at) for item in found] == [(each.thing.uri, each.added_at) for each in kept]

    def test_followed_artists(self, any_mode: FakeSpotify, opened: Open) -> None:
        spotify, found, after = opened(any_mode), [], None
        while True:
            page = spotify.followed(after=after)
            found += [item.uri for item in page.items]
            if (after := page.after) is None:
                break
        assert found == [artist.uri for artist in any_mode.person("alice").followed]

    def test_of_somebody_who_has_nothing(self, any_mode: FakeSpotify, opened: Open) -> None:
        spotify = opened(any_mode, "dora")
        assert spotify.recently_played().plays == []
        for ask in (spotify.playlists, spotify.saved_tracks, spotify.saved_albums):
            assert (ask().items, ask().total, ask().next_offset) == ([], 0, None)
        assert (spotify.followed().items, spotify.followed().after) == ([], None)

    def test_pass_the_gate_one_call_each(self, fake: FakeSpotify, opened: Open, gate: Gate) -> None:
        spotify = opened(fake)
        spotify.me(), spotify.recently_played(), spotify.top_tracks(time_range="long_term"), spotify.followed()
        assert gate.entered == ["/me", "/me/player/recently-played", "/me/top/tracks", "/me/following"]
        assert gate.answers == [(endpoint, 200, True) for endpoint in gate.entered]
        assert fake.api_calls == 4

    def test_name_their_limit_and_follow_no_link(self, fake: FakeSpotify, opened: Open) -> None:
        pages(opened(fake).saved_albums)
        asked = [request.query for request in fake.requests]
        assert [(query["limit"], query["offset"]) for query in asked] == [("50", str(n)) for n in range(0, 300, 50)]

    def test_go_on_from_any_place(self, fake: FakeSpotify, opened: Open) -> None:
        spotify, own = opened(fake), fake.person("alice")
        listed = next(each for each in own.playlists if each and each.owner == own.id)
        spotify.top_artists(time_range="long_term", offset=50), spotify.top_tracks(time_range="long_term", offset=50)
        spotify.playlists(offset=50), spotify.playlist_items(listed.id, offset=50)
        spotify.saved_tracks(offset=50), spotify.saved_albums(offset=50)
        asked = [request.query for request in fake.requests]
        assert [(query["limit"], query["offset"]) for query in asked] == [("50", "50")] * 6
        assert [query.get("time_range") for query in asked[:2]] == ["long_term"] * 2
        spotify.followed(after=own.followed[49].id), spotify.recently_played(after=datetime(2026, 11, 20, tzinfo=UTC))
        asked = [request.query for request in fake.requests[-2:]]
        assert [(query["limit"], query["after"]) for query in asked] == [
            ("50", own.followed[49].id),
            ("50", "1795132800000"),
        ]


class TestRefusals:
    @pytest.mark.parametrize("wording", [0, 1, 2])
    def test_of_somebody_not_on_the_list(self, fake: FakeSpotify, opened: Open, gate: Gate, wording: int) -> None:
        fake.faults.add("not_listed", wording=wording)
        with pytest.raises(NotListed):
            opened(fake).me()
        assert gate.answers == [("/me", 403, None)]
        with pytest.raises(NotListed):
            opened(fake, "charlie").me()

    def test_of_an_app_whose_owner_does_not_pay(self, fake: FakeSpotify, opened: Open, gate: Gate) -> None:
        fake.owner_premium = False
        with pytest.raises(OwnerNotPremium):
            opened(fake).me()
        assert gate.answers == [("/me", 403, None)]

    def test_of_an_endpoint_are_known_from_then_on(self, fake: FakeSpotify, opened: Open, gate: Gate) -> None:
        fake.faults.add("forbidden", "GET /me/albums")
        with pytest.raises(Forbidden):
            opened(fake).saved_albums()
        assert gate.answers == [("/me/albums", 403, False)]
        assert fake.calls["GET /me/albums"] == 1

    def test_of_one_playlist_say_nothing_about_others(self, fake: FakeSpotify, opened: Open, gate: Gate) -> None:
        alice = fake.person("alice")
        foreign = next(each for each in alice.playlists if each and each.owner != alice.id and not each.gone)
        with pytest.raises(Forbidden):
            opened(fake).playlist_items(foreign.id)
        assert gate.answers == [("/playlists/{id}/items", 403, None)]

    def test_of_what_nobody_agreed_to_say_so(self, fake: FakeSpotify, opened: Open, gate: Gate) -> None:
        with pytest.raises(MissingScope):
            opened(fake, scopes={"user-top-read"}).saved_tracks()
        assert gate.answers == [("/me/tracks", 403, None)]

    def test_of_what_is_not_there(self, fake: FakeSpotify, opened: Open) -> None:
        with pytest.raises(Absent):
            opened(fake).playlist_items("0000000000000000000000")

    @pytest.mark.parametrize("odd", ["", "a_b", "../me", "spotify:playlist:x", "x" * 101, "é"])
    def test_of_odd_ids_cost_no_call(self, fake: FakeSpotify, opened: Open, gate: Gate, odd: str) -> None:
        with pytest.raises(Absent):
            opened(fake).playlist_items(odd)
        assert gate.entered == []

    @pytest.mark.parametrize("as_date", [False, True])
    @pytest.mark.parametrize(("kind", "seconds", "error"), [("rate", 3, TooFast), ("quota", 48_925, QuotaSpent)])
    def test_of_too_many_calls_say_until_when(
        self, fake: FakeSpotify, opened: Open, gate: Gate, kind: str, seconds: int, error: type[Later], as_date: bool
    ) -> None:
        fake.faults.add(kind, retry_after=seconds, as_date=as_date)
        began = time.monotonic()
        with pytest.raises(error) as refused:
            opened(fake).me()
        assert time.monotonic() - began < 5
        assert refused.value.retry_at == fake.clock.now + timedelta(seconds=seconds)
        assert gate.closed == [(refused.value.retry_at, kind == "quota")]
        assert fake.api_calls == 1

    def test_by_the_gate_make_no_call(self, fake: FakeSpotify, opened: Open, gate: Gate) -> None:
        gate.most = 0
        with pytest.raises(OverBudget):
            opened(fake).me()
        assert fake.api_calls == 0


class TestTrouble:
    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    @pytest.mark.parametrize("html", [True, False])
    def test_passes_with_the_third_try(
        self, fake: FakeSpotify, opened: Open, gate: Gate, status: int, html: bool
    ) -> None:
        fake.faults.add("server", count=2, status=status, html=html)
        assert opened(fake).me().id
        assert len(gate.entered) == fake.api_calls == 3

    def test_ends_after_the_third(self, fake: FakeSpotify, opened: Open, gate: Gate) -> None:
        fake.faults.add("server", count=None)
        with pytest.raises(Trouble):
            opened(fake).me()
        assert len(gate.entered) == fake.api_calls == 3

    def test_stops_trying_where_the_gate_does(self, fake: FakeSpotify, opened: Open, gate: Gate) -> None:
        fake.faults.add("server", count=None)
        gate.most = 2
        with pytest.raises(OverBudget):
            opened(fake).me()
        assert fake.api_calls == 2

    @pytest.mark.parametrize("kind", ["html", "broken"])
    def test_of_an_answer_nobody_can_read(self, fake: FakeSpotify, opened: Open, kind: str) -> None:
        fake.faults.add(kind)
        with pytest.raises(Trouble):
            opened(fake).saved_tracks()
        assert fake.api_calls == 1

    def test_of_a_cut_connection_is_tried_again(self, fake: FakeSpotify, opened: Open, gate: Gate) -> None:
        fake.faults.add("reset", count=2)
        assert opened(fake).me().id
        fake.faults.add("reset", count=None)
        with pytest.raises(Trouble):
            opened(fake).me()
        assert len(gate.entered) == 6

    def test_of_silence_takes_seconds(self, fake: FakeSpotify, opened: Open, gate: Gate) -> None:
        fake.faults.add("slow", seconds=3)
        began = time.monotonic()
        with pytest.raises(Trouble):
            opened(fake, wire=Wire(silent=0.2)).me()
        assert time.monotonic() - began < 2
        assert len(gate.entered) == 1

    def test_of_nobody_there(self, gate: Gate, fake: FakeSpotify) -> None:
        spotify = Spotify(Tokens(fake, "alice"), gate, api_url="http://127.0.0.1:1/v1", wait=lambda seconds: None)
        with pytest.raises(Trouble):
            spotify.me()

    def test_an_account_without_any_id_is_trouble(self, fake: FakeSpotify, opened: Open) -> None:
        fake.person("alice").id = ""
        fake.omit_account_id = True
        with pytest.raises(Trouble):
            opened(fake).me()


class TestA401:
    def test_is_renewed_once(self, fake: FakeSpotify, opened: Open, gate: Gate) -> None:
        spotify = opened(fake)
        fake.faults.add("unauthorized")
        assert spotify.me().id
        assert spotify._tokens.renewed == 1  # type: ignore[attr-defined]
        assert len(gate.entered) == 2

    def test_that_stays_ends_it(self, fake: FakeSpotify, opened: Open, gate: Gate) -> None:
        spotify = opened(fake)
        fake.faults.add("unauthorized", count=None)
        with pytest.raises(ConsentOver):
            spotify.me()
        assert spotify._tokens.renewed == 1  # type: ignore[attr-defined]
        assert len(gate.entered) == 2

    def test_then_trouble_then_a_401_ends_it(self, fake: FakeSpotify, opened: Open, gate: Gate) -> None:
        fake.faults.add("unauthorized")
        fake.faults.add("server")
        fake.faults.add("unauthorized")
        with pytest.raises(ConsentOver):
            opened(fake).me()
        assert len(gate.entered) == 3


def test_threads_share_a_client_without_mixing(fake: FakeSpotify, opened: Open) -> None:
    spotify = opened(fake)
    ends: list[object] = []

    def ask(offset: int) -> None:
        found = spotify.saved_tracks(offset=offset).items
        kept = fake.person("alice").saved_tracks[offset : offset + 50]
        ends.append([item.uri for item in found] == [each.thing.uri for each in kept])

    threads = [threading.Thread(target=ask, args=(50 * n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ends == [True] * 16


class Odd(BaseHTTPRequestHandler):
    """Answers every question with what the path before ``/me`` says: status and body."""

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        _, status, which, *_ = self.path.split("/")
        body = ODD[int(which)].encode()
        self.send_response(int(status))
        if status == "302":
            self.send_header("Location", "http://127.0.0.1:1/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ODD = [
    "",
    "null",
    '["a", "list"]',
    '{"error": "words"}',
    '{"error": ["words"]}',
    '"text"',
    "[" * 200_000,
    "{}",
    "\ufeff{}",
]


@pytest.fixture(scope="module")
def odd_url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Odd) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Always:
    """A token that nobody checks."""

    def access_token(self) -> str:
        return "token"

    def renew(self, spent: str) -> str:
        return "another"


@pytest.mark.parametrize("which", range(len(ODD)))
@pytest.mark.parametrize(
    ("status", "errors"),
    [
        (200, {Trouble}),
        (204, {Trouble}),
        (302, {Trouble}),
        (400, {Trouble}),
        (401, {ConsentOver}),
        (403, {Forbidden, Trouble}),
        (404, {Absent}),
        (429, {TooFast}),
        (500, {Trouble}),
    ],
)
def test_odd_bodies_are_one_of_our_errors(
    odd_url: str, gate: Gate, status: int, errors: set[type[SpotifyError]], which: int
) -> None:
    """spotipy itself raises ``AttributeError`` over some of these, and answers None to others."""
    waits: list[float] = []
    spotify = Spotify(Always(), gate, api_url=f"{odd_url}/{status}/{which}", wait=waits.append)
    with pytest.raises(SpotifyError) as refused:
        spotify.me()
    spotify.close()
    assert type(refused.value) in errors
    assert len(waits) == (2 if status == 500 else 0)
