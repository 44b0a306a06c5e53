"""Tests of the claims application."""
