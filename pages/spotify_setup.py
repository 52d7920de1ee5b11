"""Spotify set-up: the exact address to register, and what is wrong with the present settings."""

import streamlit as st

from ui import spotify_setup
from ui.identity import require_user

person = require_user()
st.title("Spotify set-up", anchor=False)
if person.staff:
    spotify_setup.address()
    spotify_setup.findings()
    spotify_setup.steps()
else:
    spotify_setup.not_yours()
