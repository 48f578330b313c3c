"""Components of the insights page."""
