"""IBANs, characters, the file of transfers and the bank's answers: pure, and valid by schema."""

from datetime import UTC, date, datetime

import pytest
from defusedxml.ElementTree import fromstring

from claims.models import BankFileKind, TransferStatus
from claims.providers.bank.accounts import LENGTHS, why_not_iban, without_spaces
from claims.providers.bank.answers import (
    BankAnswer,
    BankFileNotUnderstood,
    Line,
    read_bank_answer,
)
from claims.providers.bank.characters import in_sepa_characters, is_structured_id
from claims.providers.bank.pain001 import (
    NAMESPACE,
    Debtor,
    Transfer,
    control_sum,
    credit_transfers,
)
from tests.claims.providers.bank.messages import (
    DEBTOR_IBAN,
    IBAN,
    SWEDISH,
    account_notice,
    assert_valid,
    status_report,
)

AT = datetime(2026, 3, 2, 20, 0, 30, tzinfo=UTC)


# ── accounts ───────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "text",
    [IBAN, SWEDISH, DEBTOR_IBAN, "GB82 WEST 1234 5698 7654 32", "fr1420041010050500013m02606"],
)
def test_an_iban_as_people_write_it(text: str) -> None:
    assert why_not_iban(text) == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "The account is not an IBAN."),
        ("tok_17", "The account is not an IBAN."),
        ("DE8937040044053201300é", "The account is not an IBAN."),
        ("US89370400440532013000", "The account is in US, to which bank files do not pay."),
        (IBAN[:-1], "An IBAN of DE has 22 characters, and this has 21."),
        (IBAN.replace("DE89", "DE98"), "The IBAN's check digits are wrong."),
    ],
)
def test_what_is_no_iban_is_said_in_words(text: str, why: str) -> None:
    assert why_not_iban(text) == why


def test_every_swapped_pair_of_digits_is_noticed() -> None:
    for at in range(4, len(IBAN) - 1):
        if IBAN[at] != IBAN[at + 1]:
            swapped = IBAN[:at] + IBAN[at + 1] + IBAN[at] + IBAN[at + 2 :]
            assert why_not_iban(swapped) == "The IBAN's check digits are wrong."


def test_the_registry_is_read_whole() -> None:
    assert (len(LENGTHS), LENGTHS["NO"], LENGTHS["MT"]) == (37, 15, 31)
    assert without_spaces("de 89-37") == "DE8937"


# ── characters ─────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Zoë Müller-Łukasz", "Zoe Muller-Lukasz"),
        ("Straße & Søn", "Strasse + Son"),
        ("  two\n lines\t", "two lines"),
        ("a<b>c", "a.b.c"),
        ("李", "."),
        ("", "NOTPROVIDED"),
        ("x" * 80, "x" * 70),
    ],
)
def test_texts_in_the_characters_of_every_bank(text: str, written: str) -> None:
    assert in_sepa_characters(text, longest=70) == written


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("RC-7K3M-92PX-5", True),
        ("A/B", True),
        ("", False),
        ("/A", False),
        ("A/", False),
        ("A//B", False),
        ("A_B", False),
        ("R" * 35, True),
        ("R" * 36, False),
    ],
)
def test_identifiers(text: str, fits: bool) -> None:
    assert is_structured_id(text) is fits


# ── the file of transfers ──────────────────────────────────────────────────
def transfer(number: int, **changes: object) -> Transfer:
    values: dict[str, object] = {
        "end_to_end_id": f"RC-7K3M-92PX-{number}",
        "amount_minor": 123_456,
        "currency": "EUR",
        "payee_name": "Zoë Müller",
        "payee_iban": "DE89 3704 0044 0532 0130 00",
        "purpose_text": "Claim RC-7K3M-92PX",
    } | changes
    return Transfer(**values)  # type: ignore[arg-type]


def file_of(*transfers: Transfer, bic: str = "") -> bytes:
    return credit_transfers(
        message_id="RD-20260302T200030-1a2b3c4d",
        at=AT,
        execute_on=date(2026, 3, 2),
        debtor=Debtor("Marketplace Claims B.V.", DEBTOR_IBAN, bic),
        transfers=transfers,
    )


def texts(content: bytes, path: str) -> list[str]:
    space = {"": NAMESPACE}
    return [element.text or "" for element in fromstring(content).findall(path, space)]


def test_a_file_in_three_currencies_is_valid_by_schema() -> None:
    content = file_of(
        transfer(1),
        transfer(2, currency="SEK", payee_iban=SWEDISH, amount_minor=5),
        transfer(3, currency="JPY", amount_minor=1_000),
        transfer(4, payee_name="  ", purpose_text="李" * 200),
        bic="ABNANL2AXXX",
    )
    assert_valid(content, "pain.001.001.09")
    assert content.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    root = "CstmrCdtTrfInitn"
    assert texts(content, f"{root}/GrpHdr/NbOfTxs") == ["4"]
    assert texts(content, f"{root}/GrpHdr/CtrlSum") == ["3469.17"]
    assert texts(content, f"{root}/PmtInf/NbOfTxs") == ["2", "1", "1"]
    assert texts(content, f"{root}/PmtInf/CtrlSum") == ["2469.12", "1000.00", "0.05"]
    assert texts(content, f"{root}/PmtInf/PmtTpInf/SvcLvl/Cd") == ["SEPA"]
    assert texts(content, f"{root}/PmtInf/CdtTrfTxInf/Amt/InstdAmt") == [
        "1234.56",
        "1234.56",
        "1000",
        "0.05",
    ]
    assert texts(content, f"{root}/PmtInf/CdtTrfTxInf/PmtId/EndToEndId") == [
        f"RC-7K3M-92PX-{number}" for number in (1, 4, 3, 2)
    ]
    assert texts(content, f"{root}/PmtInf/CdtTrfTxInf/Cdtr/Nm")[:2] == ["Zoe Muller", "NOTPROVIDED"]


def test_a_bank_without_bic_is_not_provided() -> None:
    content = file_of(transfer(1))
    assert_valid(content, "pain.001.001.09")
    assert texts(content, "CstmrCdtTrfInitn/PmtInf/DbtrAgt/FinInstnId/Othr/Id") == ["NOTPROVIDED"]


def test_the_control_sum_is_exact() -> None:
    many = [transfer(n, amount_minor=10**15 + 1) for n in range(9)]
    assert control_sum(many) == "90000000000000.09"


# ── the bank's answers ─────────────────────────────────────────────────────
def test_a_status_report() -> None:
    content = status_report(
        ("RC-1-1", "ACSC", ""), ("RC-1-2", "RJCT", "AC04"), ("RC-1-3", "ACSP", "")
    )
    assert_valid(content, "pain.002.001.12")
    assert read_bank_answer(content) == BankAnswer(
        BankFileKind.STATUS_REPORT,
        "BANK-1",
        (
            Line(status=TransferStatus.CONFIRMED, end_to_end_id="RC-1-1"),
            Line(status=TransferStatus.REFUSED, end_to_end_id="RC-1-2", reason_code="AC04"),
        ),
    )


def test_a_whole_file_that_was_refused() -> None:
    content = status_report(group="RJCT")
    assert_valid(content, "pain.002.001.12")
    line = Line(status=TransferStatus.REFUSED, of_message="RD-1", reason_code="AM05")
    assert read_bank_answer(content).lines == (line,)
    assert read_bank_answer(status_report(group="ACSC")).lines == ()


def test_debits_credits_and_returns() -> None:
    content = account_notice(
        ("RC-1-1", "DBIT", "800.00", ""),
        ("RC-1-2", "CRDT", "12.5", "AC04"),
        ("RC-1-3", "CRDT", "7", ""),
    )
    assert_valid(content, "camt.054.001.08")
    assert read_bank_answer(content) == BankAnswer(
        BankFileKind.ACCOUNT_NOTICE,
        "BANK-2",
        (
            Line(
                status=TransferStatus.CONFIRMED,
                end_to_end_id="RC-1-1",
                amount_minor=80_000,
                currency="EUR",
            ),
            Line(
                status=TransferStatus.RETURNED,
                end_to_end_id="RC-1-2",
                amount_minor=1_250,
                currency="EUR",
                reason_code="AC04",
            ),
        ),
    )
    assert read_bank_answer(account_notice(("A", "DBIT", "1.00", ""), booked="PDNG")).lines == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not xml",
        b"<Document/>",
        b'<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>',
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"/>',
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.12"/>',
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><A/></Document>',
        status_report(("", "ACSC", "")),
        status_report(("RC-1", "ACSC", ""), message_id=""),
        account_notice(("RC-1", "DBIT", "1e3", "")),
        account_notice(("RC-1", "DBIT", "1.005", "")),
        account_notice(("RC-1", "DBIT", "1.00", ""), currency="XXX"),
        b" " * (20 * 1024 * 1024 + 1),
    ],
)
def test_what_is_not_understood_whole_is_not_taken(content: bytes) -> None:
    with pytest.raises(BankFileNotUnderstood):
        read_bank_answer(content)
