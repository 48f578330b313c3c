"""The pieces of the page that shows what changed."""
