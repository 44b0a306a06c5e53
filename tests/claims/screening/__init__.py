"""Tests of screening: names, lists, signals."""
