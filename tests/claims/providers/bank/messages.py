"""Messages as a bank sends them, and the published schemas to hold every message against."""

from functools import cache
from pathlib import Path

import pytest
import xmlschema

SCHEMAS = Path(__file__).resolve().parents[5] / "shared" / "data" / "iso20022"
IBAN = "DE89370400440532013000"
SWEDISH = "SE4550000000058398257466"
DEBTOR_IBAN = "NL91ABNA0417164300"


@cache
def schema(name: str) -> xmlschema.XMLSchema:
    """A published schema; where it does not lie beside the repository, the test is skipped."""
    path = SCHEMAS / f"{name}.xsd"
    if not path.exists():
        pytest.skip(f"the schema {name} is not beside this repository (../shared/data/iso20022)")
    return xmlschema.XMLSchema(path)


def assert_valid(content: bytes, name: str) -> None:
    """The message is valid against its published schema."""
    schema(name).validate(content.decode())


def status_report(
    *lines: tuple[str, str, str],
    message_id: str = "BANK-1",
    of_message: str = "RD-1",
    group: str = "",
) -> bytes:
    """A pain.002: (end-to-end id, status, reason code) of each transfer."""
    transfers = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{ref}</OrgnlEndToEndId><TxSts>{status}</TxSts>"
        + (f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else "")
        + "</TxInfAndSts>"
        for ref, status, reason in lines
    )
    block = (
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>X</OrgnlPmtInfId>{transfers}</OrgnlPmtInfAndSts>"
        if lines
        else ""
    )
    status = (
        f"<GrpSts>{group}</GrpSts><StsRsnInf><Rsn><Cd>AM05</Cd></Rsn></StsRsnInf>" if group else ""
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.12"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>{message_id}</MsgId><CreDtTm>2026-03-03T09:00:00Z</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{of_message}</OrgnlMsgId>"
        f"<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{status}</OrgnlGrpInfAndSts>"
        f"{block}</CstmrPmtStsRpt></Document>"
    ).encode()


def account_notice(
    *lines: tuple[str, str, str, str],
    message_id: str = "BANK-2",
    booked: str = "BOOK",
    currency: str = "EUR",
) -> bytes:
    """A camt.054: (end-to-end id, DBIT or CRDT, amount, return code) of each booking."""
    entries = "".join(
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>'
        f"<Sts><Cd>{booked}</Cd></Sts><BkTxCd><Prtry><Cd>X</Cd></Prtry></BkTxCd>"
        f"<NtryDtls><TxDtls><Refs><EndToEndId>{ref}</EndToEndId></Refs>"
        f'<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>'
        + (f"<RtrInf><Rsn><Cd>{code}</Cd></Rsn></RtrInf>" if code else "")
        + "</TxDtls></NtryDtls></Ntry>"
        for ref, side, amount, code in lines
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>'
        f"<GrpHdr><MsgId>{message_id}</MsgId><CreDtTm>2026-03-03T09:00:00Z</CreDtTm></GrpHdr>"
        f"<Ntfctn><Id>N1</Id><Acct><Id><IBAN>{DEBTOR_IBAN}</IBAN></Id></Acct>{entries}</Ntfctn>"
        "</BkToCstmrDbtCdtNtfctn></Document>"
    ).encode()
