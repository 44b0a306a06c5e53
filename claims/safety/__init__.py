"""Products that may be dangerous: cases with a clock to report, and recalls (rules §7)."""
