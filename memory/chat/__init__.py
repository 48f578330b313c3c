"""Chat: the companion, its context and prompt, greeting, personas and safety."""
