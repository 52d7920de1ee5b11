"""An application of one empty page, with Playprint's Streamlit settings."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

from ui.warming import warm


@asynccontextmanager
async def _lifespan(app: object) -> AsyncIterator[dict[str, object] | None]:
    """Import and freeze what Playprint's web process does, so that both stand on the same ground."""
    warm()
    gc.collect()
    gc.freeze()
    yield None


app = st.App(Path(__file__).parent / "empty_script.py", lifespan=_lifespan)
