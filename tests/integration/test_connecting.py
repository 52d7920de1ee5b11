"""Connecting against the stand-in for Spotify: there and back, whose account, one refresh at a time, the end of it."""

import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from connected import BROWSER, House, agree
from fakes.spotify import FakeSpotify
from sqlalchemy import func, select

from core.cache import Cache
from core.domain.errors import NotFound
from core.domain.people import Refused
from core.domain.spotify import SCOPES, TERMS_VERSION
from core.repositories.database import Database
from core.repositories.schema import oauth_states, spotify_connections, users
from core.services.connecting import STATE_LIFE
from core.spotify.errors import (
    BadCredentials,
    NotListed,
    OwnerNotPremium,
    QuotaSpent,
    TooFast,
    Trouble,
)

SESSION = "a session"
People = Callable[..., int]


@pytest.fixture
def fake() -> Iterator[FakeSpotify]:
    with FakeSpotify() as made:
        yield made


@pytest.fixture
def cache(redis_url: str) -> Iterator[Cache]:
    made = Cache(redis_url, namespace=uuid.uuid4().hex[:12])
    yield made
    made.close()


@pytest.fixture
def house(fake: FakeSpotify, db: Database, cache: Cache) -> House:
    return House(fake, db, cache)


def states(db: Database) -> int:
    with db.read() as connection:
        return connection.execute(select(func.count()).select_from(oauth_states)).scalar_one()


def begin(house: House, *, purpose: str = "connect", session: str | None = SESSION) -> str:
    return house.connecting().begin(purpose=purpose, session=session, browser=BROWSER, back_to="/x?a=1")  # type: ignore[arg-type]


class TestThereAndBack:
    @pytest.mark.parametrize("secret", [True, False], ids=["with the secret", "with PKCE alone"])
    def test_connects(self, house: House, person: People, secret: bool) -> None:
        user_id = person(password_hash="x")
        oauth = house.oauth() if secret else house.oauth(client_secret="")
        connecting = house.connecting(oauth=oauth)
        arrival = house.arrive("alice", connecting=connecting)
        assert connecting.connection(user_id) is None
        made = connecting.connect(user_id, arrival)
        assert (made.user_id, made.state, made.scopes) == (user_id, "connected", frozenset(SCOPES))
        assert made.authorized_at == made.connected_at == house.fake.clock.now
        assert connecting.connection(user_id) == made
        found, client = connecting.client(user_id)
        assert (found, client.own_id) == (made, house.fake.person("alice").id)
        assert client.me().id == client.own_id
        house.fake.clock.advance(timedelta(hours=2))
        assert client.me().id == client.own_id
        assert house.fake.calls["POST /api/token"] == 2

    def test_comes_back_to_where_it_began(self, house: House) -> None:
        back = agree(begin(house), "bob")
        arrival = house.connecting().finish(
            state=back["state"], code=back["code"], error="", session=SESSION, browser=BROWSER
        )
        assert (arrival.purpose, arrival.back_to, arrival.me.display_name) == ("connect", "/x?a=1", None)

    def test_can_end_in_another_process_for_a_visitor(self, house: House) -> None:
        address = house.connecting().begin(
            purpose="sign-in", session=None, browser=BROWSER, back_to="/", invitation="one-time"
        )
        back = agree(address, "alice")
        arrival = house.connecting().finish(
            state=back["state"], code=back["code"], error="", session=None, browser=BROWSER
        )
        assert (arrival.purpose, arrival.invitation) == ("sign-in", "one-time")

    def test_asks_for_what_is_wanted_and_keeps_what_is_granted(self, house: House, person: People) -> None:
        house.fake.withheld_scopes = {"user-top-read"}
        wanted = {"user-top-read", "user-library-read"}
        assert house.connect(person(), scopes=wanted).scopes == {"user-library-read"}

    def test_stores_only_hashes_of_what_comes_back(self, house: House, db: Database) -> None:
        back = agree(begin(house), "alice")
        with db.read() as connection:
            rows = " ".join(str(tuple(row)) for row in connection.execute(select(oauth_states)))
        for secret in (back["state"], back["code"], SESSION, BROWSER):
            assert secret not in rows

    def test_says_no_without_an_app(self, house: House) -> None:
        with pytest.raises(Refused, match="no Spotify app"):
            house.connecting(oauth=house.oauth(client_id="")).begin(
                purpose="connect", session=SESSION, browser=BROWSER, back_to="/"
            )

    def test_of_nobody_signed_in_does_not_begin(self, house: House) -> None:
        with pytest.raises(Refused) as refused:
            begin(house, session=None)
        assert refused.value.code == "signed-out"

    def test_does_not_begin_when_coming_back_could_not_work(self, house: House, db: Database) -> None:
        house.calls().close(house.fake.clock.now + timedelta(hours=14), quota=True)
        before = states(db)
        with pytest.raises(Refused) as refused:
            begin(house)
        assert refused.value.code == "spotify-budget"
        assert states(db) == before


class TestAState:
    """Forged, foreign, replayed, too old, missing: none of them exchanges a code."""

    def refused(self, house: House, **changes: str | None) -> str:
        back = agree(begin(house), "alice")
        given = {"state": back["state"], "code": back["code"], "error": "", "session": SESSION, "browser": BROWSER}
        with pytest.raises(Refused) as refused:
            house.connecting().finish(**(given | changes))  # type: ignore[arg-type]
        assert house.fake.calls["POST /api/token"] == 0
        return refused.value.code

    @pytest.mark.parametrize(
        "changes",
        [
            {"state": ""},
            {"state": "forged"},
            {"state": "\ud800"},
            {"browser": "another"},
            {"browser": ""},
            {"session": "another"},
            {"session": None},
        ],
        ids=str,
    )
    def test_that_does_not_fit_is_refused(self, house: House, changes: dict[str, str | None]) -> None:
        assert self.refused(house, **changes) == "spotify-state"

    def test_is_good_once(self, house: House) -> None:
        back = agree(begin(house), "alice")
        given = {"state": back["state"], "code": back["code"], "error": "", "session": SESSION, "browser": BROWSER}
        house.connecting().finish(**given)
        with pytest.raises(Refused) as refused:
            house.connecting().finish(**given)
        assert refused.value.code == "spotify-state"
        assert house.fake.calls["POST /api/token"] == 1

    def test_is_used_up_by_a_foreign_browser_too(self, house: House, db: Database) -> None:
        before = states(db)
        self.refused(house, browser="another")
        assert states(db) == before

    def test_of_nobodys_browser_fits_nobody(self, house: House) -> None:
        address = house.connecting().begin(purpose="sign-in", session=None, browser="", back_to="/")
        back = agree(address, "alice")
        with pytest.raises(Refused):
            house.connecting().finish(state=back["state"], code=back["code"], error="", session=None, browser="")

    @pytest.mark.parametrize(("late", "good"), [(timedelta(seconds=-1), True), (timedelta(0), False)])
    def test_lasts_ten_minutes(self, house: House, late: timedelta, good: bool) -> None:
        back = agree(begin(house), "alice")
        house.fake.clock.advance(STATE_LIFE + late)
        given = {"state": back["state"], "code": back["code"], "error": "", "session": SESSION, "browser": BROWSER}
        if good:
            assert house.connecting().finish(**given).me.id
            return
        with pytest.raises(Refused) as refused:
            house.connecting().finish(**given)
        assert refused.value.code == "spotify-state"
        assert house.fake.calls["POST /api/token"] == 0

    def test_too_old_is_swept_by_the_next(self, house: House, db: Database) -> None:
        begin(house)
        house.fake.clock.advance(STATE_LIFE)
        begin(house)
        with db.read() as connection:
            old = select(func.count()).where(oauth_states.c.expires_at <= house.fake.clock.now)
            assert connection.execute(old).scalar_one() == 0

    def test_of_two_that_bring_it_at_once_one_gets_in(self, house: House) -> None:
        back = agree(begin(house), "alice")
        given = {"state": back["state"], "code": back["code"], "error": "", "session": SESSION, "browser": BROWSER}
        ends: list[str] = []

        def finish() -> None:
            try:
                house.connecting().finish(**given)
                ends.append("in")
            except Refused as refused:
                ends.append(refused.code)

        threads = [threading.Thread(target=finish) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(ends) == ["in", *["spotify-state"] * 3]


class TestComingBackWithout:
    """Nothing is stored, and what is wrong is said."""

    def test_a_yes(self, house: House) -> None:
        back = agree(begin(house), "alice", agreed=False)
        with pytest.raises(Refused) as refused:
            house.connecting().finish(
                state=back["state"], code="", error=back["error"], session=SESSION, browser=BROWSER
            )
        assert refused.value.code == "spotify-declined"
        assert house.fake.calls["POST /api/token"] == 0

    @pytest.mark.parametrize(("code", "error"), [("", ""), ("", "server_error"), ("x", "invalid_scope")])
    def test_a_code(self, house: House, code: str, error: str) -> None:
        back = agree(begin(house), "alice")
        with pytest.raises(Trouble):
            house.connecting().finish(state=back["state"], code=code, error=error, session=SESSION, browser=BROWSER)
        assert house.fake.calls["POST /api/token"] == 0

    def test_a_code_of_ours(self, house: House) -> None:
        back = agree(begin(house), "alice")
        with pytest.raises(Refused) as refused:
            house.connecting().finish(state=back["state"], code="forged", error="", session=SESSION, browser=BROWSER)
        assert refused.value.code == "spotify-state"

    def test_a_place_on_the_list(self, house: House) -> None:
        with pytest.raises(NotListed, match="ask the owner"):
            house.arrive("charlie")

    def test_an_owner_who_pays(self, house: House) -> None:
        house.fake.owner_premium = False
        with pytest.raises(OwnerNotPremium):
            house.arrive("alice")

    def test_the_right_secret(self, house: House) -> None:
        with pytest.raises(BadCredentials):
            house.arrive("alice", connecting=house.connecting(oauth=house.oauth(client_secret="another")))

    @pytest.mark.parametrize("status", [400, 401])
    def test_a_known_app(self, house: House, status: int) -> None:
        house.fake.invalid_client_status = status
        house.fake.faults.add("invalid_client", "POST /api/token")
        with pytest.raises(BadCredentials):
            house.arrive("alice")

    @pytest.mark.parametrize("fault", ["server", "html", "broken", "reset"])
    def test_an_answer_for_the_code(self, house: House, fault: str) -> None:
        house.fake.faults.add(fault, "POST /api/token", count=None)
        with pytest.raises(Trouble):
            house.arrive("alice")
        assert house.fake.calls["POST /api/token"] == 1

    def test_an_accounts_service(self, house: House) -> None:
        with pytest.raises(Trouble):
            house.oauth(accounts_url="http://127.0.0.1:1").refresh(refresh_token="x", scopes=())

    def test_calls_left_at_spotify(self, house: House) -> None:
        house.fake.faults.add("quota", "GET /me", retry_after=48_925)
        with pytest.raises(QuotaSpent) as spent:
            house.arrive("alice")
        assert spent.value.retry_at == house.fake.clock.now + timedelta(seconds=48_925)
        assert house.calls().spending().reason == "quota"

    def test_time(self, house: House) -> None:
        house.fake.faults.add("rate", "POST /api/token", retry_after=7)
        with pytest.raises(TooFast) as fast:
            house.arrive("alice")
        assert fast.value.retry_at == house.fake.clock.now + timedelta(seconds=7)
        assert house.calls().spending().closed_until is None

    def test_anything_stored(self, house: House, db: Database, person: People) -> None:
        user_id = person()
        with pytest.raises(NotListed):
            house.connect(user_id, "charlie")
        assert house.connecting().connection(user_id) is None
        with db.read() as connection:
            assert connection.execute(select(users.c.spotify_key).where(users.c.id == user_id)).scalar_one() is None


class TestWhoseAccountItIs:
    def test_signs_its_person_in(self, house: House, person: People) -> None:
        alice, bob = person("alice"), person("bob")
        house.connect(alice, "alice")
        house.connect(bob, "bob")
        assert house.connecting().person(house.arrive("alice", session=None)) == alice
        assert house.connecting().person(house.arrive("bob", session=None)) == bob
        assert house.connecting().person(house.arrive("dora", session=None)) is None

    def test_is_named_nowhere(self, house: House, db: Database, person: People) -> None:
        user_id, account = person(), house.fake.person("alice")
        house.connect(user_id)
        with db.read() as connection:
            rows = [
                str(tuple(row))
                for table in (users, spotify_connections)
                for row in connection.execute(
                    select(table).where((table.c.id if table is users else table.c.user_id) == user_id)
                )
            ]
        for name in (account.id, str(account.account_id), str(account.display_name), "refresh"):
            assert name not in " ".join(rows)

    def test_is_known_by_a_name_until_it_has_a_lasting_id(self, house: House, db: Database, person: People) -> None:
        user_id = person()
        house.fake.omit_account_id = True
        house.connect(user_id)
        assert house.connecting().person(house.arrive("alice", session=None)) == user_id
        house.fake.omit_account_id = False
        assert house.connecting().person(house.arrive("alice", session=None)) == user_id
        house.fake.person("alice").id = f"renamed-{user_id}"
        assert house.connecting().person(house.arrive("alice", session=None)) == user_id

    def test_gets_its_lasting_id_by_connecting_again_too(self, house: House, person: People) -> None:
        user_id = person()
        house.fake.omit_account_id = True
        house.connect(user_id)
        house.fake.omit_account_id = False
        house.connect(user_id)
        house.fake.person("alice").id = f"renamed-{user_id}"
        assert house.connecting().person(house.arrive("alice", session=None)) == user_id

    def test_cannot_be_two_peoples(self, house: House, person: People) -> None:
        first, second = person(), person()
        house.connect(first)
        with pytest.raises(Refused) as refused:
            house.connect(second)
        assert refused.value.code == "spotify-taken"
        assert house.connecting().connection(second) is None

    def test_known_by_a_name_cannot_be_two_peoples_either(self, house: House, person: People) -> None:
        first, second = person(), person()
        house.fake.omit_account_id = True
        house.connect(first)
        house.fake.omit_account_id = False
        with pytest.raises(Refused) as refused:
            house.connect(second)
        assert refused.value.code == "spotify-taken"

    def test_of_two_people_at_once_is_one_ones(self, house: House, person: People) -> None:
        people = [person(), person(), person()]
        arrivals = [house.arrive("alice") for _ in people]
        ends: list[str] = []

        def connect(which: int) -> None:
            try:
                house.connecting().connect(people[which], arrivals[which])
                ends.append("in")
            except Refused as refused:
                ends.append(refused.code)

        threads = [threading.Thread(target=connect, args=(n,)) for n in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(ends) == ["in", "spotify-taken", "spotify-taken"]

    def test_cannot_be_another_before_disconnecting(self, house: House, person: People) -> None:
        user_id = person(password_hash="x")
        before = house.connect(user_id)
        with pytest.raises(Refused) as refused:
            house.connect(user_id, "bob")
        assert refused.value.code == "spotify-other"
        assert house.connecting().connection(user_id) == before
        house.connecting().disconnect(user_id)
        house.connect(user_id, "bob")
        assert house.connecting().person(house.arrive("bob", session=None)) == user_id
        assert house.connecting().person(house.arrive("alice", session=None)) is None

    def test_again_keeps_the_connection_under_a_new_epoch(self, house: House, person: People) -> None:
        user_id = person()
        before = house.connect(user_id)
        house.connecting().mark(user_id, epoch=before.epoch, state="needs_reauth")
        house.fake.clock.advance(timedelta(days=160))
        after = house.connect(user_id, scopes={"user-top-read"})
        assert after.epoch != before.epoch
        assert (after.state, after.scopes, after.connected_at) == ("connected", {"user-top-read"}, before.connected_at)
        assert after.authorized_at == house.fake.clock.now
        assert before.ends_soon(house.fake.clock.now)
        assert not after.ends_soon(house.fake.clock.now)

    @pytest.mark.parametrize("role", ["demo", None])
    def test_is_nobodys_who_is_not_there(self, house: House, person: People, role: str | None) -> None:
        user_id = person(role=role) if role else 2**30
        with pytest.raises(NotFound):
            house.connect(user_id)

    def test_states_what_was_agreed_to(self, house: House, db: Database, person: People) -> None:
        user_id = person()
        house.connect(user_id)
        with db.read() as connection:
            query = select(spotify_connections.c.terms_version).where(spotify_connections.c.user_id == user_id)
            assert connection.execute(query).scalar_one() == TERMS_VERSION
