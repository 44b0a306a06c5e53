"""A file of credit transfers, ISO 20022 pain.001.001.09: pure, from plain data to bytes.

One payment block per currency. The sums and counts that the bank checks are computed from the
transfers themselves, never given.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from operator import attrgetter
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from claims.providers.bank.accounts import without_spaces
from claims.providers.bank.characters import in_sepa_characters
from sellers.money import to_decimal_string

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
LONGEST_NAME, LONGEST_PURPOSE = 70, 140


@dataclass(frozen=True, slots=True)
class Debtor:
    """Who pays: the programme's account, as the settings name it."""

    name: str
    iban: str
    bic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One payment of the file. `end_to_end_id` is our reference; the bank's messages name it."""

    end_to_end_id: str
    amount_minor: int
    currency: str
    payee_name: str
    payee_iban: str
    purpose_text: str


def credit_transfers(
    *,
    message_id: str,
    at: datetime,
    execute_on: date,
    debtor: Debtor,
    transfers: Sequence[Transfer],
) -> bytes:
    """The file, as UTF-8 with an XML declaration."""
    document = Element("Document", xmlns=NAMESPACE)
    root = SubElement(document, "CstmrCdtTrfInitn")
    head = SubElement(root, "GrpHdr")
    _text(head, "MsgId", message_id)
    _text(head, "CreDtTm", at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    _counts(head, transfers)
    _text(SubElement(head, "InitgPty"), "Nm", _name(debtor.name))
    by_currency = groupby(sorted(transfers, key=attrgetter("currency")), attrgetter("currency"))
    for currency, group in by_currency:
        _payment_block(root, f"{message_id}-{currency}", execute_on, debtor, list(group))
    indent(document)
    content: bytes = tostring(document, encoding="UTF-8", xml_declaration=True)
    return content


def _payment_block(
    root: Element, block_id: str, execute_on: date, debtor: Debtor, transfers: list[Transfer]
) -> None:
    block = SubElement(root, "PmtInf")
    _text(block, "PmtInfId", block_id)
    _text(block, "PmtMtd", "TRF")
    _text(block, "BtchBookg", "false")
    _counts(block, transfers)
    if transfers[0].currency == "EUR":
        _text(_within(block, "PmtTpInf", "SvcLvl"), "Cd", "SEPA")
    _text(SubElement(block, "ReqdExctnDt"), "Dt", execute_on.isoformat())
    _text(SubElement(block, "Dbtr"), "Nm", _name(debtor.name))
    _text(_within(block, "DbtrAcct", "Id"), "IBAN", without_spaces(debtor.iban))
    _agent(block, debtor.bic)
    _text(block, "ChrgBr", "SLEV")
    for transfer in transfers:
        _transfer(block, transfer)


def _transfer(block: Element, transfer: Transfer) -> None:
    one = SubElement(block, "CdtTrfTxInf")
    ids = SubElement(one, "PmtId")
    _text(ids, "InstrId", transfer.end_to_end_id)
    _text(ids, "EndToEndId", transfer.end_to_end_id)
    amount = _text(SubElement(one, "Amt"), "InstdAmt", _decimal(transfer))
    amount.set("Ccy", transfer.currency)
    _text(SubElement(one, "Cdtr"), "Nm", _name(transfer.payee_name))
    _text(_within(one, "CdtrAcct", "Id"), "IBAN", without_spaces(transfer.payee_iban))
    purpose = in_sepa_characters(transfer.purpose_text, longest=LONGEST_PURPOSE)
    _text(SubElement(one, "RmtInf"), "Ustrd", purpose)


def _agent(block: Element, bic: str) -> None:
    bank = _within(block, "DbtrAgt", "FinInstnId")
    if bic:
        _text(bank, "BICFI", bic)
    else:
        _text(SubElement(bank, "Othr"), "Id", "NOTPROVIDED")


def _counts(element: Element, transfers: Sequence[Transfer]) -> None:
    _text(element, "NbOfTxs", str(len(transfers)))
    _text(element, "CtrlSum", control_sum(transfers))


def control_sum(transfers: Iterable[Transfer]) -> str:
    """The sum of the amounts whatever their currencies, as the bank adds them up."""
    cents = sum(_in_hundredths(transfer) for transfer in transfers)
    return f"{cents // 100}.{cents % 100:02d}"


def _in_hundredths(transfer: Transfer) -> int:
    whole, _, part = _decimal(transfer).partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0"))


def _decimal(transfer: Transfer) -> str:
    return to_decimal_string(transfer.amount_minor, currency=transfer.currency)


def _name(text: str) -> str:
    return in_sepa_characters(text, longest=LONGEST_NAME)


def _within(parent: Element, *tags: str) -> Element:
    for tag in tags:
        parent = SubElement(parent, tag)
    return parent


def _text(parent: Element, tag: str, text: str) -> Element:
    child = SubElement(parent, tag)
    child.text = text
    return child
