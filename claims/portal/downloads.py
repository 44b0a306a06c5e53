"""Evidence as a download: never drawn, run or guessed at by the browser."""

from types import MappingProxyType

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.csp import csp_override

from claims.models import Evidence
from claims.portal.doors import Visitor, members_only

# Nothing in a downloaded file may load, run or talk, should a browser open it after all.
SEALED = {"default-src": "'none'", "sandbox": ""}
_HEADERS = MappingProxyType(
    {
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
)


@csp_override(SEALED)
@members_only
def evidence(
    _request: HttpRequest, visitor: Visitor, reference: str, evidence_id: int
) -> FileResponse:
    """Hand out a file of a claim that the visitor may see."""
    claim = visitor.claim(reference)
    found = claim.evidence.filter(pk=evidence_id, is_internal=False).first()
    if found is None:
        raise Http404
    return evidence_download(found)


def evidence_download(found: Evidence) -> FileResponse:
    """The bytes of a piece of evidence as an attachment under the name it was given.

    The view that returns it must be wrapped in `csp_override(SEALED)`, as above.
    """
    return FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.name,
        content_type=found.media_type,
        headers=dict(_HEADERS),
    )
