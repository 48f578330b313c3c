"""Natural language: languages, words, dates, similarity, rephrasing."""
