"""Tables of the insurance trade, read from files."""
