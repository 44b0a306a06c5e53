"""The bank's messages, read strictly: pain.002 status reports, camt.054 debits and credits.

Pure: bytes in, plain lines out. Nothing is taken from a file that is not understood whole.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from claims.models.bank import BankFileKind, TransferStatus
from sellers.money import AmountNotUnderstood, CurrencyNotKnown, parse_amount

MOST_BYTES = 20 * 1024 * 1024
_NAMESPACE = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:(pain\.002|camt\.054)\.001\.[0-9]{2}\}")
# What a status means to us; the others (received, accepted, pending) change nothing yet.
# Source: ISO 20022 external payment transaction status codes.
STATUSES = MappingProxyType(
    {
        "ACSC": TransferStatus.CONFIRMED,
        "ACCC": TransferStatus.CONFIRMED,
        "RJCT": TransferStatus.REFUSED,
        "CANC": TransferStatus.REFUSED,
    }
)


class BankFileNotUnderstood(ValueError):
    """A file is no message of a bank that we read; nothing of it was taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the bank says of one transfer, or, with `of_message`, of all of one of our files.

    `amount_minor` None: the message does not repeat it.
    """

    status: TransferStatus
    end_to_end_id: str = ""
    of_message: str = ""
    amount_minor: int | None = None
    currency: str = ""
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class BankAnswer:
    """One message of the bank, under its own number."""

    kind: BankFileKind
    message_id: str
    lines: tuple[Line, ...]


def read_bank_answer(content: bytes) -> BankAnswer:
    """Read a message of the bank.

    Raises:
        BankFileNotUnderstood: too large, not XML, another message, or a part is missing.
    """
    if len(content) > MOST_BYTES:
        raise BankFileNotUnderstood("The file is larger than any message of a bank.")
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise BankFileNotUnderstood(f"The file is not readable XML: {error}") from error
    found = _NAMESPACE.match(root.tag)
    if found is None:
        raise BankFileNotUnderstood("The file is neither a pain.002 nor a camt.054 message.")
    space = {"": found[0][1:-1]}
    if found[1] == "pain.002":
        lines = tuple(_status_lines(root, space))
        return BankAnswer(BankFileKind.STATUS_REPORT, _message_id(root, space), lines)
    return BankAnswer(
        BankFileKind.ACCOUNT_NOTICE, _message_id(root, space), tuple(_notice_lines(root, space))
    )


def _message_id(root: Element, space: dict[str, str]) -> str:
    return _need(root, "*/GrpHdr/MsgId", space)


def _status_lines(root: Element, space: dict[str, str]) -> Iterator[Line]:
    report = root.find("CstmrPmtStsRpt", space)
    if report is None:
        raise BankFileNotUnderstood("The status report is empty.")
    group = report.find("OrgnlGrpInfAndSts", space)
    if group is not None:
        yield from _line(group, space, "GrpSts", of_message=_need(group, "OrgnlMsgId", space))
    for one in report.findall("OrgnlPmtInfAndSts/TxInfAndSts", space):
        yield from _line(one, space, "TxSts", end_to_end_id=_need(one, "OrgnlEndToEndId", space))


def _line(
    element: Element,
    space: dict[str, str],
    tag: str,
    *,
    end_to_end_id: str = "",
    of_message: str = "",
) -> Iterator[Line]:
    status = STATUSES.get(_get(element, tag, space))
    # Of a whole file only a refusal says something about each of its transfers.
    if status is None or (of_message and status is not TransferStatus.REFUSED):
        return
    amount = element.find("OrgnlTxRef/Amt/InstdAmt", space)
    yield Line(
        status=status,
        end_to_end_id=end_to_end_id,
        of_message=of_message,
        amount_minor=None if amount is None else _minor(amount),
        currency="" if amount is None else amount.get("Ccy", ""),
        reason_code=_get(element, "StsRsnInf/Rsn/Cd", space)
        or _get(element, "StsRsnInf/Rsn/Prtry", space),
    )


def _notice_lines(root: Element, space: dict[str, str]) -> Iterator[Line]:
    for entry in root.findall("BkToCstmrDbtCdtNtfctn/Ntfctn/Ntry", space):
        if _get(entry, "Sts/Cd", space) != "BOOK":
            continue
        for one in entry.findall("NtryDtls/TxDtls", space):
            yield from _booked(entry, one, space)


def _booked(entry: Element, one: Element, space: dict[str, str]) -> Iterator[Line]:
    reason = _get(one, "RtrInf/Rsn/Cd", space)
    is_debit = (_get(one, "CdtDbtInd", space) or _need(entry, "CdtDbtInd", space)) == "DBIT"
    reference = _get(one, "Refs/EndToEndId", space)
    # A credit that is no return is somebody paying us: another matter.
    if not reference or (not is_debit and one.find("RtrInf", space) is None):
        return
    amount = one.find("Amt", space)
    if amount is None:
        amount = one.find("AmtDtls/TxAmt/Amt", space)
    yield Line(
        status=TransferStatus.CONFIRMED if is_debit else TransferStatus.RETURNED,
        end_to_end_id=reference,
        amount_minor=None if amount is None else _minor(amount),
        currency="" if amount is None else amount.get("Ccy", ""),
        reason_code=reason,
    )


def _minor(amount: Element) -> int:
    """An amount of a message in minor units; `10.5` and `10.50000` are as good as `10.50`."""
    whole, _, part = (amount.text or "").strip().partition(".")
    bare = f"{whole}.{part.rstrip('0')}" if part.rstrip("0") else whole
    try:
        return parse_amount(bare, currency=amount.get("Ccy", ""))
    except (AmountNotUnderstood, CurrencyNotKnown) as error:
        raise BankFileNotUnderstood(str(error)) from error


def _get(element: Element, path: str, space: dict[str, str]) -> str:
    return (element.findtext(path, "", space) or "").strip()


def _need(element: Element, path: str, space: dict[str, str]) -> str:
    found = _get(element, path, space)
    if not found:
        raise BankFileNotUnderstood(f"The file has no {path.rpartition('/')[2]} where it must.")
    return found
