"""The backtest: what other terms would have cost, as a form, totals, a chart and spreadsheets."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from inspect import cleandoc
from io import StringIO
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from claims.admin.bars import draw
from claims.admin.deciding import need
from claims.admin.terms_forms import TermsForm
from claims.admin.words import amount
from claims.backtest import paths
from claims.backtest.report import Backtest, Total, as_csv, draft_terms, run_backtest
from claims.figures import figure_name, figure_value
from claims.models import Claim, TermsVersion
from claims.operations.terms import latest_version
from claims.roles import APPROVE_TERMS, AUDIT, PROPOSE_TERMS
from claims.terms import FIGURES, TermsNotUnderstood
from sellers.models import Marketplace
from sellers.money import to_decimal_string
from sellers.portal.arrival import arrived_at

# Who proposes or approves terms; and auditors, who look at accounts and groups, as no other
# group of operations does.
MAY_BACKTEST = (PROPOSE_TERMS, APPROVE_TERMS, AUDIT)
# More claims than this are for the command: a page answers within seconds.
MOST_CLAIMS = 20_000
CHANGED_SHOWN = 200
INVALID = 422
FIRST_MARKET = "US"
A_YEAR = timedelta(days=365)
SIDES = (
    ("Programme", "programme_minor"),
    ("Sellers", "seller_minor"),
    ("Insurers", "insurer_minor"),
)
SHEETS = {"totals": "Totals (CSV)", "changed": "Claims that change path (CSV)"}


class BacktestForm(TermsForm):
    """A period of one marketplace, and the figures of the latest terms to be written over."""

    effective_on = None  # type: ignore[assignment]
    reason = None  # type: ignore[assignment]
    first = forms.DateField(
        label="Claims reported from", widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(label="To", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, latest: TermsVersion, **kwargs: Any) -> None:
        super().__init__(*args, latest=latest, **kwargs)
        self.latest = latest

    def clean(self) -> dict[str, Any]:
        """The whole draft makes sense, and the page can answer for that many claims."""
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last:
            self._check_period(first, last)
        if not self.errors:
            try:
                given["draft"] = draft_terms(self.latest.marketplace_id, self.changes())
            except TermsNotUnderstood as error:
                raise ValidationError(str(error)) from None
        return given

    def _check_period(self, first: date, last: date) -> None:
        if last < first:
            raise ValidationError("The period ends before it begins.")
        claims = Claim.objects.filter(
            marketplace=self.latest.marketplace_id,
            reported_at__date__gte=first,
            reported_at__date__lte=last,
        )
        if len(claims.values_list("pk")[: MOST_CLAIMS + 1]) > MOST_CLAIMS:
            raise ValidationError(
                f"There are more than {MOST_CLAIMS:,} claims in this period. Choose a shorter "
                "one, or use the backtest command."
            )

    def changes(self) -> dict[str, Any]:
        """The figures that differ from the latest terms."""
        stands = self.latest.figures
        return {name: new for name, new in self.given_figures().items() if new != stands[name]}


@dataclass(frozen=True, slots=True)
class Compared:
    """A line of the totals: as it was, under the draft, and the difference."""

    label: str
    before: str
    after: str
    difference: str


def may_backtest(user: User | AnonymousUser) -> bool:
    """Whether the page is this person's to see."""
    return any(user.has_perm(permission) for permission in MAY_BACKTEST)


def markets_with_terms() -> QuerySet[Marketplace]:
    """The marketplaces that can be backtested."""
    versions = TermsVersion.objects.filter(marketplace=OuterRef("pk"))
    return Marketplace.objects.filter(Exists(versions)).order_by("name")


def backtest_home(request: HttpRequest) -> HttpResponse:
    """Lead on to the programme's first marketplace; its page leads to the others."""
    need(request, *MAY_BACKTEST)
    return redirect("admin:claims_backtest_of", FIRST_MARKET)


def backtest_page(request: HttpRequest, market: str) -> HttpResponse:
    """The form; with a period in the address also the result, as a page or a spreadsheet.

    Nothing is written, so the address of a result can be kept and shared. A figure that the
    address does not name stands as in the latest terms.

    Raises:
        PermissionDenied: neither a proposer or approver of terms nor an auditor.
    """
    need(request, *MAY_BACKTEST)
    latest = latest_version(get_object_or_404(markets_with_terms(), code=market))
    if "first" not in request.GET:
        today = arrived_at(request).astimezone(latest.marketplace.zone).date()
        initial = {"first": (today - A_YEAR).replace(day=1), "last": today}
        return _show(request, BacktestForm(latest=latest, initial=initial))
    form = BacktestForm({**_standing(latest), **request.GET.dict()}, latest=latest)
    if not form.is_valid():
        return _show(request, form, status=INVALID)
    given = form.cleaned_data
    result = run_backtest(
        market=market, first=given["first"], last=given["last"], draft=given["draft"]
    )
    if request.GET.get("format") in SHEETS:
        return _sheet(result, request.GET["format"])
    return _show(request, form, result)


def _standing(latest: TermsVersion) -> dict[str, Any]:
    """Every figure of the latest terms as the form would send it."""
    unbound = BacktestForm(latest=latest)
    typed = {figure: unbound[figure].value() for figure in FIGURES}
    return {figure: value for figure, value in typed.items() if value is not None}


def _show(
    request: HttpRequest,
    form: BacktestForm,
    result: Backtest | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    marketplace = form.latest.marketplace
    context = admin.site.each_context(request) | {
        "title": "Backtest of terms",
        "market": marketplace,
        "markets": markets_with_terms(),
        "latest": form.latest,
        "form": form,
        "assumptions": cleandoc(paths.__doc__ or "").partition("\n\n")[2],
    }
    if result is not None:
        context |= _result(form, result)
    return TemplateResponse(request, "admin/redress/backtesting.html", context, status=status)


def _result(form: BacktestForm, result: Backtest) -> dict[str, Any]:
    changes, stands = form.changes(), form.latest.figures
    kept = {"first": result.first, "last": result.last}
    kept |= {name: form.data[name] for name in changes if name in form.data}
    return {
        "result": result,
        "drafted": [
            (
                figure_name(name),
                figure_value(name, stands[name], result.currency),
                figure_value(name, new, result.currency),
            )
            for name, new in changes.items()
        ],
        "totals": compare(result.total(result.before), result.total(result.after), result.currency),
        "months": list(_months(result)),
        "chart": draw(result),
        "changed": [
            (one, amount(one.amount_minor, result.currency))
            for one in result.changed[:CHANGED_SHOWN]
        ],
        "sheets": [
            (label, f"?{urlencode(kept | {'format': name})}") for name, label in SHEETS.items()
        ],
    }


def compare(before: Total, after: Total, currency: str) -> list[Compared]:
    """What each carries and how many go automatically, before and after."""
    lines = [
        _compared(label, getattr(before, column), getattr(after, column), currency)
        for label, column in SIDES
    ]
    more = after.automatic - before.automatic
    words = f"{_sign(more)}{abs(more)}"
    automatic = Compared(
        "Claims paid automatically", str(before.automatic), str(after.automatic), words
    )
    return [*lines, automatic]


def _compared(label: str, before: int, after: int, currency: str) -> Compared:
    more = after - before
    return Compared(
        label,
        amount(before, currency),
        amount(after, currency),
        f"{_sign(more)}{amount(abs(more), currency)}",
    )


def _sign(difference: int) -> str:
    if not difference:
        return ""
    return "+" if difference > 0 else "−"


def _months(result: Backtest) -> Iterator[dict[str, Any]]:
    for month in result.months:
        before, after = result.before[month], result.after[month]
        yield {
            "month": f"{month:%b %Y}",
            "claims": before.claims,
            "lines": compare(before, after, result.currency),
        }


def _sheet(result: Backtest, name: str) -> HttpResponse:
    text = as_csv(result) if name == "totals" else changed_csv(result)
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    file_name = f"backtest-{result.market}-{result.first}-{result.last}-{name}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return answer


def changed_csv(result: Backtest) -> str:
    """Every claim that changes its path, as a spreadsheet."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["claim", "month", "assessed", "currency", "as it was", "draft"])
    for one in result.changed:
        assessed = to_decimal_string(one.amount_minor, currency=result.currency)
        month = f"{one.month:%Y-%m}"
        writer.writerow([one.reference, month, assessed, result.currency, one.before, one.after])
    return out.getvalue()
