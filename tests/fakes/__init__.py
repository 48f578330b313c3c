"""Doubles that implement the real interface, queue replies and record calls."""
