"""Components of the recall debugger."""
