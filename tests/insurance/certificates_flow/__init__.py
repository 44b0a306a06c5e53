"""Certificates from a file to a proof."""
