"""Files as people give them: the name as it may be shown, and what tells two files apart."""

import hashlib
import re
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile

LONGEST_NAME = 150

type Upload = UploadedFile[Any]

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def shown_name(name: str) -> str:
    """A file's name as people may see it: no folders, nothing invisible, not endless."""
    bare = _UNPRINTABLE.sub("", name.replace("\\", "/").rsplit("/", 1)[-1]).strip() or "file"
    path = PurePath(bare)
    return f"{path.stem[: LONGEST_NAME - len(path.suffix)]}{path.suffix[:LONGEST_NAME]}"


def sha256_of(file: Upload) -> str:
    """The digest of a given file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()
