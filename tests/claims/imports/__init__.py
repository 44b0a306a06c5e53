"""Tests of the claims import."""
