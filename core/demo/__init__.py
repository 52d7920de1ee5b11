"""The demo profile: an invented life, listening to real music, written as an export like Spotify's."""

# Raise it whenever the same catalogue would give other listens: instances then import their demo anew.
VERSION = 3
SEED = 20181103
