"""The addresses of insurance in the portal."""

from django.urls import path

from insurance.portal import applying, pictures, quotes, sending
from insurance.portal.directory import directory
from insurance.portal.overview import overview
from insurance.portal.result import result

app_name = "insurance"

_FILE = "certificates/<int:file_id>/"
_APPLY = "quotes/apply/<int:seller_id>/<slug:market>/"
_APPLICATION = "quotes/<int:application_id>/"

urlpatterns = [
    path("", overview, name="overview"),
    path("<int:seller_id>/<slug:market>/send/", sending.upload, name="upload"),
    path(_FILE, sending.file_page, name="file"),
    path(f"{_FILE}confirm/", sending.confirm, name="confirm"),
    path(f"{_FILE}check/", sending.check, name="check"),
    path(f"{_FILE}result/", result, name="result"),
    path(f"{_FILE}take-back/", sending.take_back, name="take_back"),
    path(f"{_FILE}file/", pictures.original, name="original"),
    path(f"{_FILE}pages/<int:number>/", pictures.picture, name="picture"),
    path("directory/", directory, name="directory"),
    path("quotes/", quotes.quotes, name="quotes"),
    path(_APPLY, applying.apply, name="apply"),
    path(f"{_APPLY}check/", applying.check_application, name="check_application"),
    path(_APPLICATION, quotes.application, name="application"),
    path(f"{_APPLICATION}accept/<int:quote_id>/", quotes.accept, name="accept_quote"),
    path(f"{_APPLICATION}withdraw/", quotes.withdraw, name="withdraw"),
    path(f"{_APPLICATION}take-back/<int:invitation_id>/", quotes.take_back, name="take_back_link"),
]
