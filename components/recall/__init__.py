"""The pieces of the recall debugger."""
