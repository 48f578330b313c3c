"""mem0's side of the store: its payload bridge, its history, its own points."""
