"""End this session, or all of them."""

import streamlit as st

from ui.forms import sign_out_form
from ui.identity import require_user

st.title("Sign out", anchor=False)
st.html(sign_out_form(require_user(), error=st.query_params.get("error", "")))
