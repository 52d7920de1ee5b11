"""Make an account: behind an invitation, or for everybody where registration is open."""

import streamlit as st

from ui import joining
from ui.identity import session
from ui.states import nothing_here

st.title("Make your account", anchor=False)
if session():
    nothing_here("You are signed in.", action="To your overview", href="/")
else:
    joining.draw(st.query_params.get("invitation", ""), error=st.query_params.get("error", ""))
