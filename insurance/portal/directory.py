"""The directory of providers, and why each fits a seller in one of its marketplaces or does not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from insurance.accelerator.directory import listed_providers, needs_of, provider_facts
from insurance.accelerator.fit import Fit, SellerNeeds, Verdict, fit_of, rating_has_expired
from insurance.certificates.queries import sells_in
from insurance.models import (
    Appetite,
    ApplicationState,
    PolicyKind,
    Provider,
    ProviderStatus,
    QuoteApplication,
)
from insurance.portal.directory_filter import LANGUAGE_NAMES, DirectoryFilter
from insurance.portal.doors import Visitor, members_only
from sellers.models import Marketplace, Seller

PAGE_SIZE = 12


@dataclass(frozen=True, slots=True)
class ProviderCard:
    """A provider as a seller reads it: what it states, and why it fits or does not."""

    provider: Provider
    appetite: Appetite | None
    fit: Fit
    rating_expired: bool

    @property
    def is_vetted(self) -> bool:
        """Whether operations vetted it."""
        return self.provider.status == ProviderStatus.VETTED

    @property
    def lines(self) -> str:
        """The kinds of policy that it writes, in words."""
        return ", ".join(str(PolicyKind(line).label) for line in self.provider.lines)

    @property
    def languages(self) -> str:
        """The languages that it speaks, in words."""
        return ", ".join(LANGUAGE_NAMES.get(code, code) for code in self.provider.languages)

    @property
    def against(self) -> list[str]:
        """What speaks against it."""
        return [r.words for r in self.fit.reasons if r.verdict == Verdict.DOES_NOT_FIT]

    @property
    def in_favour(self) -> list[str]:
        """What speaks for it."""
        return [r.words for r in self.fit.reasons if r.verdict == Verdict.FITS]

    @property
    def unknown(self) -> list[str]:
        """What it does not state."""
        return [r.words for r in self.fit.reasons if r.verdict == Verdict.NOT_STATED]


@members_only
def directory(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show the providers of a market, page by page, each with its reasons for this seller."""
    seller = _seller(request, visitor)
    markets = markets_of(seller)
    marketplace = next((m for m in markets if m.pk == request.GET.get("market")), markets[0])
    asked = _asked(request, marketplace)
    wanted = DirectoryFilter(
        asked, queryset=listed_providers(), marketplace=marketplace, choices=markets
    )
    providers = wanted.queryset.none() if wanted.errors else wanted.qs
    page: Page[Provider] = Paginator(providers, PAGE_SIZE).get_page(request.GET.get("page"))
    needs = needs_of(seller, marketplace, at=visitor.at)
    own = asked.copy()
    own.pop("page", None)
    context = {
        "visitor": visitor,
        "seller": seller,
        "marketplace": marketplace,
        "needs": needs,
        "form": wanted.form,
        "is_filtered": any(request.GET.get(name) for name in wanted.filters if name != "market"),
        "page": page,
        "cards": list(_cards(list(page.object_list), needs=needs, market=marketplace.pk)),
        "query": own.urlencode(),
        "may_act": visitor.may_act_for(seller.pk),
        "open_application": QuoteApplication.objects.filter(
            seller=seller, marketplace=marketplace, state=ApplicationState.OPEN
        ).first(),
        "is_made_up": seller.is_made_up,
    }
    return render(request, "portal/insurance/directory.html", context)


def markets_of(seller: Seller) -> list[Marketplace]:
    """The marketplaces in which a seller sells; every one where we know of none."""
    return list(sells_in(seller)) or list(Marketplace.objects.all())


def _seller(request: HttpRequest, visitor: Visitor) -> Seller:
    chosen = request.GET.get("seller", "")
    own = {str(member.seller_id): member.seller for member in visitor.memberships}
    return own.get(chosen) or visitor.memberships[0].seller


def _asked(request: HttpRequest, marketplace: Marketplace) -> QueryDict:
    asked = request.GET.copy()
    asked["market"] = marketplace.pk
    return asked


def _cards(
    providers: Sequence[Provider], *, needs: SellerNeeds, market: str
) -> Iterator[ProviderCard]:
    for provider in providers:
        rated_on = provider.rated_on
        yield ProviderCard(
            provider=provider,
            appetite=next(
                (a for a in provider.appetites.all() if a.marketplace_id == market), None
            ),
            fit=fit_of(provider_facts(provider, market), needs=needs),
            rating_expired=rated_on is not None
            and rating_has_expired(rated_on, good_for_days=needs.rating_good_for_days, on=needs.on),
        )
