"""Tests of the insurance rules and records."""
