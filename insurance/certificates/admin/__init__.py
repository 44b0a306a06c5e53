"""Certificates in the admin: what waits for a review, the review, and the plain records."""
