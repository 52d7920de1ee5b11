"""Behind a one-time link: choose a password (the first person chooses a name, too)."""

import streamlit as st

from ui.context import app
from ui.forms import error_line, redeem_form
from ui.identity import visitor_secret

link, error = st.query_params.get("link", ""), st.query_params.get("error", "")
person = app().accounts.linked(link)
st.title("Welcome to Playprint" if person else "This link is over", anchor=False)
if person:
    zone = st.context.timezone if isinstance(st.context.timezone, str) else ""
    st.html(redeem_form(visitor_secret(), link=link, user=person, timezone=zone, error=error))
else:
    st.html(error_line("link"))
