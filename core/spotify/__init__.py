"""Spotify's Web API and its sign-in: what is asked, what comes back, and what may be wrong with it."""
