"""A payment by bank file from its instruction to the bank's word on it, and every way around."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, ProgrammingError, transaction

from claims.invariants import verify
from claims.lifecycle import Status
from claims.models import BankFile, BankFileKind, BankTransfer, Claim
from claims.operations.bank_files import (
    BankFileRefused,
    _keep,
    take_bank_answer,
    write_batch,
)
from claims.operations.following import follow_payouts
from claims.operations.intake import PayeeGiven
from claims.operations.pausing import pause_payouts
from claims.operations.sending import send_due_payouts
from claims.providers import get_provider
from claims.providers.bank.provider import BankFileProvider
from claims.providers.base import (
    Cancelled,
    CannotCancel,
    Found,
    NotFound,
    NotificationNotTrusted,
    PaymentStatus,
    RefusalReason,
    Refused,
    Sent,
    Uncertain,
)
from claims.screening.sanctions import lay_down_empty_list
from tests.claims.core.world import (
    DAY,
    adjuster,
    again,
    lay_down_market,
    letters_leave,
    payout_of,
    refused,
)
from tests.claims.providers.bank.messages import (
    DEBTOR_IBAN,
    IBAN,
    account_notice,
    assert_valid,
    status_report,
)
from tests.claims.providers.parties import Clock, instruction
from tests.factories import NOON, make_order, report_assessed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bank(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.BANK_DEBTOR_NAME, settings.BANK_DEBTOR_IBAN = "Marketplace Claims", DEBTOR_IBAN
    lay_down_market("DE")
    lay_down_empty_list(at=NOON - DAY, source="tests")


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture
def provider(clock: Clock) -> BankFileProvider:
    return BankFileProvider(now=clock)


@pytest.fixture
def claim() -> Claim:
    """A conceded claim of 800.00 EUR whose claimant has an IBAN."""
    return report_assessed(
        make_order(market="DE"), claimed_minor=80_000, payee=PayeeGiven("Zoë Müller", IBAN)
    )


def asked(**changes: Any) -> Any:
    return instruction(**{"payee_account": IBAN, "currency": "EUR"} | changes)


def sent(provider: BankFileProvider, claim: Claim) -> str:
    """The claim's payout, waiting for the next file."""
    send_due_payouts(provider=provider, at=NOON)
    assert payout_of(claim).state == "SENT"
    return payout_of(claim).our_reference


def test_a_payment_goes_in_a_file_and_is_paid_when_the_bank_says_so(
    provider: BankFileProvider, claim: Claim
) -> None:
    reference = sent(provider, claim)
    file = write_batch(at=NOON, by=adjuster())
    assert_valid(Path(file.file.path).read_bytes(), "pain.001.001.09")
    assert (file.transfers, file.kind) == (1, "CREDIT_TRANSFER")
    follow_payouts(provider=provider, at=NOON + DAY)
    assert payout_of(claim).state == "SENT"

    answer = take_bank_answer(
        content=account_notice((reference, "DBIT", "800.00", "")), at=NOON + DAY, by=adjuster()
    )
    follow_payouts(provider=provider, at=NOON + DAY)

    assert (answer.transfers, answer.unmatched) == (1, [])
    assert (again(claim).status, payout_of(claim).state) == (Status.PAID, "CONFIRMED")
    letters_leave()
    assert verify(at=NOON + DAY, book=provider.book(), late=timedelta(days=9)) == []


def test_what_the_bank_sends_back_is_owed_again(provider: BankFileProvider, claim: Claim) -> None:
    reference = sent(provider, claim)
    write_batch(at=NOON, by=adjuster())
    booked = account_notice((reference, "DBIT", "800.00", ""))
    back = account_notice((reference, "CRDT", "800.00", "AC04"), message_id="BANK-3")
    late = status_report((reference, "ACSC", ""))
    for day, content in enumerate((booked, back, late), start=1):
        take_bank_answer(content=content, at=NOON + day * DAY, by=adjuster())
        follow_payouts(provider=provider, at=NOON + day * DAY)

    assert (again(claim).status, payout_of(claim).state) == (Status.APPROVED, "RETURNED")
    row = BankTransfer.objects.get()
    assert (row.status, row.reason_code) == ("RETURNED", "AC04")


def test_what_the_bank_refuses_is_owed_again(provider: BankFileProvider, claim: Claim) -> None:
    reference = sent(provider, claim)
    write_batch(at=NOON, by=adjuster())
    take_bank_answer(
        content=status_report((reference, "RJCT", "AC01")), at=NOON + DAY, by=adjuster()
    )
    follow_payouts(provider=provider, at=NOON + DAY)
    assert (again(claim).status, payout_of(claim).state) == (Status.APPROVED, "RETURNED")


def test_a_file_that_is_refused_as_a_whole(provider: BankFileProvider) -> None:
    for number in range(3):
        provider.send(asked(our_reference=f"RC-A-{number}", key=f"k{number}"))
    file = write_batch(at=NOON, by=adjuster())
    whole = status_report(group="RJCT", of_message=file.message_id)
    assert take_bank_answer(content=whole, at=NOON + DAY, by=adjuster()).transfers == 3
    assert set(BankTransfer.objects.values_list("status", "reason_code")) == {("REFUSED", "AM05")}


def test_a_message_is_taken_in_once(provider: BankFileProvider, claim: Claim) -> None:
    content = account_notice((sent(provider, claim), "DBIT", "800.00", ""))
    write_batch(at=NOON, by=adjuster())
    by = adjuster()
    take_bank_answer(content=content, at=NOON + DAY, by=by)
    with refused(BankFileRefused, "BANK-2 was taken in already"):
        take_bank_answer(content=content, at=NOON + DAY, by=by)
    with refused(BankFileRefused, "not readable XML"):
        take_bank_answer(content=b"x", at=NOON + DAY, by=by)


def test_what_fits_no_transfer_is_kept_in_words(provider: BankFileProvider) -> None:
    provider.send(asked())
    write_batch(at=NOON, by=adjuster())
    provider.send(asked(our_reference="RC-WAITS-1", key="k2"))
    content = account_notice(
        ("RC-7K3M-92PX-1", "DBIT", "399.99", ""),
        ("RC-WAITS-1", "DBIT", "400.00", ""),
        ("SALARY", "DBIT", "1.00", ""),
    )
    file = take_bank_answer(content=content, at=NOON + DAY, by=adjuster())
    assert (file.transfers, file.unmatched) == (
        0,
        [
            "RC-7K3M-92PX-1: the bank names another amount",
            "RC-WAITS-1: we have no such transfer",
            "SALARY: we have no such transfer",
        ],
    )
    assert sorted(BankTransfer.objects.values_list("status", flat=True)) == ["WAITING", "WRITTEN"]


def test_no_file_is_written_without_transfers_debtor_or_while_paused(
    provider: BankFileProvider, settings: Any
) -> None:
    by = adjuster()
    with refused(BankFileRefused, "No transfer waits"):
        write_batch(at=NOON, by=by)
    provider.send(asked())
    settings.BANK_DEBTOR_IBAN = IBAN[:-1]
    with refused(BankFileRefused, "An IBAN of DE has 22 characters"):
        write_batch(at=NOON, by=by)
    settings.BANK_DEBTOR_IBAN, settings.BANK_DEBTOR_NAME = IBAN, ""
    with refused(BankFileRefused, "no name"):
        write_batch(at=NOON, by=by)
    settings.BANK_DEBTOR_NAME = "M"
    pause_payouts(reason="R", at=NOON, by=by)
    with refused(BankFileRefused, "Payouts are paused"):
        write_batch(at=NOON, by=by)


def test_each_transfer_is_in_one_file(provider: BankFileProvider) -> None:
    for number in range(3):
        provider.send(asked(our_reference=f"RC-A-{number}", key=f"k{number}"))
    first = write_batch(at=NOON, by=adjuster())
    provider.send(asked(our_reference="RC-A-3", key="k3"))
    second = write_batch(at=NOON, by=adjuster())
    assert (first.transfers, second.transfers) == (3, 1)
    assert first.message_id != second.message_id


def test_a_file_s_row_is_never_changed(provider: BankFileProvider) -> None:
    provider.send(asked())
    file = write_batch(at=NOON, by=adjuster())
    for change in ({"message_id": "X"}, {"sha256": "0"}):
        with pytest.raises(ProgrammingError), transaction.atomic():
            BankFile.objects.filter(pk=file.pk).update(**change)
    with pytest.raises(ProgrammingError), transaction.atomic():
        BankTransfer.objects.update(amount_minor=1)


# ── the Protocol ───────────────────────────────────────────────────────────
def test_the_same_instruction_is_the_same_transfer(provider: BankFileProvider) -> None:
    first = provider.send(asked())
    assert first == provider.send(asked())
    assert isinstance(first, Sent)
    assert (first.status, first.at, BankTransfer.objects.count()) == (
        PaymentStatus.ACCEPTED,
        NOON,
        1,
    )


@pytest.mark.parametrize(
    "changes",
    [{"amount_minor": 1}, {"currency": "SEK"}, {"key": "other"}, {"payee_account": DEBTOR_IBAN}],
)
def test_another_instruction_under_a_known_reference_is_a_doubt(
    provider: BankFileProvider, changes: dict[str, Any]
) -> None:
    provider.send(asked())
    assert isinstance(provider.send(asked(**changes)), Uncertain)
    assert BankTransfer.objects.count() == 1


def test_a_key_used_for_another_reference_is_a_doubt(provider: BankFileProvider) -> None:
    provider.send(asked())
    assert isinstance(provider.send(asked(our_reference="RC-OTHER-1")), Uncertain)
    assert provider.look_up("RC-OTHER-1") == NotFound(final=True)


def test_an_account_that_is_no_iban_is_to_be_mended(provider: BankFileProvider) -> None:
    assert provider.send(asked(payee_account="tok_17")) == Refused(
        reason_class=RefusalReason.FIX_DETAILS, message="The account is not an IBAN."
    )
    never = provider.send(asked(our_reference="R" * 36))
    assert isinstance(never, Refused)
    assert never.reason_class == RefusalReason.NEVER
    assert not BankTransfer.objects.exists()


def test_cancelling_before_the_file_and_after(provider: BankFileProvider) -> None:
    provider.send(asked())
    assert isinstance(provider.cancel("RC-7K3M-92PX-1"), Cancelled)
    assert isinstance(provider.cancel("RC-7K3M-92PX-1"), Cancelled)
    assert isinstance(provider.send(asked()), Uncertain)
    found = provider.look_up("RC-7K3M-92PX-1")
    assert isinstance(found, Found)
    assert found.status == PaymentStatus.REFUSED
    provider.send(asked(our_reference="RC-B-1", key="k2"))
    write_batch(at=NOON, by=adjuster())
    assert isinstance(provider.cancel("RC-B-1"), CannotCancel)
    assert isinstance(provider.cancel("RC-NONE-1"), CannotCancel)


def test_a_bank_notifies_nobody(provider: BankFileProvider) -> None:
    with pytest.raises(NotificationNotTrusted):
        provider.parse_notification(b"{}", {})


def test_the_settings_choose_it_and_a_demo_does_not(settings: Any) -> None:
    settings.PAYMENT_PROVIDER, settings.DEMO = "bank", False
    assert isinstance(get_provider(), BankFileProvider)
    settings.DEMO = True
    with pytest.raises(ImproperlyConfigured, match="A demo pays nobody"):
        get_provider()


def test_a_file_whose_row_is_refused_leaves_nothing_on_disk(tmp_path: Path) -> None:
    """Two people take in one message at the same moment: the second finds the first's row."""
    values: dict[str, Any] = {"transfers": 0, "unmatched": [], "at": NOON, "by": adjuster()}
    kept = _keep(b"<one/>", BankFileKind.STATUS_REPORT, "BANK-1", **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        _keep(b"<one/>", BankFileKind.STATUS_REPORT, "BANK-1", **values)

    assert list(BankFile.objects.all()) == [kept]
    assert list(tmp_path.rglob("*.xml")) == [Path(kept.file.path)]
