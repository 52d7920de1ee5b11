"""Imports: upload the zip, watch it being read, read the sheet, undo."""

import streamlit as st

from ui import imports
from ui.context import app
from ui.identity import require_user

person = require_user()
st.title("Imports", anchor=False)
known = app().importing.records(person.user_id)
imports.upload(person, known)
imports.running(known)
imports.records(person.user_id, known)
