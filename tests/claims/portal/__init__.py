"""The sellers' portal."""
