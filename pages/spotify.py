"""Spotify: connect, see what the sync does and what it keeps, disconnect."""

import streamlit as st

from ui import spotify, spotify_shelves
from ui.context import app
from ui.identity import require_user
from ui.states import panel, succeeded

person = require_user()
st.title("Spotify", anchor=False)
state = app().syncing.state(person.user_id)
succeeded()
if state.connection is None:
    spotify.unconnected(person)
else:
    with panel("spotify-state"):
        spotify.overview(person, state)
    left, right = st.columns([0.56, 0.44], gap="large")
    with left, panel("spotify-parts"):
        spotify.parts(person, state)
    with right, panel("spotify-app"):
        spotify.calls_and_app()
    with panel("spotify-shelves"):
        spotify_shelves.shelves(person, state)
    spotify.ways_out(person, state)
