"""Measurements that print a table. Not part of the timed tests; run with `make bench`."""
