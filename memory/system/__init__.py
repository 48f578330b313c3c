"""Operating system: files, processes, keyring, imports."""
