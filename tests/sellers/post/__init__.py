"""Tests of `sellers.post`."""
