"""Insurance in the portal."""
