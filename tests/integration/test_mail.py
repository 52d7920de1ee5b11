"""Links by mail: the same answer for everybody, a link that works, mail servers with and without TLS."""

import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from doubles import NoCache
from fakes.smtp import MailServer, mail_server, own_certificate
from household import GOOD, Household, Somebody, refusal, unique

from core.domain.errors import InvalidInput, Unavailable
from core.domain.people import SlowDown
from core.queue import Queue
from core.repositories.database import Database
from core.services import mail as mailing
from core.services.accounts import MAILED_LINK_LIFE
from core.services.mail import Mail, sender_of
from core.services.mail import mail_server as parsed

NEW = "another four words here"


class Jobs:
    """Jobs that are kept."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def defer_mail(self, user_id: int) -> None:
        self.asked.append(user_id)


@pytest.fixture
def house(db: Database) -> Household:
    return Household(db, NoCache())


@pytest.fixture
def alice(house: Household) -> Somebody:
    made = house.join()
    email = f"alice.{made.id}@mail.example"
    house.credentials.set_email(made.id, email=f" {email} ", password=GOOD, session=made.session)
    return made


@pytest.fixture
def jobs() -> Jobs:
    return Jobs()


@pytest.fixture
def mail(house: Household, jobs: Jobs) -> Callable[[str], Mail]:
    """Return a function that opens the mail of the household through a server."""

    def opened(url: str) -> Mail:
        return Mail(
            house.db,
            url=url,
            sender="Playprint <post@music.example>",
            address="https://music.example",
            accounts=house.accounts,
            limits=house.limits,
            events=house.events,
            jobs=jobs,
        )

    return opened


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def link_in(server: MailServer) -> str:
    found = re.search(r"https://music\.example/welcome\?link=(\S+)", server.mails[-1].get_content())
    assert found
    return found[1]


def test_a_mailed_link_sets_a_new_password(
    house: Household, alice: Somebody, mail: Callable[[str], Mail], jobs: Jobs, server: MailServer
) -> None:
    post = mail(f"smtp://127.0.0.1:{server.port}")
    post.ask(alice.name.upper(), address="1.2.3.4")
    assert jobs.asked == [alice.id]
    assert post.send_reset(alice.id)
    (letter,) = server.mails
    assert (letter["To"], letter["From"]) == (f"alice.{alice.id}@mail.example", "Playprint <post@music.example>")
    assert letter["Message-ID"].endswith("@music.example>")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert server.recipients == [f"alice.{alice.id}@mail.example"]
    assert alice.name in letter.get_content()
    house.accounts.redeem(link_in(server), password=NEW)
    assert house.accounts.session(alice.token) is None
    assert house.accounts.sign_in(alice.name, NEW).token
    assert ("reset-asked", "ok") in alice.told()
    assert refusal(lambda: house.accounts.redeem(link_in(server), password=NEW)) == "link"


def test_a_mailed_link_lives_two_hours(
    house: Household, alice: Somebody, mail: Callable[[str], Mail], server: MailServer
) -> None:
    mail(f"smtp://127.0.0.1:{server.port}").send_reset(alice.id)
    house.clock.forward(MAILED_LINK_LIFE)
    assert refusal(lambda: house.accounts.redeem(link_in(server), password=NEW)) == "link"


def test_strangers_who_ask_for_mail_do_not_end_the_link_somebody_was_handed(
    house: Household, alice: Somebody, mail: Callable[[str], Mail], server: MailServer
) -> None:
    handed = house.accounts.reset_link(alice.name)
    mail(f"smtp://127.0.0.1:{server.port}").send_reset(alice.id)
    assert house.accounts.linked(handed)
    house.accounts.redeem(handed, password=NEW)
    assert house.accounts.linked(link_in(server)) is None, "a used link ends the others"


def test_asking_is_the_same_for_everybody(
    house: Household, alice: Somebody, mail: Callable[[str], Mail], jobs: Jobs
) -> None:
    post, bob, charlie = mail("smtp://127.0.0.1:1"), house.join("Bob"), house.join("Charlie")
    shared = f"both.{bob.id}@mail.example"
    for each in (bob, charlie):
        house.credentials.set_email(each.id, email=shared.upper(), password=GOOD, session=each.session)
    for number, (asked, expected) in enumerate(
        [
            (alice.name, [alice.id]),
            (f"ALICE.{alice.id}@mail.example", [alice.id]),
            (shared, [bob.id, charlie.id]),
            (unique("nobody"), [0]),
            (house.join("Dan").name, [0]),
            ("Demo", [0]),
            ("", [0]),
            ("%", [0]),
            ("x\0y", [0]),
            ("x" * 5000, [0]),
        ]
    ):
        jobs.asked.clear()
        post.ask(asked, address=f"10.0.0.{number}")
        assert jobs.asked == expected, asked[:50]
    assert not post.send_reset(0)


def test_asking_takes_as_long_for_nobody(db: Database, alice: Somebody, house: Household) -> None:
    queue = Queue(db.url)
    post = Mail(
        db,
        url="smtp://127.0.0.1:1",
        sender="",
        address="",
        accounts=house.accounts,
        limits=house.limits,
        events=house.events,
        jobs=queue,
    )

    def took(person: str) -> float:
        house.clock.forward(timedelta(hours=2))
        began = time.perf_counter()
        post.ask(person, address="1.2.3.4")
        return time.perf_counter() - began

    took(alice.name)
    pairs = [(took(alice.name), took(unique("nobody"))) for _ in range(15)]
    known, nobody = (sorted(times)[7] for times in zip(*pairs, strict=True))
    assert known / 3 < nobody < known * 3
    queue.close()
    with psycopg.connect(db.url) as connection:
        rows = connection.execute("select args from procrastinate_jobs where queue_name = 'mail'").fetchall()
    assert {tuple(row[0]) for row in rows} == {("user_id",)}, json.dumps(rows)


def test_asking_is_limited_by_name_and_by_address(house: Household, mail: Callable[[str], Mail]) -> None:
    post, name = mail("smtp://127.0.0.1:1"), unique("Nobody")
    for number in range(3):
        post.ask(name if number else f"  {name.lower()} ", address=f"10.0.1.{number}")
    with pytest.raises(SlowDown):
        post.ask(name.upper(), address="10.0.1.9")
    for _ in range(10):
        post.ask(unique("somebody"), address="10.0.2.1")
    with pytest.raises(SlowDown):
        post.ask(unique("somebody"), address="10.0.2.1")
    house.clock.forward(timedelta(hours=1))
    post.ask(name, address="10.0.2.1")


def test_without_a_server_nothing_is_asked(mail: Callable[[str], Mail], alice: Somebody, jobs: Jobs) -> None:
    assert refusal(lambda: mail("").ask(alice.name, address="1.2.3.4")) == "no-mail"
    assert jobs.asked == []


def test_somebody_without_an_address_gets_no_mail(
    house: Household, mail: Callable[[str], Mail], server: MailServer
) -> None:
    post, bob = mail(f"smtp://127.0.0.1:{server.port}"), house.join("Bob")
    assert not post.send_reset(bob.id)
    house.credentials.set_email(bob.id, email="bob@mail.example", password=GOOD, session=bob.session)
    house.credentials.set_email(bob.id, email="", password=GOOD, session=bob.session)
    assert not post.send_reset(bob.id)
    house.accounts.delete(bob.id)
    assert not post.send_reset(bob.id)
    assert server.mails == []


@pytest.mark.parametrize(
    "email",
    ["x", "a@", "@b.example", "a b@c.example", "a@b\r\nBcc: d@e.example", "a@b.example,c@d.example", "<a@b.example>",
     "a" * 65 + "@b.example", "a@" + "b" * 260, "ä@b.example", "a@-b.example", "a@b..", '"a b"@c.example'],
)  # fmt: skip
def test_what_is_no_address_is_refused(house: Household, alice: Somebody, email: str) -> None:
    save = house.credentials.set_email
    assert refusal(lambda: save(alice.id, email=email, password=GOOD, session=alice.session)) == "email"
    assert house.accounts.own(alice.id).email == f"alice.{alice.id}@mail.example"


def test_an_address_is_changed_with_the_password(house: Household, alice: Somebody) -> None:
    save = house.credentials.set_email
    wrong = refusal(lambda: save(alice.id, email="thief@x.example", password="not hers", session=alice.session))
    assert wrong == "current"
    assert house.accounts.own(alice.id).email == f"alice.{alice.id}@mail.example"
    assert alice.told().count(("email-changed", "ok")) == 1


@pytest.mark.parametrize("tls", ["starttls", "at once"])
def test_over_tls_the_server_must_be_who_it_says(
    alice: Somebody, mail: Callable[[str], Mail], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tls: str
) -> None:
    certificate = own_certificate(tmp_path / "mail.pem")
    with mail_server(tls, certificate=certificate) as server:  # type: ignore[arg-type]
        scheme = "smtp" if tls == "starttls" else "smtps"
        post = mail(f"{scheme}://po%40st:p%3Ass@127.0.0.1:{server.port}")
        with pytest.raises(Unavailable):
            post.send_reset(alice.id)
        assert (server.mails, server.signed_in) == ([], [])
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert post.send_reset(alice.id)
        assert server.encrypted
        assert server.signed_in == [("po@st", "p:ss")]
        assert len(server.mails) == 1


def test_a_password_is_not_sent_in_the_clear_to_another_machine(
    alice: Somebody, mail: Callable[[str], Mail], server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing.MailServer, "near", property(lambda self: False))
    with pytest.raises(Unavailable):
        mail(f"smtp://user:word@127.0.0.1:{server.port}").send_reset(alice.id)
    assert (server.mails, server.signed_in) == ([], [])


def test_a_server_that_is_away_or_refuses_leaves_the_job_to_be_tried_again(
    alice: Somebody, mail: Callable[[str], Mail], server: MailServer
) -> None:
    with pytest.raises(Unavailable) as caught:
        mail("smtp://127.0.0.1:1").send_reset(alice.id)
    assert "link=" not in str(caught.value)
    server.refuses = True
    with pytest.raises(Unavailable):
        mail(f"smtp://127.0.0.1:{server.port}").send_reset(alice.id)
    assert ("reset-asked", "ok") not in alice.told()


@pytest.mark.parametrize(
    ("url", "host", "port", "secure", "near"),
    [
        ("smtp://mail.example", "mail.example", 587, False, False),
        ("smtps://mail.example", "mail.example", 465, True, False),
        ("smtp://localhost:25", "localhost", 25, False, True),
        ("smtp://[::1]:2525", "::1", 2525, False, True),
        ("smtp://127.0.0.1:25", "127.0.0.1", 25, False, True),
    ],
)
def test_servers_are_named_by_an_address(url: str, host: str, port: int, secure: bool, near: bool) -> None:
    found = parsed(url)
    assert (found.host, found.port, found.secure, found.near) == (host, port, secure, near)


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://x:999999", "smtp://x:port"])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(InvalidInput):
        parsed(url)


def test_who_mail_comes_from() -> None:
    assert sender_of("Post <a@b.example>", "https://music.example") == "Post <a@b.example>"
    assert sender_of("", "https://music.example:8443") == "playprint@music.example"
