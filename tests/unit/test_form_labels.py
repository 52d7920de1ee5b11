"""Names inside forms stay names: what somebody calls themselves is no part of the form that deletes them."""

from datetime import UTC, datetime

from core.domain.membership import Person
from core.domain.people import Session
from ui.account_forms import leave_form
from ui.forms import button_form, field
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
