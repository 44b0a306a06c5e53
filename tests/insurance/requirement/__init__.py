"""Tests of the requirement over all sellers: judged, stored, told, decided about."""
