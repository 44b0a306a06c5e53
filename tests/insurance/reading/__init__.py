"""Tests of the certificate reader: its files, its sandbox, its rules of reading."""
