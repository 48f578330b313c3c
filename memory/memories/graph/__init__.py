"""Knowledge graph: people, pets, places and organisations in somebody's life."""
