"""The application of the tests of the websocket: the real routes and middleware around a small script."""

from pathlib import Path

import streamlit as st

from core.bootstrap import playprint
from ui.warming import warm
from web.routes import lifespan, middleware, routes

app = st.App(
    Path(__file__).parent / "probe_script.py",
    routes=routes(playprint),
    middleware=middleware(playprint),
    lifespan=lifespan(playprint, warm),
)
