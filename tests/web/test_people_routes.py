"""Looking after people by forms: the owner may, admins may some, to members there is nothing here."""

import re
from collections.abc import Callable

import pytest
from someone import GOOD, Someone, TestClient, visitor

from core.bootstrap import Playprint

Somebody = Callable[..., Someone]
Browser = Callable[..., TestClient]
NEW = "another four words here"
NOTHING = (404, "There is nothing here.")


@pytest.fixture
def owner(somebody: Somebody) -> Someone:
    return somebody("Owner", "owner")


@pytest.fixture
def admin(somebody: Somebody) -> Someone:
    return somebody("Admin", "admin")


def post(who: Someone, path: str, **fields: str) -> str:
    """Return where a form leads, or its status and text."""
    answer = who.client.post(path, data={"csrf": who.csrf, **fields})
    return answer.headers.get("location", f"{answer.status_code} {answer.text}")


def link_in(page: str, path: str) -> str:
    """Return the token of the one link a page shows."""
    found = re.findall(rf"http://127\.0\.0\.1:8501/{path}=([^<]+)<", page)
    assert len(found) == 1
    return str(found[0])


def test_an_invitation_is_shown_once_and_can_be_taken_back(owner: Someone, admin: Someone, playing: Playprint) -> None:
    for who, role in ((owner, "admin"), (admin, "member")):
        token = link_in(post(who, "/people/invite", new_role=role), r"register\?invitation")
        opened = playing.invitations.opened(token)
        assert opened
        assert (opened.role, opened.invited_by) == (role, who.name)
        assert post(admin, "/people/invitations/revoke", key=opened.key) == "/people?done=revoked&at=invitations"
        assert playing.invitations.opened(token) is None
        assert post(admin, "/people/invitations/revoke", key=opened.key).startswith("404 ")
    for who, role in ((admin, "admin"), (owner, "owner"), (owner, "x")):
        assert post(who, "/people/invite", new_role=role) == "/people?error=role&at=invitations"


def test_an_admin_hands_out_a_link_for_a_new_password(
    admin: Someone, somebody: Somebody, browser: Browser, playing: Playprint
) -> None:
    charlie, client = somebody("Charlie"), browser()
    token = link_in(post(admin, "/people/reset-link", person=str(charlie.id)), r"welcome\?link")
    form = {"csrf": visitor(client), "link": token, "password": NEW, "repeat": NEW}
    assert client.post("/auth/redeem", data=form).headers["location"] == "/"
    assert playing.accounts.session(charlie.cookie) is None


def test_roles_are_the_owners_to_give(owner: Someone, admin: Someone, somebody: Somebody, playing: Playprint) -> None:
    charlie = somebody("Charlie")
    who = {"person": str(charlie.id)}
    assert post(admin, "/people/role", **who, new_role="admin").startswith("404 ")
    assert post(owner, "/people/role", **who, new_role="demo") == "/people?error=role"
    assert post(owner, "/people/role", **who, new_role="admin") == "/people?done=role"
    session = playing.accounts.session(charlie.cookie)
    assert session
    assert session.role == "admin", "it shows at once"
    assert playing.people.list(charlie.id)
    assert post(owner, "/people/role", **who, new_role="member") == "/people?done=role"
    assert post(charlie, "/people/invite").startswith("404 ")


def test_somebody_elses_devices_and_second_factor(
    admin: Someone, owner: Someone, somebody: Somebody, playing: Playprint
) -> None:
    import pyotp

    charlie = somebody("Charlie")
    charlie.client.post("/account/second-factor/begin", data={"csrf": charlie.csrf, "password": GOOD})
    setup = playing.second_factor.setup(charlie.id)
    assert setup
    code = pyotp.TOTP(setup.secret).now()
    charlie.client.post("/account/second-factor/confirm", data={"csrf": charlie.csrf, "code": code})
    assert playing.accounts.own(charlie.id).second_factor
    who = {"person": str(charlie.id)}
    assert post(admin, "/people/second-factor/off", **who) == "/people?done=second-factor-off"
    assert not playing.accounts.own(charlie.id).second_factor
    assert post(admin, "/people/sessions/end-all", **who) == "/people?done=others-ended"
    assert playing.accounts.session(charlie.cookie) is None


def test_deleting_somebody_wants_their_name(admin: Someone, somebody: Somebody, playing: Playprint) -> None:
    charlie = somebody("Charlie")
    who = {"person": str(charlie.id)}
    for typed in ("", charlie.name.lower(), admin.name):
        assert post(admin, "/people/delete", **who, typed=typed) == "/people?error=typed"
    assert post(admin, "/people/delete", **who, typed=f" {charlie.name} ") == "/people?done=deleted"
    assert charlie.id not in [user.id for user in playing.accounts.list()]
    assert post(admin, "/people/delete", **who, typed=charlie.name).startswith("404 ")


@pytest.mark.parametrize("path", ["invite", "invitations/revoke", "delete", "role"])
def test_a_member_does_not_even_learn_that_a_form_is_refused(somebody: Somebody, path: str) -> None:
    charlie = somebody("Charlie")
    answer = charlie.client.post(f"/people/{path}", data={"csrf": "wrong"})
    assert (answer.status_code, answer.text) == NOTHING


OTHERS = ["reset-link", "sessions/end-all", "second-factor/off", "delete", "role"]


@pytest.mark.parametrize("path", OTHERS)
def test_an_admin_does_nothing_to_owners_and_admins(
    owner: Someone, admin: Someone, somebody: Somebody, playing: Playprint, path: str
) -> None:
    for subject in (owner, somebody("Other", "admin")):
        fields = {"person": str(subject.id), "typed": subject.name, "new_role": "member"}
        answer = admin.client.post(f"/people/{path}", data={"csrf": admin.csrf, **fields})
        assert (answer.status_code, answer.text) == NOTHING
        assert playing.accounts.session(subject.cookie)


@pytest.mark.parametrize("path", ["reset-link", "second-factor/off", "delete"])
def test_nobody_goes_around_the_proofs_of_their_own_account(owner: Someone, playing: Playprint, path: str) -> None:
    fields = {"person": str(owner.id), "typed": owner.name}
    assert post(owner, f"/people/{path}", **fields) == "/people?error=yourself"
    assert playing.accounts.session(owner.cookie)


@pytest.mark.parametrize(
    "person", ["", "0", "-1", "x", "1.5", "٣", "99999999999", str(2**31), str(2**31 - 1), "1 or 1=1"]
)
@pytest.mark.parametrize("path", OTHERS)
def test_nobody_is_nobody(owner: Someone, path: str, person: str) -> None:
    fields = {"person": person, "typed": "", "new_role": "member"}
    answer = owner.client.post(f"/people/{path}", data={"csrf": owner.csrf, **fields})
    assert (answer.status_code, answer.text) == NOTHING


def test_the_demo_profile_is_nobody(owner: Someone, playing: Playprint) -> None:
    demo = playing.accounts.demo()
    for path in OTHERS:
        fields = {"person": str(demo.id), "typed": demo.name, "new_role": "member"}
        assert post(owner, f"/people/{path}", **fields).startswith("404 ")
    assert demo.id not in [person.id for person in playing.people.list(owner.id)]
    assert playing.accounts.demo().role == "demo"
