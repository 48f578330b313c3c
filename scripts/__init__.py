"""Small commands around the app; the Makefile calls them."""
