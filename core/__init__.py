"""What a page, a route and a command share; knows neither Streamlit nor HTTP."""
