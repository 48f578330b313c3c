"""Components of the studio page: prompts, personas, playground, re-extraction."""
