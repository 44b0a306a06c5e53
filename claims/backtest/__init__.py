"""Backtest: what other terms would have cost — the claims of a period, decided again."""
