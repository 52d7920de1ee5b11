"""People: who has an account here, invitations, and help for those locked out. For the owner and admins."""

import streamlit as st

from ui import people
from ui.identity import require_user
from ui.states import panel, refused, succeeded

person = require_user()
st.title("People", anchor=False)
with panel("people"):
    people.require_staff(person)
    succeeded()
    refused()
    refused("invitations")
    people.everybody(person)
    people.invitations(person)
