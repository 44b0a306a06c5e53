"""Decisions: facts in, outcomes out. No queries, no system clock, nothing written."""
