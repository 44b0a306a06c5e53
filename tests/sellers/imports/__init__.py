"""Tests of the shared import machinery and of the sellers, sales and orders imports."""
