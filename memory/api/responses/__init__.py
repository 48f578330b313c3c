"""Response models: what programs get, a file for each noun."""
