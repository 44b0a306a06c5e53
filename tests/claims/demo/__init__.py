"""The demo: what it must show, and what it must never do."""
