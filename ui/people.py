"""The page of the people of an instance, for its owner and admins: who is here, invitations, help."""

import streamlit as st

from core.domain.errors import NotFound
from core.domain.people import Session
from core.services.people import Person
from ui import formats, html, panels
from ui.context import app
from ui.forms import button_form, field, hidden

ROLES = {"owner": "Owner", "admin": "Admin", "member": "Member"}


def everybody(actor: Session) -> None:
    """Draw who is here, each with what can be done for them."""
    found = app().people.list(actor.user_id)
    st.html(
        panels.head(
            "Who has an account",
            "No page shows anybody else's listening; what you do for somebody stands in their record",
        )
    )
    columns = [
        html.Column("Name", "name"),
        html.Column("Role", "text"),
        html.Column("Since", "when", phone=False),
        html.Column("Last seen", "when", phone=False),
        html.Column("Signs in with", "text", phone=False),
    ]
    rows = [
        [
            html.Cell(f'<div class="pp-clip">{html.text(p.name)}</div>'),
            html.plain(ROLES.get(p.role, p.role)),
            html.plain(formats.day(p.created_at.date())),
            html.plain(formats.day(p.seen_at.date()) if p.seen_at else "–"),
            html.plain(_ways(p)),
        ]
        for p in found
    ]
    st.html(html.Table("People", columns, rows).html())
    others = [p for p in found if p.id != actor.user_id]
    if others:
        _help(actor, others)


def _ways(person: Person) -> str:
    if not person.has_password:
        return "has not chosen a password"
    return "password and second factor" if person.second_factor else "password"


def _help(actor: Session, others: list[Person]) -> None:
    """Draw what can be done for one person: chosen first, so that no wrong row is clicked."""
    by_id = {p.id: p for p in others}
    chosen = st.selectbox(
        "Help somebody",
        list(by_id),
        index=None,
        format_func=lambda key: by_id[key].name,
        placeholder="Choose",
        width=320,
    )
    if chosen is None:
        return
    who = {"person": str(chosen)}
    person = by_id[chosen]
    buttons = [
        button_form("/people/reset-link", actor, "Make a link for a new password", quiet=True, **who),
        button_form("/people/sessions/end-all", actor, "Sign them out everywhere", quiet=True, **who),
    ]
    if person.second_factor:
        buttons.append(
            button_form("/people/second-factor/off", actor, "Switch their second factor off", quiet=True, **who)
        )
    st.html(f'<div class="pp-form pp-row">{"".join(buttons)}</div>')
    if actor.role == "owner":
        st.html(_role_form(actor, person))
    st.html(_delete_form(actor, person))


def _role_form(actor: Session, person: Person) -> str:
    options = "".join(
        f'<option value="{role}"{" selected" if role == person.role else ""}>{label}</option>'
        for role, label in ROLES.items()
    )
    return (
        f'<form class="pp-form" method="post" action="/people/role">{hidden("csrf", actor.csrf)}'
        f"{hidden('person', str(person.id))}"
        f'<label class="pp-field"><span>Role</span><select name="new_role">{options}</select></label>'
        '<button class="pp-button pp-quiet" type="submit">Change role</button></form>'
    )


def _delete_form(actor: Session, person: Person) -> str:
    typed = field("typed", f"Type {person.name} to delete them with everything of theirs", autocomplete="off")
    return (
        '<details class="pp-more"><summary>Delete this person</summary>'
        f'<form class="pp-form" method="post" action="/people/delete">{hidden("csrf", actor.csrf)}'
        f"{hidden('person', str(person.id))}{typed}"
        '<button class="pp-button" type="submit">Delete for ever</button></form></details>'
    )


def invitations(actor: Session) -> None:
    """Draw the open invitations, and the button that makes one."""
    mode = app().settings.registration
    st.html(panels.head("Invitations", _MODES[mode]))
    if mode == "closed":
        return
    found = app().invitations.list(actor.user_id)
    if found:
        columns = [
            html.Column("For a new", "text"),
            html.Column("From", "name"),
            html.Column("Good until", "when"),
            html.Column("Take back", "text", spoken=True),
        ]
        rows = [
            [
                html.plain(ROLES.get(i.role, i.role).lower()),
                html.plain(i.invited_by),
                html.plain(formats.day(i.expires_at.date())),
                html.Cell(
                    '<div class="pp-inline">'
                    f"{button_form('/people/invitations/revoke', actor, 'Take back', quiet=True, key=i.key)}</div>"
                ),
            ]
            for i in found
        ]
        st.html(html.Table("Open invitations", columns, rows).html())
    buttons = button_form("/people/invite", actor, "Invite a member", new_role="member")
    if actor.role == "owner":
        buttons += button_form("/people/invite", actor, "Invite an admin", quiet=True, new_role="admin")
    st.html(f'<div class="pp-form pp-row">{buttons}</div>')


_MODES = {
    "closed": "Registration is closed (PLAYPRINT_REGISTRATION); playprint user add makes accounts",
    "invitation": "A link works once, for seven days",
    "open": "Anybody can make an account at /register; a link gives another role or a start",
}


def require_staff(person: Session) -> None:
    """Raise ``NotFound`` for somebody who is neither owner nor admin: to them this page does not exist."""
    if not person.staff:
        raise NotFound("There is nothing here.")
