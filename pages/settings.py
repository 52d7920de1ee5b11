"""Settings: name, timezone, what counts as a play, the way to the rules, the community charts, training."""

import streamlit as st

from ui import community, settings, training
from ui.identity import require_user
from ui.states import succeeded

person = require_user()
st.title("Settings", anchor=False)
succeeded()
left, right = st.columns([0.55, 0.45], gap="large")
with left:
    settings.lens(person)
with right:
    settings.profile(person)
    settings.rules(person)
    community.switch(person)
    training.switch(person)
