"""Sending a certificate: the file, the moment it is read, what it says, check your answers."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from insurance.certificates.confirming import confirm_certificate, keep_draft
from insurance.certificates.keeping import keep_certificate_file, take_back_file
from insurance.certificates.queries import terms_in_force
from insurance.certificates.refusals import CertificateNotPossible
from insurance.models import CertificateFile, FileState
from insurance.portal.doors import Visitor, members_only
from insurance.portal.entry import Entry, draft_of, typed_from
from insurance.portal.forms import UploadForm
from insurance.portal.summary import summary_of
from insurance.queries import read_requirement_terms
from insurance.terms import RequirementTerms
from sellers.hints import send_hints
from sellers.models import Marketplace, Seller

READER = "insurance.tasks.read_certificates"
_INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def upload(request: HttpRequest, visitor: Visitor, seller_id: int, market: str) -> HttpResponse:
    """Take in the file of a certificate; `replaces` names the file that it corrects."""
    seller = visitor.seller_to_act_for(seller_id)
    marketplace = visitor.market_of(seller, market)
    replaced = _replaced(request, visitor, seller, marketplace)
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    if is_sent and form.is_valid():
        try:
            file = keep_certificate_file(
                seller=seller,
                marketplace=marketplace,
                file=form.cleaned_data["certificate"],
                at=visitor.at,
                by=visitor.user,
                replaces=replaced,
            )
        except CertificateNotPossible as refusal:
            form.add_error("certificate", str(refusal))
        else:
            transaction.on_commit(lambda: send_hints(READER))
            return redirect("insurance:file", file.pk)
    context = {
        "visitor": visitor,
        "seller": seller,
        "market": marketplace,
        "form": form,
        "replaced": replaced,
        "terms": terms_in_force(marketplace, at=visitor.at),
        "is_made_up": seller.is_made_up,
    }
    return render(request, "portal/insurance/upload.html", context, status=_status(form.errors))


def _replaced(
    request: HttpRequest, visitor: Visitor, seller: Seller, marketplace: Marketplace
) -> CertificateFile | None:
    """The file of the same seller and marketplace that the address names."""
    named = request.GET.get("replaces", "")
    if not named.isdecimal():
        return None
    theirs = visitor.files().filter(seller=seller, marketplace=marketplace)
    return theirs.filter(pk=named).first()


def _status(errors: Any) -> int:
    return _INVALID if errors else 200


@members_only
def file_page(request: HttpRequest, visitor: Visitor, file_id: int) -> HttpResponse:
    """Show where a file stands; while it is read, the page asks again by itself."""
    file = visitor.file(file_id)
    if file.state == FileState.CONFIRMED:
        return redirect("insurance:result", file.pk)
    context = _context(visitor, file) | {
        "is_being_read": file.state in {FileState.UPLOADED, FileState.READING},
        "may_be_taken_back": file.state in {FileState.READ, FileState.UNREADABLE},
        "sent_before": file.certificates.exists(),
    }
    return render(request, "portal/insurance/file.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def confirm(request: HttpRequest, visitor: Visitor, file_id: int) -> HttpResponse:
    """The form beside the pictures: suggestions to be checked, sections added and removed."""
    file = visitor.file_to_act_on(file_id)
    if not file.may_be_confirmed:
        return redirect("insurance:file", file.pk)
    terms = _terms(visitor, file)
    if request.method != "POST":
        kept = file.draft or file.confirmed
        return _form(request, visitor, Entry(file, terms, typed_from(kept) if kept else None))
    entry = Entry(file, terms, request.POST)
    add, remove = request.POST.get("add", ""), request.POST.get("remove", "")
    if add or remove:
        return _form(request, visitor, entry.rearranged(add=add, remove=remove))
    if not entry.is_valid():
        return _form(request, visitor, entry)
    return _keep(request, file)


def _keep(request: HttpRequest, file: CertificateFile) -> HttpResponse:
    try:
        keep_draft(file=file, draft=draft_of(request.POST))
    except CertificateNotPossible as refusal:
        messages.warning(request, str(refusal))
        return redirect("insurance:file", file.pk)
    return redirect("insurance:check", file.pk)


def _form(request: HttpRequest, visitor: Visitor, entry: Entry) -> HttpResponse:
    context = _context(visitor, entry.file) | {
        "entry": entry,
        "said": (entry.file.suggested or {}).get("context", {}),
    }
    status = _status(entry.errors)
    return render(request, "portal/insurance/confirm.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def check(request: HttpRequest, visitor: Visitor, file_id: int) -> HttpResponse:
    """Show what will be sent as we understood it; send it when it is confirmed."""
    file = visitor.file_to_act_on(file_id)
    if file.draft is None or not file.may_be_confirmed:
        return redirect("insurance:file", file.pk)
    entry = Entry(file, _terms(visitor, file), typed_from(file.draft))
    if not entry.is_valid():
        return redirect("insurance:confirm", file.pk)
    if request.method == "POST":
        return _send(request, visitor, entry)
    context = _context(visitor, file) | {"parts": summary_of(entry)}
    return render(request, "portal/insurance/check.html", context)


def _send(request: HttpRequest, visitor: Visitor, entry: Entry) -> HttpResponse:
    number = request.POST.get("draft", "")
    try:
        confirm_certificate(
            file=entry.file,
            draft_number=int(number) if number.isdecimal() else -1,
            policies=entry.confirmed(),
            at=visitor.at,
            by=visitor.user,
        )
    except CertificateNotPossible as refusal:
        messages.warning(request, str(refusal))
    return redirect("insurance:file", entry.file.pk)


@require_POST
@members_only
def take_back(request: HttpRequest, visitor: Visitor, file_id: int) -> HttpResponse:
    """The seller does not send this file after all."""
    file = visitor.file_to_act_on(file_id)
    try:
        take_back_file(file=file)
    except CertificateNotPossible as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"“{file.name}” was taken back. It proves nothing.")
    return redirect("insurance:overview")


def _terms(visitor: Visitor, file: CertificateFile) -> RequirementTerms:
    return read_requirement_terms(terms_in_force(file.marketplace, at=visitor.at))


def _context(visitor: Visitor, file: CertificateFile) -> dict[str, Any]:
    return {
        "visitor": visitor,
        "file": file,
        "seller": file.seller,
        "market": file.marketplace,
        "zone": file.seller.zone,
        "pages": file.pages.all(),
        "may_act": visitor.may_act_for(file.seller_id),
        "is_made_up": file.is_made_up,
    }
