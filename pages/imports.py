"""Imports: upload the zip, watch it being read, read the sheet, undo."""

import streamlit as st

from ui import imports
from ui.identity import require_user

person = require_user()
st.title("Imports", anchor=False)
imports.upload(person)
imports.running(person.user_id)
imports.records(person.user_id)
