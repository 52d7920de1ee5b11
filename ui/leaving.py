"""Deleting the account in two steps: what goes and a proof, then the last question."""

import streamlit as st

from core.domain.people import Session
from ui import account_forms as forms
from ui import formats, html
from ui.context import app
from ui.states import nothing_here


def draw(person: Session) -> None:
    """Draw the step the person is at."""
    plan = app().leaving.plan(person.user_id)
    if plan.last_owner:
        nothing_here(
            "You are the only owner, and others have accounts here: make one of them owner first.",
            action="To the people",
            href="/people",
        )
        return
    st.html(html.note("This takes away, at once and for ever:"))
    gone = {what: count for what, count in plan.counts.items() if count}
    items = "".join(f"<li>{html.text(what.capitalize())}: {formats.number(count)}</li>" for what, count in gone.items())
    rest = "<li>Your name, your settings and everything computed from your listens</li>"
    st.html(f'<div class="pp-help"><ul>{items}{rest}</ul></div>')
    token = st.query_params.get("confirm", "")
    if token:
        st.html(html.note("This is the last question. There is no way back."))
        st.html(forms.leave_confirm_form(person, token=token))
        nothing_here("Changed your mind?", action="Keep the account", href="/account")
        return
    nothing_here("Take your history with you first?", action="Download it from History", href="/history")
    own = app().accounts.own(person.user_id)
    error = st.query_params.get("error", "")
    st.html(forms.leave_form(person, by_name=plan.by_name, second_factor=own.second_factor, error=error))
