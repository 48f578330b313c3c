"""From a batch of turns to decided changes."""
