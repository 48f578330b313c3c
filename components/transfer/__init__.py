"""Components of the import."""
