"""A certificate's own bytes: pictures of its pages drawn by us, and the file as a download."""

from django.http import FileResponse, HttpRequest
from django.views.decorators.csp import csp_override

from insurance.certificates.serving import file_download, page_picture
from insurance.portal.doors import Visitor, members_only
from sellers.portal.downloads import SEALED


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
