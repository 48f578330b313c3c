"""The REST API beside the page."""
