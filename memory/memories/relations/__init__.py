"""Relations between memories: which say the same, which replace which."""
