"""The second factor: the code that follows the password."""

import streamlit as st

from ui.forms import second_factor_form
from ui.identity import session, visitor_secret
from ui.states import nothing_here

st.title("Second factor", anchor=False)
if session():
    nothing_here("You are signed in.", action="To your overview", href="/")
else:
    after, error = st.query_params.get("next", "/"), st.query_params.get("error", "")
    st.html(second_factor_form(visitor_secret(), after=after, error=error))
    nothing_here("Lost the app and the codes? The owner of this Playprint can switch the second factor off for you.")
