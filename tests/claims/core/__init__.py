"""The claims core: life-cycle, recorder, ledger, properties."""
