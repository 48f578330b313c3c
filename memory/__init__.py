"""The domain of Niannian: everything except the screen. Never imports streamlit."""
