"""Payments by bank file: ISO 20022 credit transfers out, the bank's status messages back.

`accounts`, `characters`, `pain001` and `answers` are pure; `provider` is the adapter over the
rows of `claims/models/bank.py`. Files are written and read by `claims/operations/bank_files.py`.
"""
