"""Bringing memories and conversations in, on the screen."""
