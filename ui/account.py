"""The account page: how one signs in, where one is signed in, what happened, and the way out."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.events import EVENTS
from core.domain.membership import Own
from core.domain.people import Session
from core.services.second_factor import CODES
from ui import account_forms as forms
from ui import formats, html, panels
from ui.context import app
from ui.states import refused

SHOWN = 200


def _error(place: str) -> str:
    """Return the code of what was wrong with the form of this place."""
    at = st.query_params.get("at", "")
    return st.query_params.get("error", "") if at == place else ""


def password(person: Session, own: Own) -> None:
    """Draw the password."""
    how = "It ends every other session" if own.has_password else "You sign in with Spotify; a password is a second way"
    st.html(panels.head("Password", how))
    st.html(forms.password_form(person, has_password=own.has_password, error=_error("password")))


def email(person: Session, own: Own) -> None:
    """Draw the address for reset links, where this instance can send mail."""
    if not app().settings.smtp_url.get_secret_value():
        return
    st.html(panels.head("Reset by e-mail"))
    st.html(forms.email_form(person, email=own.email or "", has_password=own.has_password, error=_error("email")))


def second_factor(person: Session, own: Own) -> None:
    """Draw the second factor: off, being set up, or on."""
    st.html(panels.head("Second factor", "Six digits from your phone, asked for after the password"))
    error = _error("second-factor")
    if own.second_factor:
        left = formats.plural(own.codes_left, "recovery code")
        st.html(html.note(f"It is on. {left} left of {CODES}; switch it off and on again for new ones."))
        st.html(forms.second_factor_off_form(person, has_password=own.has_password, error=error))
        return
    begun = st.query_params.get("at") == "second-factor"
    setup = app().second_factor.setup(person.user_id) if begun else None
    if setup:
        st.html(forms.second_factor_confirm_form(person, qr=setup.qr, secret=setup.secret, error=error))
        return
    st.html(html.note("It is off. A stolen password then opens this account by itself."))
    st.html(forms.second_factor_begin_form(person, has_password=own.has_password, error=error))


def sessions(person: Session, zone: ZoneInfo) -> None:
    """Draw where the person is signed in, each with a button that ends it."""
    st.html(panels.head("Where you are signed in"))
    columns = [
        html.Column("Browser", "name"),
        html.Column("Since", "when", phone=False),
        html.Column("Last used", "when"),
        html.Column("End", "text", spoken=True),
    ]
    rows = []
    for each in app().sessions.list(person.user_id):
        here = each.key == person.key
        end = html.plain("this one") if here else html.Cell(forms.end_session_form(person, key=each.key))
        label = html.Cell(f'<div class="pp-clip">{html.text(each.label or "A browser")}</div>')
        rows.append([label, _when(each.created_at, zone), _when(each.seen_at, zone), end])
    refused("sessions")
    st.html(html.Table("Sessions", columns, rows).html())
    if len(rows) > 1:
        st.html(forms.end_others_form(person))


def events(person: Session, zone: ZoneInfo) -> None:
    """Draw what happened to the account, newest first."""
    found = app().events.of(person.user_id, limit=SHOWN)
    st.html(panels.head("What happened to this account", "Kept for 180 days; places are shown as marks, not addresses"))
    columns = [
        html.Column("When", "when"),
        html.Column("What", "name"),
        html.Column("Result", "text"),
        html.Column("From", "text", phone=False, hint="The same mark on one day: the same neighbourhood"),
    ]
    rows = [
        [_when(e.at, zone), html.plain(EVENTS.get(e.event, e.event)), html.plain(e.result), html.plain(e.place[:6])]
        for e in found
    ]
    st.html(html.Table("Account events", columns, rows, low=True).html() if rows else html.note("Nothing yet."))


def way_out() -> None:
    """Draw the way to deleting the account."""
    st.html(panels.head("Delete the account"))
    st.html(html.note("Everything goes at once: listens, imports, settings.", action="See what goes", href="/leave"))


def own_account(person: Session) -> Own:
    """Return the person's own account."""
    return app().accounts.own(person.user_id)


def timezone_of(person: Session) -> ZoneInfo:
    """Return the timezone the person's moments are shown in."""
    return ZoneInfo(app().profiles.lens(person.user_id).timezone)


def _when(moment: datetime | None, zone: ZoneInfo) -> html.Cell:
    return html.plain(formats.moment(moment.astimezone(zone)) if moment else "–")
