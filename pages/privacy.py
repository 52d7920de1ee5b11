"""Privacy: what is kept, for how long, and who answers for it. Open to everybody."""

import streamlit as st

from ui import privacy

st.title("Privacy", anchor=False)
privacy.kept()
privacy.rights()
privacy.spotify_terms()
