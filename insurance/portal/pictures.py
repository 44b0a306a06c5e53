"""A certificate's own bytes: pictures of its pages drawn by us, and the file as a download."""

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.csp import csp_override

from insurance.models import CertificateFile, CertificatePage
from insurance.portal.doors import Visitor, members_only
from sellers.portal.downloads import PRIVATE, SEALED, download


@csp_override(SEALED)
@members_only
def original(_request: HttpRequest, visitor: Visitor, file_id: int) -> FileResponse:
    """Hand out the file as it came, as a download."""
    return file_download(visitor.file(file_id))


@csp_override(SEALED)
@members_only
def picture(_request: HttpRequest, visitor: Visitor, file_id: int, number: int) -> FileResponse:
    """Show the picture of a page."""
    return page_picture(visitor.file(file_id), number)


def file_download(file: CertificateFile) -> FileResponse:
    """A seller's file; the view that returns it must be wrapped in `csp_override(SEALED)`."""
    return download(file.file, name=file.name, media_type=file.media_type)


def page_picture(file: CertificateFile, number: int) -> FileResponse:
    """The picture of one page, which our own reader drew: a PNG and never anything else.

    Raises:
        Http404: there is no such picture.
    """
    page = CertificatePage.objects.filter(file=file, number=number).first()
    if page is None:
        raise Http404
    return FileResponse(page.picture.open("rb"), content_type="image/png", headers=dict(PRIVATE))
