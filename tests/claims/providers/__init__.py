"""The payment provider's side, over real HTTP."""
