"""What Streamlit runs in the tests of the websocket: says who it thinks is looking, and what it remembers."""

import streamlit as st

from ui.identity import require_user, session

person = session()
st.session_state.setdefault("memory", person.name if person else "a visitor's")
st.text(f"looking={person.name if person else 'visitor'};")
st.text(f"memory={st.session_state['memory']};")
if "private" in st.query_params:
    st.text(f"private={require_user().name};")
