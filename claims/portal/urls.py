"""The addresses of the portal."""

from django.urls import path

from claims.portal import acts, answering, downloads
from claims.portal.claim_page import claim_page
from claims.portal.inbox import inbox

app_name = "portal"

_CLAIM = "claims/<slug:reference>/"

urlpatterns = [
    path("", inbox, name="inbox"),
    path(_CLAIM, claim_page, name="claim"),
    path(f"{_CLAIM}answer/", answering.answer, name="answer"),
    path(f"{_CLAIM}answer/check/", answering.check, name="check"),
    path(f"{_CLAIM}answer/done/", answering.done, name="done"),
    path(f"{_CLAIM}settlement/", acts.settlement, name="settlement"),
    path(f"{_CLAIM}information/", acts.information, name="information"),
    path(f"{_CLAIM}appeal/", acts.appeal, name="appeal"),
    path(f"{_CLAIM}evidence/<int:evidence_id>/", downloads.evidence, name="evidence"),
]
