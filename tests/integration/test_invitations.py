"""New accounts: by invitation, openly, not at all; by password and by Spotify; never two with one link."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from doubles import NoCache
from household import GOOD, Household, Somebody, refusal, unique
from sqlalchemy import text, update

from core.domain.errors import Conflict, NotFound
from core.domain.people import Refused, SlowDown
from core.repositories import schema
from core.repositories.database import Database
from core.repositories.invitations import InvitationRows
from core.services.invitations import INVITATION_LIFE
from core.services.tokens import read_token


@pytest.fixture
def house(fresh_db: Database) -> Household:
    return Household(fresh_db, NoCache())


@pytest.fixture
def owner(house: Household) -> Somebody:
    return house.join("Alice", role="owner")


@pytest.fixture
def admin(house: Household, owner: Somebody) -> Somebody:
    return house.join("Bob", role="admin")


@pytest.fixture
def addresses() -> Iterator[str]:
    """Yield an address of its own for each account: five a day come from one."""
    return (f"10.{n // 250}.{n % 250}.1" for n in range(10_000))


def test_an_invitation_makes_one_account(house: Household, owner: Somebody) -> None:
    token = house.invitations.invite(owner.id)
    opened = house.invitations.opened(token)
    assert opened is not None
    assert (opened.role, opened.invited_by) == ("member", owner.name)
    assert opened.expires_at - opened.created_at == INVITATION_LIFE
    entered = house.invitations.register(token, name=" Zoë   Z ", password=GOOD, label="Firefox on Linux")
    session = house.accounts.session(entered.token)
    assert session is not None
    assert (session.name, session.role) == ("Zoë Z", "member")
    assert [each.label for each in house.sessions.list(session.user_id)] == ["Firefox on Linux"]
    assert house.accounts.sign_in("zoë z", GOOD).token
    assert house.invitations.opened(token) is None
    assert house.invitations.list(owner.id) == []
    again = refusal(lambda: house.invitations.register(token, name=unique("Eve"), password=GOOD))
    assert again == "invitation"
    zoe = Somebody(house, session.user_id, session.name, entered.token)
    assert zoe.told()[:2] == [("account-made", "ok"), ("signed-in-by-invitation", "ok")]
    assert owner.told()[-1] == ("invited", "ok")


def test_two_at_once_make_one_account(house: Household, owner: Somebody) -> None:
    token, outcomes, gate = house.invitations.invite(owner.id), [], threading.Barrier(4)

    def join(number: int) -> None:
        gate.wait(20)
        try:
            house.invitations.register(token, name=f"Twin {number}", password=GOOD, address=f"10.0.0.{number}")
            outcomes.append("in")
        except Refused as refused:
            outcomes.append(refused.code)

    threads = [threading.Thread(target=join, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", *["invitation"] * 3]
    assert len([u for u in house.accounts.list() if u.name.startswith("Twin")]) == 1


def test_a_refused_try_leaves_the_invitation_open(house: Household, owner: Somebody) -> None:
    token, register = house.invitations.invite(owner.id), house.invitations.register
    for name, password, code in [
        ("!!!", GOOD, "name"),
        ("Zoe", "short", "short"),
        ("Zoe", "password1234", "common"),
        ("Zoe", "ä" * 40, "long"),
        (owner.name.upper(), GOOD, "taken"),
    ]:
        assert refusal(lambda n=name, p=password: register(token, name=n, password=p)) == code
    assert register(token, name="Zoe", password=GOOD).token


def test_an_invitation_ends_by_age_by_hand_and_with_its_maker(
    house: Household, owner: Somebody, admin: Somebody
) -> None:
    old = house.invitations.invite(owner.id)
    house.clock.forward(INVITATION_LIFE - timedelta(seconds=1))
    assert house.invitations.opened(old)
    house.clock.forward(timedelta(seconds=1))
    assert house.invitations.opened(old) is None
    revoked, other = house.invitations.invite(owner.id), house.invitations.invite(admin.id)
    keys = [each.key for each in house.invitations.list(admin.id)]
    assert len(keys) == 2
    assert not any(key in revoked or key in other for key in keys)
    opened = house.invitations.opened(revoked)
    assert opened
    house.invitations.revoke(admin.id, key=opened.key)
    assert admin.told()[-1] == ("invitation-revoked", "ok")
    assert house.invitations.opened(revoked) is None
    with pytest.raises(NotFound):
        house.invitations.revoke(admin.id, key=opened.key)
    assert house.invitations.opened(other)
    house.people.set_role(owner.id, user_id=admin.id, role="member")
    assert house.invitations.opened(other) is None
    for token in (old, revoked, other):
        assert refusal(lambda t=token: house.invitations.register(t, name="Eve", password=GOOD)) == "invitation"


def test_an_owner_who_becomes_admin_keeps_only_what_admins_may_give(house: Household, owner: Somebody) -> None:
    second = house.join("Bob", role="owner")
    high, low = house.invitations.invite(second.id, role="admin"), house.invitations.invite(second.id)
    house.people.set_role(owner.id, user_id=second.id, role="admin")
    assert house.invitations.opened(high) is None
    assert house.invitations.opened(low)


def test_a_link_made_for_a_member_does_not_open_an_owner(house: Household, owner: Somebody, admin: Somebody) -> None:
    charlie = house.join("Charlie")
    kept = house.people.reset_link(admin.id, user_id=charlie.id)
    house.people.set_role(owner.id, user_id=charlie.id, role="owner")
    assert house.accounts.linked(kept) is None
    new, first = house.accounts.add(f"New {charlie.id}")
    house.people.set_role(None, user_id=new.id, role="admin")
    assert house.accounts.linked(first), "who has no password yet needs their link"


def test_who_may_invite_whom(house: Household, owner: Somebody, admin: Somebody) -> None:
    charlie = house.join("Charlie")
    invite = house.invitations.invite
    assert invite(owner.id, role="admin")
    assert invite(admin.id, role="member")
    assert refusal(lambda: invite(admin.id, role="admin")) == "role"
    for role in ("owner", "demo", "", "member; drop table"):
        assert refusal(lambda r=role: invite(owner.id, role=r)) == "role"  # type: ignore[arg-type]
    for somebody in (charlie.id, house.accounts.demo().id, 2**31 - 1, 0):
        with pytest.raises(NotFound):
            invite(somebody)
        with pytest.raises(NotFound):
            house.invitations.list(somebody)
        with pytest.raises(NotFound):
            house.invitations.revoke(somebody, key="0" * 16)
    made = house.invitations.register(invite(owner.id, role="admin"), name="Ada", password=GOOD)
    session = house.accounts.session(made.token)
    assert session
    assert session.role == "admin"


def test_the_command_line_invites_in_the_owners_name(house: Household) -> None:
    with pytest.raises(NotFound):
        house.invitations.invite(None)
    owner = house.join("Alice", role="owner")
    opened = house.invitations.opened(house.invitations.invite(None, role="admin"))
    assert opened
    assert (opened.invited_by, opened.role) == (owner.name, "admin")
    assert owner.told()[-1] == ("invited", "operator")


def test_closed_means_closed(fresh_db: Database) -> None:
    before = Household(fresh_db, NoCache())
    owner = before.join("Alice", role="owner")
    token = before.invitations.invite(owner.id)
    house = Household(fresh_db, NoCache(), registration="closed")
    assert refusal(lambda: house.invitations.invite(owner.id)) == "registration-closed"
    assert house.invitations.opened(token) is None
    for given in (token, ""):
        join = [
            lambda t=given: house.invitations.register(t, name="Zoe", password=GOOD),
            lambda t=given: house.invitations.add_by_spotify("Zoe", invitation=t),
        ]
        assert [refusal(each) for each in join] == ["registration-closed"] * 2
    assert house.accounts.redeem(house.accounts.add("Zoe")[1], password=GOOD).token, "`playprint user add` still works"


def test_by_invitation_nobody_comes_without_one(house: Household, owner: Somebody) -> None:
    assert refusal(lambda: house.invitations.register("", name="Zoe", password=GOOD)) == "registration-invited"
    assert refusal(lambda: house.invitations.add_by_spotify("Zoe")) == "registration-invited"


def test_open_registration_makes_members(fresh_db: Database) -> None:
    house = Household(fresh_db, NoCache(), registration="open")
    owner = house.join("Alice", role="owner")
    session = house.accounts.session(house.invitations.register("", name="Zoe", password=GOOD).token)
    assert session
    assert session.role == "member"
    assert refusal(lambda: house.invitations.register("", name="zoe", password=GOOD)) == "taken"
    high = house.invitations.invite(owner.id, role="admin")
    made = house.accounts.session(house.invitations.register(high, name="Ada", password=GOOD).token)
    assert made
    assert made.role == "admin"
    assert refusal(lambda: house.invitations.register("1.x", name="Eve", password=GOOD)) == "invitation"


def test_five_accounts_a_day_come_from_one_address(fresh_db: Database) -> None:
    house = Household(fresh_db, NoCache(), registration="open")
    for number in range(5):
        if number % 2:
            house.invitations.add_by_spotify("Zoe", address="1.2.3.4")
        else:
            house.invitations.register("", name=f"Zoe the {number}", password=GOOD, address="1.2.3.4")
        assert refusal(lambda: house.invitations.register("", name="!", password=GOOD, address="1.2.3.4")) == "name"
    with pytest.raises(SlowDown):
        house.invitations.register("", name="Six", password=GOOD, address="1.2.3.4")
    with pytest.raises(SlowDown):
        house.invitations.add_by_spotify("Six", address="1.2.3.4")
    house.invitations.register("", name="Six", password=GOOD, address="1.2.3.5")
    house.clock.forward(timedelta(days=1))
    house.invitations.register("", name="Seven", password=GOOD, address="1.2.3.4")


def test_spotify_names_become_clean_and_unique(fresh_db: Database, addresses: Iterator[str]) -> None:
    house = Household(fresh_db, NoCache(), registration="open")

    def called(hint: str) -> str:
        made = house.invitations.add_by_spotify(hint, address=next(addresses))
        return house.accounts.own(made).name

    assert [called("Zoë"), called("ZOË "), called("zoë")] == ["Zoë", "ZOË 2", "zoë 3"]
    assert called("") == "Listener"
    assert called("🎧🎧") == "Listener 2"
    assert called("a\u202eb\x00 c\nd") == "ab cd"
    assert called("x" * 300) == "x" * 40
    assert called("x" * 300) == "x" * 38 + " 2"
    assert called("<script>alert(1)</script>") == "<script>alert(1)</script>"


def test_somebody_from_spotify_has_the_invitations_role_and_no_password(house: Household, owner: Somebody) -> None:
    token = house.invitations.invite(owner.id, role="admin")
    made = house.invitations.add_by_spotify("Zoe", invitation=token)
    own = house.accounts.own(made)
    assert (own.role, own.has_password) == ("admin", False)
    assert refusal(lambda: house.invitations.add_by_spotify("Eve", invitation=token)) == "invitation"
    assert refusal(lambda: house.accounts.sign_in("Zoe", "")) == "wrong"
    assert house.accounts.session(house.accounts.enter(made, stay=True, via="spotify").token)


def test_forged_invitations_open_nothing(house: Household, owner: Somebody, admin: Somebody) -> None:
    token = house.invitations.invite(owner.id)
    _, secret = token.split(".")
    link = house.accounts.reset_link(admin.name)
    for forged in ("", "x", secret, f"{admin.id}.{secret}", f"{owner.id}.{'A' * 43}", token + "\n", token[:-1], link):
        assert house.invitations.opened(forged) is None
        if forged:
            code = refusal(lambda f=forged: house.invitations.register(f, name="Eve", password=GOOD))
            assert code == "invitation"
    assert house.accounts.linked(token) is None
    assert house.accounts.session(token) is None
    with house.db.begin() as connection:
        assert secret not in str(connection.execute(text("select i::text from invitations i")).all())


def test_an_invitation_that_ends_while_somebody_types_is_over(house: Household, owner: Somebody) -> None:
    """Between the look at an invitation and its use lies the hashing of a password."""
    user_id, token_sha256 = read_token(house.invitations.invite(owner.id)) or (0, b"")
    late = house.clock.now + INVITATION_LIFE
    who = {"name": "Eve", "name_key": "eve", "password_hash": None}
    use = InvitationRows(house.db).accept
    assert refusal(lambda: use(user_id, token_sha256=token_sha256, now=late, **who)) == "invitation"  # type: ignore[arg-type]


def test_the_last_owner_stays(house: Household, owner: Somebody, admin: Somebody) -> None:
    people = house.people
    for role in ("admin", "member"):
        assert refusal(lambda r=role: people.set_role(owner.id, user_id=owner.id, role=r)) == "last-owner"
    assert refusal(lambda: house.accounts.delete(owner.id)) == "last-owner"
    assert refusal(lambda: people.delete(None, user_id=owner.id, typed=owner.name)) == "last-owner"
    assert house.accounts.session(owner.token), "a refused deletion ends no session"
    unable = house.accounts.add("Not here yet", role="owner")[0]
    assert refusal(lambda: people.set_role(owner.id, user_id=owner.id, role="member")) == "last-owner"
    people.set_role(owner.id, user_id=unable.id, role="member")
    people.set_role(owner.id, user_id=admin.id, role="owner")
    people.set_role(admin.id, user_id=owner.id, role="member")
    assert owner.session.role == "member"
    assert house.accounts.owned()


def test_two_owners_cannot_leave_each_other_behind(house: Household, owner: Somebody) -> None:
    """Both ask at the same moment: one of them stays owner."""
    second, gate, outcomes = house.join("Bob", role="owner"), threading.Barrier(2), []

    def step_down(user_id: int) -> None:
        gate.wait(20)
        try:
            house.people.set_role(None, user_id=user_id, role="member")
            outcomes.append("done")
        except Refused as refused:
            outcomes.append(refused.code)

    for _ in range(5):
        outcomes.clear()
        house.people.set_role(None, user_id=second.id, role="owner")
        house.people.set_role(None, user_id=owner.id, role="owner")
        threads = [threading.Thread(target=step_down, args=(each.id,)) for each in (owner, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["done", "last-owner"]


def test_an_owner_who_is_alone_may_go(house: Household, owner: Somebody) -> None:
    house.accounts.demo()
    house.accounts.delete(owner.id)
    assert [user.role for user in house.accounts.list()] == ["demo"]


def test_an_owner_by_spotify_alone_is_an_owner(house: Household, owner: Somebody) -> None:
    zoe = house.join_by_spotify()
    with house.db.begin() as connection:
        connection.execute(update(schema.users).where(schema.users.c.id == zoe.id).values(spotify_key=b"key"))
    house.people.set_role(owner.id, user_id=zoe.id, role="owner")
    house.people.set_role(zoe.id, user_id=owner.id, role="member")
    assert house.accounts.owned()
    assert house.accounts.invite_owner() is None


def test_names_are_checked_when_adding_by_hand(house: Household, owner: Somebody) -> None:
    with pytest.raises(Conflict):
        house.accounts.add(owner.name.upper())
