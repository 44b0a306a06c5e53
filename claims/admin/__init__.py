"""The console of operations: the queue, the claim file, a page a step, and plain records."""

from claims.admin import accounts, claim_file, records, terms

__all__ = ["accounts", "claim_file", "records", "terms"]
