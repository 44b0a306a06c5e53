"""Watching the clocks: heartbeats, how late we are, and what the numbers say."""
