"""Every operation: its whole outcome, and its refusals."""
