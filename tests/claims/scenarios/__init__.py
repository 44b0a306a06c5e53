"""Tests of the scenarios: files read, played, checked, and the command's words and statuses."""
