"""The requirement in the admin: who stands where, one seller's page, and the acts of people."""
