"""Components of the changes page."""
