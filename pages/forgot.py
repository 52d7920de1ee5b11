"""A forgotten password: a reset link by mail, or from the owner."""

import streamlit as st

from core.domain.people import DONE
from ui.context import app
from ui.forms import forgot_form
from ui.identity import visitor_secret
from ui.states import nothing_here

st.title("Forgotten password", anchor=False)
done = st.query_params.get("done", "")
if done in DONE:
    nothing_here(DONE[done], action="To sign-in", href="/sign-in")
elif app().settings.smtp_url.get_secret_value():
    st.html(forgot_form(visitor_secret(), error=st.query_params.get("error", "")))
else:
    nothing_here("This Playprint sends no mail: ask its owner for a link with which you choose a new password.")
