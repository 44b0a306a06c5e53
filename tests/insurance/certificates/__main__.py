"""Write all test certificates into a folder: `python -m tests.insurance.certificates DIR`."""

import sys
from pathlib import Path

from tests.insurance.certificates.collection import CERTIFICATES, write

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for certificate in CERTIFICATES.values():
    sys.stdout.write(f"{write(certificate, folder)}\n")
