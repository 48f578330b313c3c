"""Extraction: from a batch of turns to decided changes."""
