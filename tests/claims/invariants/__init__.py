"""What must always hold: that it does, and that every breach is seen."""
