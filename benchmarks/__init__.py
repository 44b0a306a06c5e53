"""Measurements that `./redress bench NAME` runs."""
