"""IBANs: the country's length, and the check digits (ISO 13616, ISO 7064 MOD 97-10)."""

import re
from types import MappingProxyType

# Countries that pay by SEPA credit transfer, with the length of their IBANs (ISO 13616 registry).
_REGISTRY = (
    "AD:24 AT:20 BE:16 BG:22 CH:21 CY:28 CZ:24 DE:22 DK:18 EE:20 ES:24 FI:18 FR:27 GB:22 GI:23 "
    "GR:27 HR:21 HU:28 IE:22 IS:26 IT:27 LI:21 LT:20 LU:20 LV:21 MC:27 MT:31 NL:18 NO:15 PL:28 "
    "PT:25 RO:24 SE:24 SI:19 SK:24 SM:27 VA:22"
)
LENGTHS = MappingProxyType({one[:2]: int(one[3:]) for one in _REGISTRY.split()})
_FORM = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+", re.ASCII)


def without_spaces(text: str) -> str:
    """An IBAN as people write it, in the form that files want."""
    return re.sub(r"[ \u00a0-]", "", text).upper()


def why_not_iban(text: str) -> str:
    """Why a text is no IBAN that we can pay to, in words; empty: it is one."""
    iban = without_spaces(text)
    if not _FORM.fullmatch(iban):
        return "The account is not an IBAN."
    length = LENGTHS.get(iban[:2])
    if length is None:
        return f"The account is in {iban[:2]}, to which bank files do not pay."
    if len(iban) != length:
        return f"An IBAN of {iban[:2]} has {length} characters, and this has {len(iban)}."
    digits = "".join(str(int(letter, 36)) for letter in iban[4:] + iban[:4])
    return "" if int(digits) % 97 == 1 else "The IBAN's check digits are wrong."
