"""Watching the clocks."""
