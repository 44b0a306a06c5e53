"""Names against sanctions lists, and signals that make somebody look at a claim (rules §3, §7)."""
