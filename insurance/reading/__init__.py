"""Reading certificates of insurance: files of strangers, opened only in a process with limits."""

from insurance.reading.facts import DEFAULT, Limits, Reading
from insurance.reading.sandbox import read_certificate

__all__ = ["DEFAULT", "Limits", "Reading", "read_certificate"]
