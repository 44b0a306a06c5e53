"""Tests of Redress: what each proves stands in its file."""
