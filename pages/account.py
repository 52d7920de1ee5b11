"""Account: how one signs in, where one is signed in, what happened, and the way out."""

import streamlit as st

from ui import account
from ui.identity import require_user
from ui.states import panel, succeeded

person = require_user()
st.title("Account", anchor=False)
succeeded()
own, zone = account.own_account(person), account.timezone_of(person)
left, right = st.columns([0.42, 0.58], gap="large")
with left:
    for name, part in (("password", account.password), ("second", account.second_factor), ("email", account.email)):
        with panel(f"account-{name}"):
            part(person, own)
with right:
    with panel("account-sessions"):
        account.sessions(person, zone)
    with panel("account-events"):
        account.events(person, zone)
    account.way_out()
