"""The pieces of the insights page."""
