"""Pure functions over frames: no clock, no database, no Streamlit."""
