"""How dates and moments are written where a page does not say: day first, with their zone."""
