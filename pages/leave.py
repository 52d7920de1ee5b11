"""Leave: what would be deleted, a proof that it is you, and a second confirmation."""

import streamlit as st

from ui import leaving
from ui.identity import require_user

person = require_user()
st.title("Delete your account", anchor=False)
leaving.draw(person)
