"""Save to Spotify: a list of songs as a new private playlist."""

import streamlit as st

from ui import playlist_saving
from ui.identity import require_user

person = require_user()
st.title("Save to Spotify", anchor=False)
playlist_saving.page(person, dict(st.query_params))
