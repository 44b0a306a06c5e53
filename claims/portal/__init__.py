"""The sellers' face: what a seller's people see of their claims, and what they may do."""
