"""Scenarios: the rules as running examples, played through the operations of production."""
