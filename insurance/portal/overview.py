"""The overview: per marketplace where a seller sells, its standing, certificates and next step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from insurance.certificates.queries import latest_of_each_policy, reviewed_by_day, sells_in
from insurance.compliance import Compliance
from insurance.models import Certificate, CertificateFile, FileState
from insurance.portal.doors import Visitor, members_only
from insurance.portal.words import (
    AT_EASE,
    COMPLIANCE_WORDS,
    INFORM_WORDS,
    certificate_words,
    file_words,
)
from insurance.queries import compliance_of
from sellers.inform_standing import InformStanding, InformStatus
from sellers.inform_steps import inform_standings
from sellers.models import Marketplace, Seller
from sellers.portal.words import Words

_ONE_DAY = timedelta(days=1)
# The Act is of the United States.
INFORM_MARKET = "US"


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file that a seller sent, and where it stands."""

    file: CertificateFile
    words: Words


@dataclass(frozen=True, slots=True)
class CoverRow:
    """One policy as it was last submitted, and where that stands."""

    certificate: Certificate
    words: Words
    last_day: date | None


@dataclass(frozen=True, slots=True)
class MarketCover:
    """A seller's cover in one marketplace, in words."""

    seller: Seller
    market: Marketplace
    compliance: Compliance
    words: Words
    files: tuple[FileRow, ...]
    covers: tuple[CoverRow, ...]
    may_act: bool

    @property
    def to_confirm(self) -> CertificateFile | None:
        """The newest file that waits for its seller, if one does."""
        waiting = (row.file for row in self.files if row.file.state == FileState.READ)
        return next(waiting, None)

    @property
    def reviewed_by(self) -> date | None:
        """By when we promise to have compared what was sent; None where nothing waits for us."""
        waiting = (row.certificate for row in self.covers if row.certificate.waits_for_review)
        return min((reviewed_by_day(certificate) for certificate in waiting), default=None)

    @property
    def is_urgent(self) -> bool:
        """Whether sending a certificate is what to do now."""
        return self.compliance.status not in AT_EASE and self.reviewed_by is None

    @property
    def due_on(self) -> date | None:
        """Until when cover must be proven, where that is still open."""
        requirement = self.compliance.requirement
        is_open = self.compliance.status not in AT_EASE
        return requirement.due_on if requirement and is_open else None


@dataclass(frozen=True, slots=True)
class InformLine:
    """A seller's standing under the INFORM Consumers Act, in its words."""

    seller: Seller
    standing: InformStanding
    words: Words


@members_only
def overview(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show where each of the visitor's sellers stands in each of its marketplaces."""
    sellers = [
        (member.seller, market_covers(visitor, member.seller)) for member in visitor.memberships
    ]
    return render(
        request,
        "portal/insurance/overview.html",
        {
            "visitor": visitor,
            "sellers": sellers,
            "inform": inform_lines(visitor),
            "is_made_up": any(seller.is_made_up for seller, _ in sellers),
        },
    )


def inform_lines(visitor: Visitor) -> list[InformLine]:
    """Those of the visitor's sellers of whom the INFORM Consumers Act asks something."""
    sellers = {member.seller_id: member.seller for member in visitor.memberships}
    found = inform_standings(list(sellers), market=INFORM_MARKET, at=visitor.at)
    return [
        InformLine(sellers[pk], standing, INFORM_WORDS[standing.status])
        for pk, standing in found.items()
        if standing.status != InformStatus.NOT_HIGH_VOLUME
    ]


def market_covers(visitor: Visitor, seller: Seller) -> list[MarketCover]:
    """A seller's cover in every marketplace where it sells, what needs an act first."""
    files = _by_market(visitor.files().filter(seller=seller).prefetch_related(_CERTIFICATES))
    covers = [
        _market_cover(visitor, seller, market, files.get(market.pk, ()))
        for market in sells_in(seller)
    ]
    return sorted(covers, key=lambda cover: (cover.words.tone != "act", cover.market.name))


_CERTIFICATES = Prefetch("certificates", Certificate.objects.select_related("policy"))


def _by_market(files: QuerySet[CertificateFile]) -> dict[str, tuple[CertificateFile, ...]]:
    in_order = files.order_by("marketplace", "-uploaded_at", "-pk")
    return {market: tuple(rows) for market, rows in groupby(in_order, lambda f: f.marketplace_id)}


def _market_cover(
    visitor: Visitor, seller: Seller, market: Marketplace, files: Iterable[CertificateFile]
) -> MarketCover:
    today = visitor.at.astimezone(market.zone).date()
    compliance = compliance_of(seller.pk, market.pk, on=today)
    return MarketCover(
        seller=seller,
        market=market,
        compliance=compliance,
        words=COMPLIANCE_WORDS[compliance.status],
        files=tuple(
            FileRow(file, file_words(file, list(file.certificates.all()))) for file in files
        ),
        covers=tuple(
            CoverRow(one, certificate_words(one), one.expires_on and one.expires_on - _ONE_DAY)
            for one in latest_of_each_policy(seller, market)
        ),
        may_act=visitor.may_act_for(seller.pk),
    )


def _file_row(file: CertificateFile) -> FileRow:
    return FileRow(file, file_words(file, list(file.certificates.all())))
