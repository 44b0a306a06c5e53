"""Payments by bank file, against the schemas of ISO 20022."""
