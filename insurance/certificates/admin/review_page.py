"""The review of a certificate: its pages beside what the seller confirmed, and the decision."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from insurance.accelerator.admin.acting import need
from insurance.certificates.admin.queue_page import LOOK, with_context
from insurance.certificates.comparing import compare
from insurance.certificates.fields import values_of
from insurance.certificates.queue import describe
from insurance.certificates.refusals import ReviewRefused
from insurance.certificates.reviewing import FINDABLE, review_certificate
from insurance.models import Certificate
from insurance.policy_facts import DefectCode
from insurance.portal.words import COMPLIANCE_WORDS
from sellers.portal.arrival import arrived_at

REVIEW = "insurance.change_certificate"
ACCEPT, REFUSE = "accept", "refuse"


def defect_name(code: str) -> str:
    """What a defect is called: EACH_OCCURRENCE is "Each occurrence"."""
    return code.replace("_", " ").capitalize()


class ReviewForm(forms.Form):
    """What a person decided after comparing; a refusal says why and what is wrong."""

    decision = forms.ChoiceField(
        label="Decision",
        choices=[
            (ACCEPT, "Accept: the certificate states what the seller confirmed"),
            (REFUSE, "Refuse"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Decision: choose one."},
    )
    defects = forms.TypedMultipleChoiceField(
        label="What is wrong",
        help_text="Only when you refuse. The seller gets the words for its broker with each.",
        choices=[(code.value, defect_name(code)) for code in FINDABLE],
        coerce=DefectCode,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = forms.CharField(
        label="Reason",
        help_text="Needed when you refuse: the seller reads it.",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """A refusal gives its reason; an acceptance names no defect."""
        cleaned = super().clean() or {}
        if cleaned.get("decision") == REFUSE and not cleaned.get("reason"):
            self.add_error("reason", "Reason: say why the certificate is refused.")
        if cleaned.get("decision") == ACCEPT and cleaned.get("defects"):
            self.add_error("defects", "What is wrong: an accepted certificate has no defect.")
        return cleaned


def review_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A certificate beside its file; POST decides it.

    Raises:
        PermissionDenied: somebody who may not look, or not decide. Http404: no such certificate.
    """
    user = need(request, REVIEW if request.method == "POST" else LOOK)
    certificate = get_object_or_404(with_context(Certificate.objects.all()), pk=pk)
    if request.method != "POST":
        return _show(request, certificate, ReviewForm())
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _show(request, certificate, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    accept = form.cleaned_data["decision"] == ACCEPT
    try:
        review_certificate(
            certificate=certificate,
            accept=accept,
            reason=form.cleaned_data["reason"],
            defects=form.cleaned_data["defects"],
            at=arrived_at(request),
            by=user,
        )
    except ReviewRefused as refusal:
        form.add_error(None, str(refusal))
        certificate.refresh_from_db()
        return _show(request, certificate, form, status=HTTPStatus.CONFLICT)
    done = "accepted: it proves from the moment it was sent" if accept else "refused"
    messages.success(request, f"{certificate.policy} is {done}. The seller is written.")
    return redirect("admin:insurance_certificate_review_queue")


def _show(
    request: HttpRequest, certificate: Certificate, form: ReviewForm, *, status: int = 200
) -> HttpResponse:
    policy, file = certificate.policy, certificate.file
    (waiting,) = describe([certificate], at=arrived_at(request))
    values = values_of(certificate.checked_facts, currency=policy.marketplace.currency)
    compared = compare(
        file.suggested if file else None, values, currency=policy.marketplace.currency
    )
    others = Certificate.objects.filter(policy=policy).exclude(pk=certificate.pk)
    context = admin.site.each_context(request) | {
        "title": str(policy),
        "certificate": certificate,
        "standing": COMPLIANCE_WORDS[waiting.compliance.status].label,
        "defects": [(defect_name(one["code"]), one) for one in certificate.all_defects],
        "policy": policy,
        "file": file,
        "pages": file.pages.all() if file else (),
        "said": (file.suggested or {}).get("context", {}) if file else {},
        "waiting": waiting,
        "compared": compared,
        "number_differing": sum(one.differs for one in compared),
        "newer": file.replaced_by.all() if file else (),
        "others": others.order_by("-submitted_at"),
        "zone": policy.marketplace.zone,
        "form": form,
        "may_decide": certificate.waits_for_review and request.user.has_perm(REVIEW),
    }
    return TemplateResponse(
        request, "admin/redress/certificate_review.html", context, status=status
    )
