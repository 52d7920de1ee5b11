"""The ASGI application: Streamlit's pages, with Playprint's routes and middleware around them."""

from pathlib import Path

import streamlit as st

from core.bootstrap import playprint
from ui.warming import warm
from web.routes import lifespan, middleware, routes

app = st.App(
    Path(__file__).parent / "ui" / "shell.py",
    routes=routes(playprint),
    middleware=middleware(playprint),
    lifespan=lifespan(playprint, warm),
)
