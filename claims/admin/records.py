"""The plain records of claims: looked at here, written by steps and sweeps only."""

from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path

from claims.admin.payouts import payout_switch
from claims.admin.words import amount, code_words
from claims.models import (
    Appeal,
    Claimant,
    ClaimEvent,
    DailyAutomaticTotal,
    Deadline,
    Evidence,
    Hold,
    LedgerEntry,
    Notice,
    PayeeDetails,
    Payout,
    Proposal,
    Recovery,
    SellerResponse,
    WithholdingInstruction,
)
from sellers.admin import RecordAdmin
from sellers.read_only import ReadOnly


class ReadOnlyAdmin(ReadOnly, RecordAdmin):
    """Records that nobody adds, edits or deletes by hand, a superuser included."""

    show_full_result_count = False


class MoneyAdmin(ReadOnlyAdmin):
    """Records with an amount and a currency."""

    @admin.display(description="Amount", ordering="amount_minor")
    def amount(self, row: Any) -> str:
        return amount(row.amount_minor, row.currency)


@admin.register(ClaimEvent)
class ClaimEventAdmin(ReadOnlyAdmin):
    """Every step of every claim."""

    list_display = ["at", "claim", "version", "step", "to_status", "actor_kind", "actor", "reason"]
    list_filter = ["step", "actor_kind", "to_status"]
    list_select_related = ["claim", "actor"]
    search_fields = ["claim__reference"]
    ordering = ["-at"]


@admin.register(Deadline)
class DeadlineAdmin(ReadOnlyAdmin):
    """Every clock, running and ended."""

    list_display = [
        "claim",
        "kind",
        "owner",
        "due_at",
        "met_at",
        "lapsed_at",
        "cancelled_at",
        "failures",
    ]
    list_filter = ["kind", "owner"]
    list_select_related = ["claim"]
    search_fields = ["claim__reference"]


@admin.register(LedgerEntry)
class LedgerEntryAdmin(MoneyAdmin):
    """The ledger."""

    list_display = ["posted_at", "claim", "debit", "credit", "amount", "key"]
    list_filter = ["debit", "credit", "currency"]
    list_select_related = ["claim"]
    search_fields = ["claim__reference", "key"]
    ordering = ["-posted_at", "-id"]


@admin.register(Payout)
class PayoutAdmin(MoneyAdmin):
    """Every intent to pay, and where it stands."""

    change_list_template = "admin/redress/payout_list.html"
    list_display = [
        "our_reference",
        "claim",
        "amount",
        "state",
        "held_back",
        "decided",
        "created_at",
        "provider_reference",
    ]
    list_filter = ["state", "is_automatic", "currency"]
    list_select_related = ["claim"]
    search_fields = ["claim__reference", "our_reference", "provider_reference"]
    ordering = ["-created_at"]

    def get_urls(self) -> list[URLPattern]:
        switch = self.admin_site.admin_view(payout_switch)
        return [path("switch/", switch, name="claims_payouts"), *super().get_urls()]

    @admin.display(description="Approved", ordering="is_automatic")
    def decided(self, payout: Payout) -> str:
        return "Automatically" if payout.is_automatic else "By people"

    @admin.display(description="Held back by")
    def held_back(self, payout: Payout) -> str:
        return " ".join(code_words(reason) for reason in payout.held_by)


@admin.register(Recovery)
class RecoveryAdmin(MoneyAdmin):
    """Every pursuit of a paid claim's cost."""

    list_display = ["claim", "status", "amount", "collected", "opened_at", "status_since"]
    list_filter = ["status", "currency"]
    list_select_related = ["claim"]
    search_fields = ["claim__reference"]

    @admin.display(description="Collected", ordering="collected_minor")
    def collected(self, recovery: Recovery) -> str:
        return amount(recovery.collected_minor, recovery.currency)


@admin.register(WithholdingInstruction)
class WithholdingInstructionAdmin(MoneyAdmin):
    """What the disbursement system was told to hold back."""

    list_display = ["recovery", "amount", "instructed_at", "exported_at", "revoked_at"]
    list_select_related = ["recovery"]


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """Every letter, and where it stands."""

    list_display = ["written_at", "claim", "kind", "recipient", "to", "state", "sent_at"]
    list_filter = ["state", "recipient", "kind"]
    list_select_related = ["claim"]
    search_fields = ["claim__reference", "to"]
    ordering = ["-written_at"]


@admin.register(Claimant)
class ClaimantAdmin(ReadOnlyAdmin):
    """The customers who claim."""

    list_display = ["name", "email", "born_on", "is_made_up"]
    search_fields = ["name", "email"]


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    """Files given to claims."""

    list_display = [
        "name",
        "claim",
        "media_type",
        "size",
        "given_at",
        "given_by_kind",
        "is_internal",
    ]
    list_select_related = ["claim"]
    search_fields = ["claim__reference", "name", "sha256"]
    # A file is only ever handed out as a download, from its claim's file.
    exclude = ["file"]


@admin.register(PayeeDetails)
class PayeeDetailsAdmin(ReadOnlyAdmin):
    """Where claimants' money goes."""

    list_display = ["claim", "name", "given_at", "given_with_report"]
    list_select_related = ["claim"]
    search_fields = ["claim__reference", "name"]


@admin.register(SellerResponse)
class SellerResponseAdmin(ReadOnlyAdmin):
    """What sellers answered."""

    list_display = ["claim", "answer", "arrived_at", "is_late", "given_by"]
    list_filter = ["answer", "is_late"]
    list_select_related = ["claim", "given_by"]


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    """Approvals that took a second person."""

    list_display = ["claim", "step", "status", "proposed_by", "proposed_at", "decided_by"]
    list_filter = ["status"]
    list_select_related = ["claim", "proposed_by", "decided_by"]


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    """Holds on claims."""

    list_display = ["claim", "kind", "placed_at", "placed_by", "released_at", "released_by"]
    list_filter = ["kind"]
    list_select_related = ["claim", "placed_by", "released_by"]


@admin.register(Appeal)
class AppealAdmin(ReadOnlyAdmin):
    """Appeals of sellers and claimants."""

    list_display = ["claim", "party", "status", "opened_at", "decided_by", "decided_at"]
    list_filter = ["party", "status"]
    list_select_related = ["claim", "decided_by"]


@admin.register(DailyAutomaticTotal)
class DailyAutomaticTotalAdmin(ReadOnlyAdmin):
    """What each marketplace approved automatically on a day."""

    list_display = ["marketplace", "on", "total"]
    list_select_related = ["marketplace"]

    @admin.display(description="Approved automatically", ordering="total_minor")
    def total(self, row: DailyAutomaticTotal) -> str:
        return amount(row.total_minor, row.marketplace.currency)
