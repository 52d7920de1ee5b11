"""Overview: this range in six figures, along time, by hour, and what was heard most."""

import streamlit as st

from core.analytics.library import By
from ui import overview, panels, spotify
from ui.chips import chips
from ui.controls import personal_page

scene = personal_page("Overview")
if not scene.viewer.demo:
    spotify.reminder(scene.viewer.user_id)
chips(scene, "overview")
overview.figures(scene)
left, right = st.columns([0.64, 0.36], gap="large")
with left:
    panels.show(scene, "timeline", "overview")
with right:
    panels.show(scene, "when", "overview")
kinds: tuple[By, ...] = ("artist", "track", "album")
for column, kind in zip(st.columns(3, gap="large"), kinds, strict=True):
    with column:
        overview.top_five(scene, kind)
left, right = st.columns([0.36, 0.64], gap="large")
with left:
    overview.discoveries(scene)
with right:
    overview.latest(scene)
