"""Bank files: what waits, what was written for the bank, and what came from it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from claims.admin.deciding import need, take
from claims.admin.file_dealings import named
from claims.admin.file_parts import Pair
from claims.admin.words import amount
from claims.models import BankFile, BankTransfer, TransferStatus
from claims.operations.bank_files import take_bank_answer, write_batch
from claims.providers.bank.answers import MOST_BYTES

LOOK, CHANGE = "claims.view_bankfile", "claims.manage_payments"
ROWS_A_PAGE = 50


class AnswerForm(forms.Form):
    """A message of the bank to take in."""

    file = forms.FileField(
        label="The bank's message", help_text="A pain.002 or camt.054 file, as the bank sent it."
    )

    def clean_file(self) -> bytes:
        """The bytes of the file, when it has a size that messages have."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("The file is larger than any message of a bank.")
        content: bytes = file.read()
        return content


def bank_files_page(request: HttpRequest) -> HttpResponse:
    """What waits and every file; POST takes in a message of the bank.

    Raises:
        PermissionDenied: somebody who may not look, or not take in.
    """
    need(request, CHANGE if request.method == "POST" else LOOK)
    if request.method != "POST":
        return _show(request, AnswerForm())
    form = AnswerForm(request.POST, request.FILES)
    taken: list[BankFile] = []

    def take_in(*, file: bytes, **more: Any) -> None:
        taken.append(take_bank_answer(content=file, **more))

    status = take(request, form, take_in)
    if form.errors:
        return _show(request, form, status=status)
    [row] = taken
    messages.success(request, taken_in_words(row))
    return redirect("admin:claims_bank_files")


def taken_in_words(file: BankFile) -> str:
    """What came of a message of the bank, for whoever gave it."""
    count, odd = file.transfers, len(file.unmatched)
    moved = f"{count} transfer{'' if count == 1 else 's'} changed"
    rest = f"; {odd} line{'' if odd == 1 else 's'} to look at, below" if odd else ""
    return f"{file.message_id}: {moved}{rest}. The claims follow within a minute."


def write_file(request: HttpRequest) -> HttpResponse:
    """Write what waits into a file for the bank (POST).

    Raises:
        PermissionDenied: somebody outside the payments group.
    """
    need(request, CHANGE)
    form = forms.Form(request.POST)
    status = take(request, form, write_batch)
    if form.errors:
        return _show(request, AnswerForm(), refused=form.non_field_errors(), status=status)
    messages.success(
        request, "The file is the first one below: download it and send it to the bank."
    )
    return redirect("admin:claims_bank_files")


def bank_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A file as it was written or came.

    Raises:
        PermissionDenied: somebody outside the payments group. Http404: no such file.
    """
    need(request, CHANGE)
    row = BankFile.objects.filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such file.")
    with row.file.open() as content:
        answer = HttpResponse(content.read(), content_type="application/xml")
    name = f"{row.kind.lower()}-{row.pk}.xml"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def transfers_in(status: TransferStatus) -> list[Pair]:
    """How many transfers stand so, and how much, by currency."""
    rows = (
        BankTransfer.objects.filter(status=status)
        .order_by("currency")
        .values_list("currency")
        .annotate(transfers=Count("pk"), total=Sum("amount_minor"))
    )
    return [
        Pair(f"{count} transfer{'' if count == 1 else 's'}", amount(total, currency))
        for currency, count, total in rows
    ]


def sums_of(files: Iterable[BankFile]) -> dict[int, str]:
    """What each file for the bank would move, in its currencies."""
    rows = (
        BankTransfer.objects.filter(file__in=[file.pk for file in files])
        .order_by("currency")
        .values_list("file", "currency")
        .annotate(total=Sum("amount_minor"))
    )
    sums: dict[int, list[str]] = {}
    for file, currency, total in rows:
        sums.setdefault(file, []).append(amount(total, currency))
    return {file: ", ".join(amounts) for file, amounts in sums.items()}


def _show(
    request: HttpRequest, form: AnswerForm, *, refused: Any = (), status: int = 200
) -> HttpResponse:
    page = Paginator(BankFile.objects.select_related("by"), ROWS_A_PAGE).get_page(
        request.GET.get("page", "1")
    )
    sums = sums_of(page.object_list)
    context = admin.site.each_context(request) | {
        "title": "Bank files",
        "form": form,
        "refused": refused,
        "page": page,
        "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
        "waiting": transfers_in(TransferStatus.WAITING),
        "at_bank": transfers_in(TransferStatus.WRITTEN),
        "rows": [
            {"file": file, "sum": sums.get(file.pk, ""), "by": named(file.by)}
            for file in page.object_list
        ],
        "may_change": request.user.has_perm(CHANGE),
    }
    return TemplateResponse(request, "admin/redress/bank_files.html", context, status=status)
