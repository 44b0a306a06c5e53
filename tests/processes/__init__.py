"""Tests with real workers, beats and a broker."""
