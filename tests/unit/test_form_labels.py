"""Names inside forms stay names: what somebody calls themselves is no part of the form that deletes them."""

from datetime import UTC, datetime

from core.domain.membership import Person
from core.domain.people import Session
from ui.account_forms import email_form, leave_form
from ui.forms import button_form, field, forgot_form
from ui.people import _delete_form

NOW = datetime(2026, 3, 1, tzinfo=UTC)
NASTY = "<input name=person value=1>"
ESCAPED = "&lt;input name=person value=1&gt;"


def test_a_name_adds_no_field_to_the_form_that_deletes_its_person() -> None:
    actor = Session(1, "Alice", "owner", "csrf", NOW, "key")
    person = Person(7, NASTY, "member", NOW, None, True, False)
    made = _delete_form(actor, person)
    assert ESCAPED in made
    assert NASTY not in made


def test_labels_of_fields_and_buttons_are_texts() -> None:
    person = Session(7, NASTY, "member", "csrf", NOW, "key")
    assert NASTY not in leave_form(person, by_name=True, second_factor=False)
    assert "<b>" not in field("name", "<b>", autocomplete="off") + button_form("/a", person, "<b>")


def test_the_longest_mail_address_fits_where_one_is_asked_for() -> None:
    person = Session(7, "Alice", "member", "csrf", NOW, "key")
    for made in (forgot_form("csrf"), email_form(person, email="", has_password=False)):
        assert made.count('maxlength="254"') == 1
        assert made.count("maxlength") == 1
    assert 'maxlength="40"' in field("person", "Name", autocomplete="username")
    assert "maxlength" not in field("password", "Password", kind="password", autocomplete="current-password")
