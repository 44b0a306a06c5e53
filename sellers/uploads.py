"""Files as people give them: the name as it may be shown, and what tells two files apart."""

import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import PurePath
from typing import Any

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db.models.fields.files import FieldFile

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


def keep_with_row(
    kept: FieldFile, *, name: str, content: File[Any], write_row: Callable[[], object]
) -> None:
    """Write a file, then the row that points to it; when either fails, nothing of either is left.

    A full disk keeps half of a file: it is removed, and the error goes on to the caller.
    """
    path = kept.field.generate_filename(kept.instance, name)
    try:
        kept.save(name, content, save=False)
        write_row()
    except BaseException:
        kept.storage.delete(kept.name or path)
        raise


class WholeFileUploadHandler(TemporaryFileUploadHandler):
    """Buffer a large upload on disk; when that disk is full, leave no half of it behind.

    Django lets the half lie until its memory is collected.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write the next bytes."""
        try:
            return super().receive_data_chunk(raw_data, start)
        except OSError:
            self._throw_away()
            raise

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        """Write what is left, and hand out the file."""
        try:
            return super().file_complete(file_size)
        except OSError:
            self._throw_away()
            raise

    def _throw_away(self) -> None:
        # Closing writes once more, and fails once more; it removes the file all the same.
        with suppress(OSError):
            self.file.close()
