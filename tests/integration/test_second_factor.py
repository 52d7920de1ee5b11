"""The second factor: codes taken once and in time, recovery codes, the way between password and code."""

import base64
from datetime import timedelta

import pytest
from doubles import Memory
from household import GOOD, STEP, App, Household, Somebody, refusal
from sqlalchemy import select, text

from core.domain.errors import NotFound, Unavailable
from core.repositories import schema
from core.repositories.database import Database
from core.services.entering import PENDING_LIFE
from core.services.second_factor import CODES, SETUP_LIFE, SecondFactor
from core.services.throttle import FREE_TRIES
from core.services.vault import Sealed


@pytest.fixture
def house(db: Database) -> Household:
    return Household(db, Memory())


@pytest.fixture
def alice(house: Household) -> Somebody:
    return house.join()


@pytest.fixture
def app(alice: Somebody) -> App:
    """Return Alice's authenticator; her factor is on."""
    return alice.switch_on()


def pending(house: Household, alice: Somebody, *, stay: bool = False) -> str:
    """Return what the right password opens while a factor is on."""
    entered = house.accounts.sign_in(alice.name, GOOD, stay)
    assert entered.pending
    assert entered.known == ""
    assert house.accounts.session(entered.token) is None
    return entered.token


def test_a_set_up_shows_the_secret_and_a_picture_of_it(house: Household, alice: Somebody) -> None:
    assert house.second_factor.setup(alice.id) is None
    house.credentials.begin_second_factor(alice.id, password=GOOD, session=alice.session)
    setup = house.second_factor.setup(alice.id)
    assert setup is not None
    assert len(setup.secret) == 32
    assert setup.uri.startswith("otpauth://totp/Playprint:")
    assert f"secret={setup.secret}" in setup.uri
    assert "issuer=Playprint" in setup.uri
    assert base64.b64decode(setup.qr.removeprefix("data:image/png;base64,")).startswith(b"\x89PNG")
    assert not house.accounts.own(alice.id).second_factor
    assert not house.accounts.sign_in(alice.name, GOOD).pending


def test_it_is_on_once_a_code_was_given(house: Household, alice: Somebody) -> None:
    app = alice.switch_on()
    own = house.accounts.own(alice.id)
    assert (own.second_factor, own.codes_left) == (True, CODES)
    assert len(set(app.recovery)) == CODES
    assert house.second_factor.setup(alice.id) is None
    assert refusal(lambda: house.second_factor.begin(alice.id)) == "second-on"
    assert ("second-factor-on", "ok") in alice.told()


def test_a_set_up_needs_the_password_a_right_code_and_a_quarter_of_an_hour(house: Household, alice: Somebody) -> None:
    begin = house.credentials.begin_second_factor
    assert refusal(lambda: begin(alice.id, password="not mine at all", session=alice.session)) == "current"
    assert refusal(lambda: house.second_factor.confirm(alice.id, code="123456")) == "setup"
    begin(alice.id, password=GOOD, session=alice.session)
    setup = house.second_factor.setup(alice.id)
    assert setup
    app = App(setup.secret, house.clock)
    assert refusal(lambda: house.second_factor.confirm(alice.id, code=app.code(steps=5))) == "code"
    house.clock.forward(SETUP_LIFE)
    assert house.second_factor.setup(alice.id) is None
    assert refusal(lambda: house.second_factor.confirm(alice.id, code=app.code())) == "setup"


def test_a_code_lets_in_and_keeps_what_was_chosen(house: Household, alice: Somebody, app: App) -> None:
    for stay in (False, True):
        entered = house.accounts.confirm(pending(house, alice, stay=stay), app.code())
        session = house.accounts.session(entered.token)
        assert session is not None
        assert (session.user_id, session.stay, entered.stay, entered.pending) == (alice.id, stay, stay, False)
        house.clock.forward(STEP)
    assert alice.told()[-1] == ("signed-in", "ok")


@pytest.mark.parametrize("written", ["{}", " {} ", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}"])
def test_codes_may_be_typed_with_blanks(house: Household, alice: Somebody, app: App, written: str) -> None:
    assert house.accounts.session(house.accounts.confirm(pending(house, alice), written.format(app.code())).token)


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_good_half_a_minute_around(
    house: Household, alice: Somebody, app: App, steps: int, fits: bool
) -> None:
    house.clock.forward(3 * STEP)
    token, code = pending(house, alice), app.code(steps=steps)
    if fits:
        assert house.accounts.confirm(token, code).token
    else:
        assert refusal(lambda: house.accounts.confirm(token, code)) == "code"


def test_a_code_is_taken_once(house: Household, alice: Somebody, app: App) -> None:
    code = app.code()
    house.accounts.confirm(pending(house, alice), code)
    assert refusal(lambda: house.accounts.confirm(pending(house, alice), code)) == "code"
    before = app.code(steps=-1)
    assert refusal(lambda: house.accounts.confirm(pending(house, alice), before)) == "code"
    assert house.accounts.confirm(pending(house, alice), app.code(steps=1)).token


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "000000\n000000", "x" * 5000, "\0"])
def test_what_is_no_code_does_not_fit(house: Household, alice: Somebody, app: App, code: str) -> None:
    assert refusal(lambda: house.accounts.confirm(pending(house, alice), code)) == "code"


def test_a_recovery_code_works_once_however_it_is_typed(house: Household, alice: Somebody, app: App) -> None:
    first, second = app.recovery[:2]
    assert house.accounts.confirm(pending(house, alice), first).token
    assert house.accounts.own(alice.id).codes_left == CODES - 1
    assert refusal(lambda: house.accounts.confirm(pending(house, alice), first)) == "code"
    assert house.accounts.confirm(pending(house, alice), f" {second.upper().replace('-', ' ')}").token
    assert ("recovery-code-used", "ok") in alice.told()
    charlie = house.join("Charlie")
    theirs = charlie.switch_on()
    assert refusal(lambda: house.accounts.confirm(pending(house, alice), theirs.recovery[0])) == "code"


def test_a_pending_token_dies_of_use_of_age_and_of_a_new_password(house: Household, alice: Somebody, app: App) -> None:
    used, old, other = (pending(house, alice) for _ in range(3))
    house.accounts.confirm(used, app.code())
    house.clock.forward(STEP)
    for token in (used, old, other):  # the others, too: whoever holds one needs a password newer than the last code
        assert refusal(lambda token=token: house.accounts.confirm(token, app.code())) == "second-over"
    late = pending(house, alice)
    house.clock.forward(PENDING_LIFE)
    assert refusal(lambda: house.accounts.confirm(late, app.code())) == "second-over"
    before = pending(house, alice)
    words = {"current": GOOD, "new": "another four words here"}
    house.credentials.change_password(alice.id, **words, session=alice.session)
    assert refusal(lambda: house.accounts.confirm(before, app.code())) == "second-over"


def test_a_recovery_code_ends_pending_tokens_too(house: Household, alice: Somebody, app: App) -> None:
    one, two = pending(house, alice), pending(house, alice)
    house.accounts.confirm(one, app.recovery[0])
    assert refusal(lambda: house.accounts.confirm(two, app.recovery[1])) == "second-over"


def test_forged_and_foreign_pending_tokens(house: Household, alice: Somebody, app: App) -> None:
    charlie = house.join("Charlie")
    charlie.switch_on()
    token = pending(house, alice)
    texts, ends, mac = token.rsplit(".", 2)
    theirs = pending(house, charlie)
    for each in (
        "",
        "x",
        mac,
        f"{texts}.{ends}.{'A' * 43}",
        f"{texts}.{int(ends) + 60}.{mac}",
        f"{texts.replace('brief', 'stay')}.{ends}.{mac}",
        f"{texts.replace(str(alice.id), str(charlie.id), 1)}.{ends}.{mac}",
        f"{texts}.{ends}.{theirs.rsplit('.', 1)[1]}",
        f"{2**40}~brief~password.{ends}.{mac}",
        f"{token}\n",
        alice.token,
    ):
        assert refusal(lambda each=each: house.accounts.confirm(each, app.code())) == "second-over", each
    assert refusal(lambda: house.accounts.confirm(theirs, app.code())) == "code"
    other_instance = Household(house.db, Memory(), house.clock, secret=b"another")
    assert refusal(lambda: other_instance.accounts.confirm(token, app.code())) == "second-over"
    assert house.accounts.confirm(token, app.code()).token


def test_guessing_codes_is_slowed_and_never_locks(house: Household, alice: Somebody, app: App) -> None:
    token = pending(house, alice)
    for _ in range(FREE_TRIES):
        assert refusal(lambda: house.accounts.confirm(token, "000000", address="1.2.3.4")) == "code"
    assert refusal(lambda: house.accounts.confirm(token, app.code(), address="1.2.3.4")) == "wait"
    assert house.accounts.confirm(token, app.code(), address="5.6.7.8").token
    house.clock.forward(timedelta(seconds=15))
    assert house.accounts.confirm(pending(house, alice), app.code(steps=1), address="1.2.3.4").token
    assert alice.told().count(("second-factor", "failed")) == FREE_TRIES


def test_guessing_codes_from_everywhere_is_slowed(house: Household, alice: Somebody, app: App) -> None:
    token, refused = pending(house, alice), []
    for number in range(31):
        refused.append(refusal(lambda n=number: house.accounts.confirm(token, "000000", address=f"10.0.0.{n}")))
    assert refused == ["code"] * 30 + ["wait"]
    house.clock.forward(timedelta(seconds=15))
    assert house.accounts.confirm(token, app.code(), address="10.9.9.9").token


def test_a_day_of_guessing_from_everywhere_is_no_more_than_some_tries(
    house: Household, alice: Somebody, app: App
) -> None:
    counted = 0
    for number in range(24 * 12):
        house.clock.forward(timedelta(minutes=5))
        address = f"10.0.{number // 250}.{number % 250}"
        guess = refusal(lambda at=address: house.second_factor.take(alice.id, code="0000000", address=at))
        counted += guess == "code"
    assert counted <= 140


def test_a_reset_link_still_asks_for_the_code(house: Household, alice: Somebody, app: App) -> None:
    entered = house.accounts.redeem(house.accounts.reset_link(alice.name), password="another four words here")
    assert entered.pending
    assert house.accounts.session(alice.token) is None
    assert house.accounts.session(house.accounts.confirm(entered.token, app.code()).token)


def test_coming_from_spotify_asks_for_the_code(house: Household, alice: Somebody, app: App) -> None:
    entered = house.accounts.enter(alice.id, stay=False, via="spotify")
    assert entered.pending
    assert house.accounts.session(house.accounts.confirm(entered.token, app.code()).token)
    assert alice.told()[-1] == ("signed-in-by-spotify", "ok")


def test_switching_off_needs_password_and_code(house: Household, alice: Somebody, app: App) -> None:
    def off(password: str, code: str) -> None:
        house.credentials.end_second_factor(alice.id, password=password, code=code, session=alice.session)

    assert refusal(lambda: off("not mine at all", app.code())) == "current"
    assert refusal(lambda: off(GOOD, "000000")) == "code"
    assert house.accounts.own(alice.id).second_factor
    off(GOOD, app.code())
    assert not house.accounts.own(alice.id).second_factor
    assert not house.accounts.sign_in(alice.name, GOOD).pending
    assert alice.told()[-2] == ("second-factor-off", "ok")
    with house.db.begin() as connection:
        kept = connection.execute(
            select(schema.users.c.totp_secret, schema.users.c.totp_since).where(schema.users.c.id == alice.id)
        ).one()
        codes = select(schema.recovery_codes).where(schema.recovery_codes.c.user_id == alice.id)
        assert tuple(kept) == (None, None)
        assert connection.execute(codes).all() == []


def test_an_old_code_does_not_come_back_with_a_new_factor(house: Household, alice: Somebody, app: App) -> None:
    token = pending(house, alice)
    house.second_factor.off(alice.id)
    assert refusal(lambda: house.accounts.confirm(token, app.code())) == "second-over"
    house.clock.forward(STEP)
    again = alice.switch_on()
    assert again.secret != app.secret
    assert refusal(lambda: house.accounts.confirm(pending(house, alice), app.code())) == "code"
    assert refusal(lambda: house.accounts.confirm(pending(house, alice), app.recovery[0])) == "code"


def test_secrets_and_codes_lie_nowhere_in_the_open(house: Household, alice: Somebody, app: App) -> None:
    with house.db.begin() as connection:
        stored = str(connection.execute(text("select u::text, r::text from users u, recovery_codes r")).all())
        sealed = connection.execute(
            select(schema.users.c.totp_secret).where(schema.users.c.id == alice.id)
        ).scalar_one()
    assert app.secret not in stored
    assert app.secret.encode() not in sealed
    assert not any(code in stored or code.replace("-", "") in stored for code in app.recovery)


def test_a_secret_moved_to_another_person_does_not_open(house: Household, alice: Somebody, app: App) -> None:
    charlie = house.join("Charlie")
    charlie.switch_on()
    users = schema.users.c
    with house.db.begin() as connection:
        sealed = connection.execute(select(users.totp_secret).where(users.id == alice.id)).scalar_one()
        connection.execute(schema.users.update().where(users.id == charlie.id).values(totp_secret=sealed))
    with pytest.raises(Sealed):
        house.accounts.confirm(pending(house, charlie), app.code())


def test_without_a_key_nobody_with_a_factor_gets_in(house: Household, alice: Somebody, app: App) -> None:
    bare = SecondFactor(house.db, Memory(), vault=None, now=house.clock)
    with pytest.raises(Unavailable):
        bare.take(alice.id, code=app.code())


def test_charlie_switches_nothing_of_alices(house: Household, alice: Somebody, app: App) -> None:
    charlie = house.join("Charlie")
    with pytest.raises(NotFound):
        house.credentials.end_second_factor(alice.id, password=GOOD, code=app.code(), session=charlie.session)
    with pytest.raises(NotFound):
        house.credentials.begin_second_factor(alice.id, password=GOOD, session=charlie.session)
    assert house.accounts.own(alice.id).second_factor
