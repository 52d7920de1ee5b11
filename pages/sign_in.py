"""Sign in with a name and a password, or with Spotify."""

import streamlit as st

from ui.context import app
from ui.forms import sign_in_form
from ui.identity import session, visitor_secret
from ui.spotify_forms import sign_in_with_spotify_form
from ui.states import nothing_here

st.title("Sign in", anchor=False)
if session():
    nothing_here("You are signed in.", action="To your overview", href="/")
elif not app().accounts.owned() and app().settings.registration != "open":
    nothing_here("This Playprint has no owner yet. Open the link printed where it was started to make your account.")
else:
    after, error = st.query_params.get("next", "/"), st.query_params.get("error", "")
    st.html(sign_in_form(visitor_secret(), after=after, error=error))
    if app().settings.spotify_client_id:
        st.html(sign_in_with_spotify_form(visitor_secret(), after=after))
    nothing_here("Forgotten your password?", action="Choose a new one", href="/forgot")
    if app().settings.registration == "open":
        nothing_here("No account yet?", action="Make one", href="/register")
    else:
        nothing_here("No account yet? The owner of this Playprint can send you a link.")
