"""Evidence as a download: never drawn, run or guessed at by the browser."""

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.csp import csp_override

from claims.portal.doors import Visitor, members_only
from sellers.portal.downloads import SEALED, download


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
    return download(found.file, name=found.name, media_type=found.media_type)
