"""Which cover a visitor of the portal may see, and for whom they may act."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase

from insurance.certificates.queries import sells_in
from insurance.models import CertificateFile
from sellers.models import Marketplace, Seller
from sellers.portal import doors
from sellers.portal.doors import View


@dataclass(frozen=True, slots=True)
class Visitor(doors.Visitor):
    """A member of one or more sellers, and what insures them."""

    def seller(self, seller_id: int) -> Seller:
        """One seller of this person, for reading.

        Raises:
            Http404: it is not there, or not theirs: the answer is the same.
        """
        for member in self.memberships:
            if member.seller_id == seller_id:
                return member.seller
        raise Http404

    def seller_to_act_for(self, seller_id: int) -> Seller:
        """One seller of this person, for acting.

        Raises:
            Http404: as for reading. PermissionDenied: this person may only read.
        """
        seller = self.seller(seller_id)
        if not self.may_act_for(seller_id):
            raise PermissionDenied(
                f"You may look at the insurance of {seller}, not change it. "
                "Ask an owner of the seller account to do it, or to change your role."
            )
        return seller

    def market_of(self, seller: Seller, code: str) -> Marketplace:
        """A marketplace in which this seller sells.

        Raises:
            Http404: it does not.
        """
        found = sells_in(seller).filter(pk=code).first()
        if found is None:
            raise Http404
        return found

    def files(self) -> QuerySet[CertificateFile]:
        """The certificates that this person's sellers sent."""
        sellers = [member.seller_id for member in self.memberships]
        return CertificateFile.objects.filter(seller__in=sellers).select_related(
            "seller", "marketplace"
        )

    def file(self, file_id: int) -> CertificateFile:
        """One certificate's file, for reading.

        Raises:
            Http404: it is not there, or not theirs.
        """
        if (file := self.files().filter(pk=file_id).first()) is None:
            raise Http404
        return file

    def file_to_act_on(self, file_id: int) -> CertificateFile:
        """One certificate's file, for acting on it.

        Raises:
            Http404: as for reading. PermissionDenied: this person may only read.
        """
        file = self.file(file_id)
        self.seller_to_act_for(file.seller_id)
        return file


def members_only[**P](view: View[Visitor, P]) -> Callable[..., HttpResponseBase]:
    """Let members of a seller in, with a `Visitor` as the view's second argument."""
    return doors.members_only(view, visitor=Visitor)
