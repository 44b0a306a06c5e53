"""What people and clocks do to claims: keyword-only functions in the domain's words."""
