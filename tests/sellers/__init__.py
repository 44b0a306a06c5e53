"""Tests of the sellers application."""
