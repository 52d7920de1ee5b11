"""Frame to Vega-Lite specification, one function a picture; no Streamlit."""
