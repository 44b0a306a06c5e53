"""The rows of the fault table: real processes, broken on purpose (docs/reliability.md)."""
