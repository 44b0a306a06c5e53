"""Files that people gave, as downloads: never drawn, run or guessed at by the browser."""

from types import MappingProxyType

from django.db.models.fields.files import FieldFile
from django.http import FileResponse

# Nothing in a downloaded file may load, run or talk, should a browser open it after all.
SEALED = {"default-src": "'none'", "sandbox": ""}
PRIVATE = MappingProxyType(
    {
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
)


def download(file: FieldFile, *, name: str, media_type: str) -> FileResponse:
    """The bytes of a kept file as an attachment under the name it was given.

    The view that returns it must be wrapped in `csp_override(SEALED)`.
    """
    return FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=name,
        content_type=media_type,
        headers=dict(PRIVATE),
    )
