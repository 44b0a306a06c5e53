"""A certificate's own bytes: the file as a download, and the pictures of its pages drawn by us.

The views that return them must be wrapped in `csp_override(SEALED)`.
"""

from django.http import FileResponse, Http404

from insurance.models import CertificateFile, CertificatePage
from sellers.portal.downloads import PRIVATE, download


def file_download(file: CertificateFile) -> FileResponse:
    """A seller's file as it came."""
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
