"""A disk that is full, as far as a test can have one: the system refuses to write longer files.

The write fails half way as on a full disk, with EFBIG for ENOSPC (config/failing.py takes both).
"""

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def disk_for(most_bytes: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes; afterwards as before."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
