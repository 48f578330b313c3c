"""The pieces of the studio page: prompts, personas, playground, a session anew."""
