"""Rules: what should not count, and what was deleted."""

import streamlit as st

from ui import rules
from ui.arranging import part_of

st.title("Rules", anchor=False)
scene = rules.scene()
rules.draw(scene, part_of(rules.PARTS))
