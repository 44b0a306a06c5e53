"""Management commands of the sellers app."""
