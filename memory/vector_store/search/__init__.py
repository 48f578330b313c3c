"""Hybrid search: sparse fields, dense vectors, fusion, boosts."""
