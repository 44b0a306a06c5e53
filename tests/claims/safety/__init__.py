"""Tests of safety cases and recalls."""
