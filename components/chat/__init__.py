"""The pieces of the chat page."""
