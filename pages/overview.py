"""Overview: this range in six figures, along time, by hour, and what was heard most."""

import streamlit as st

from core.analytics.library import By
from ui import overview, panels, spotify
from ui.controls import brush_chip, personal_page

scene = personal_page("Overview")
if not scene.viewer.demo:
    spotify.reminder(scene.viewer.user_id)
brush_chip(scene, "overview")
overview.figures(scene)
left, right = st.columns([0.64, 0.36], gap="large")
with left:
    overview.timeline(scene, "overview")
with right:
    panels.picture(scene, "when", "overview")
kinds: tuple[By, ...] = ("artist", "track", "album")
for column, kind in zip(st.columns(3, gap="large"), kinds, strict=True):
    with column:
        overview.top_five(scene, kind)
left, right = st.columns([0.36, 0.64], gap="large")
with left:
    overview.discoveries(scene)
with right:
    overview.latest(scene)
