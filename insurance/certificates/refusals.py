"""What cannot be done with a certificate, in words for the person who tried."""


class CertificateNotPossible(Exception):
    """Something cannot be done with a certificate as it stands. The message says why."""


class FileRefused(CertificateNotPossible):
    """A file cannot be kept as a certificate. The message names the file and says why."""


class ConfirmationRefused(CertificateNotPossible):
    """What a certificate states cannot be confirmed now: it moved on, or nothing was filled in."""


class ReviewRefused(CertificateNotPossible):
    """A certificate cannot be decided so: somebody was first, or a reason is missing."""
