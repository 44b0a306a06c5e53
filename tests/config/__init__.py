"""Tests of the one command, the stores and the supervisor."""
