"""Definitions: how every figure is computed, the one asked for first."""

import streamlit as st

from ui import definitions, html

st.title("Definitions", anchor=False)
asked = st.query_params.get("of", "")
found = {name: text for _, parts in definitions.chapters() for name, text in parts}
if asked in found:
    with st.container(border=True):
        st.markdown(found[asked])
st.html(
    html.note(
        "A listen is one row of your history. Which listens are visible and which of them are plays is what your lens "
        "says: by default music that lasted 30 s. Time and skips are taken over all visible listens."
    )
)
for theme, parts in definitions.chapters():
    with st.expander(theme, expanded=any(name == asked for name, _ in parts)):
        st.markdown("\n\n".join(text for _, text in parts))
