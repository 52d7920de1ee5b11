"""Settings: name, timezone, what counts as a play, the way to the rules."""

import streamlit as st

from ui import settings
from ui.identity import require_user

person = require_user()
st.title("Settings", anchor=False)
left, right = st.columns([0.55, 0.45], gap="large")
with left:
    settings.lens(person)
with right:
    settings.profile(person)
    settings.rules(person)
