"""Chart sources: chart files put in by hand, the folder for them, and how each source outside is."""

import streamlit as st

from ui import chart_files, panels
from ui.context import app
from ui.identity import require_user
from ui.states import nothing_here, panel

person = require_user()
st.title("Chart sources", anchor=False)
if not person.staff:
    nothing_here("Whoever runs this Playprint looks after its chart sources.", action="See the charts", href="/trends")
    st.stop()
files = app().chart_files
left, right = st.columns([0.58, 0.42], gap="large")
with left:
    error, done = st.query_params.get("error", ""), st.query_params.get("done", "")
    st.html(chart_files.upload_form(person, error=error, done=done))
right.html(chart_files.advice(str(files.folder)))
with panel("chart-files"):
    st.html(panels.head("Files so far"))
    st.html(chart_files.file_table(files.files(chart_files.MOST_SHOWN), files.counts()))
with panel("chart-health"):
    st.html(panels.head("Sources"))
    st.html(chart_files.health_table(app().trends.health()))
