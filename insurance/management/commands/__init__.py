"""Commands of insurance."""
