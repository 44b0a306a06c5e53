"""The keys of a scenario file, as the folder's README specifies them, each with its reader."""

from dataclasses import dataclass
from typing import Any

from claims.models import (
    Answer,
    AppealParty,
    AppealStatus,
    Harm,
    Head,
    HoldKind,
    Medicare,
    Severity,
)
from claims.scenarios.values import (
    Reader,
    as_amount,
    as_bearers,
    as_codes,
    as_count,
    as_country,
    as_day,
    as_days,
    as_flag,
    as_limit,
    as_moment,
    as_moment_or_none,
    as_month,
    as_notices,
    as_policy_date,
    as_rating,
    as_territory,
    as_text,
    as_word,
    choice,
    one_of,
    up_to,
)
from insurance.models import PolicyBasis, PolicyKind
from sellers.markets import MARKETS
from sellers.models import Fulfilment

REQUIRED = object()
PEOPLE = ("adjuster", "adjuster2", "senior", "senior2")
PROVIDER_FAULTS = (
    "refuse",
    "timeout_after_accept",
    "timeout_before_accept",
    "error_500",
    "garbage",
)


@dataclass(frozen=True, slots=True)
class Key:
    """One key: how its value is read, and its default; without a default it must be there."""

    read: Reader = as_text
    default: Any = REQUIRED


type Keys = dict[str, Key]

# Words for our codes that the rules or their readers use as well.
_HARMS = {
    "HEAT": "FIRE",
    "FIRE_HEAT": "FIRE",
    "MECHANICAL_FAILURE": "MECHANICAL",
    "ALLERGY": "CHEMICAL",
    "CHEMICAL_ALLERGY": "CHEMICAL",
    "CHOKING": "INGESTION",
    "INGESTION_CHOKING": "INGESTION",
    "COLLAPSE": "FALL",
    "FALL_COLLAPSE": "FALL",
    "LEAK": "WATER",
    "WATER_LEAK": "WATER",
}
_SEVERITIES = {
    "HOSPITAL_ADMISSION": "HOSPITAL",
    "ADMISSION": "HOSPITAL",
    "GRIEVOUS_INJURY": "GRIEVOUS",
}
_KINDS = {f"{code}_LIABILITY": code for code in PolicyKind.values} | {
    "GENERAL": "COMMERCIAL_GENERAL",
    "PRODUCT": "PRODUCTS",
    "PRODUCT_LIABILITY": "PRODUCTS",
}
_HEADS = {"INCIDENTAL": "CONSEQUENTIAL", "ATTORNEYS_FEES": "ATTORNEY_FEES"}
_MEDICARE = {"TRUE": "YES", "FALSE": "NO"}

TEXT, OPTIONAL_TEXT = Key(), Key(default=None)
ID, NAME = Key(up_to(60)), Key(up_to(200))
PERSON = Key(one_of(*PEOPLE), "adjuster")

SELLER: Keys = {
    "id": ID,
    "legal_name": NAME,
    "country": Key(as_country, "US"),
    "single_member_llc": Key(as_flag, default=False),
    "trade_name": Key(up_to(200), ""),
}
SALES: Keys = {"seller": TEXT, "month": Key(as_month), "gross": Key(as_amount)}
POLICY: Keys = {
    "seller": TEXT,
    "number": Key(up_to(80)),
    "insurer": NAME,
    "rating": Key(as_rating, "A-"),
    "kind": Key(choice(PolicyKind, also=_KINDS, other="OTHER"), PolicyKind.COMMERCIAL_GENERAL),
    "basis": Key(choice(PolicyBasis), PolicyBasis.OCCURRENCE),
    "each_occurrence": Key(as_limit, None),
    "aggregate": Key(as_limit, None),
    "products_completed_operations": Key(as_flag, default=True),
    "deductible": Key(as_limit, None),
    "additional_insured": Key(up_to(300), ""),
    "certificate_holder_only": Key(as_flag, default=False),
    "named_insured": Key(up_to(200), ""),
    "territory": Key(as_territory, None),
    "cancellation_notice_days": Key(as_days, 30),
    "signed": Key(as_flag, default=True),
    "effective_on": Key(as_policy_date, None),
    "expires_on": Key(as_policy_date, None),
    "submitted_at": Key(as_moment, None),
}
ORDER: Keys = {
    "id": ID,
    "seller": TEXT,
    "title": NAME,
    "price": Key(as_amount),
    "delivered_on": Key(as_day, None),
    "fulfilment": Key(choice(Fulfilment), Fulfilment.MARKETPLACE),
    "physical": Key(as_flag, default=True),
}
CLAIMANT: Keys = {
    "name": NAME,
    "email": Key(up_to(254)),
    "born_on": Key(as_day, None),
    "represented": Key(as_flag, default=False),
    "medicare": Key(choice(Medicare, also=_MEDICARE), Medicare.NO),
}
HEAD = Key(choice(Head, also=_HEADS))
CLAIMED: Keys = {"head": HEAD, "claimed": Key(as_amount)}
ASSESSED: Keys = {"head": HEAD, "assessed": Key(as_amount)}

# Any event may name a claim, a seller, who did it and why, also where that changes nothing.
COMMON: Keys = {
    "at": Key(as_moment),
    "do": TEXT,
    "claim": OPTIONAL_TEXT,
    "seller": OPTIONAL_TEXT,
    "by": PERSON,
    "reason": OPTIONAL_TEXT,
}
CLAIM: Keys = {"claim": TEXT}
HOLD: Keys = CLAIM | {"kind": Key(choice(HoldKind))}
# `lines`, `claimant` and `policy` are lists and objects of their own: `files` reads them.
AS_IT_IS = Key(lambda value, _, __: value)
EVENTS: dict[str, Keys] = {
    "report_claim": CLAIM
    | {
        "order": TEXT,
        "incident_on": Key(as_day),
        "harm": Key(choice(Harm, also=_HARMS)),
        "severity": Key(choice(Severity, also=_SEVERITIES), Severity.NONE),
        "lines": AS_IT_IS,
        "claimant": AS_IT_IS,
        "payee": Key(as_flag, default=True),
        "narrative": Key(default=""),
    },
    "pass_screening": CLAIM,
    "screen_out": CLAIM,
    "ask_claimant": CLAIM | {"question": OPTIONAL_TEXT},
    "claimant_answers": CLAIM | {"question": OPTIONAL_TEXT, "answer": OPTIONAL_TEXT},
    "assess": CLAIM | {"lines": AS_IT_IS},
    "respond": CLAIM | {"answer": Key(choice(Answer))},
    "report_settlement": CLAIM | {"amount": Key(as_amount)},
    "insurer_answers": CLAIM | {"pays": Key(as_flag), "amount": Key(as_amount, None)},
    "step_in": CLAIM | {"amount": Key(as_amount, None)},
    "uphold": CLAIM | {"amount": Key(as_amount, None)},
    "approve": CLAIM,
    "refuse_approval": CLAIM,
    "submit_policy": {"policy": AS_IT_IS},
    "appeal": CLAIM | {"party": Key(choice(AppealParty)), "new_facts": Key(default="")},
    "decide_appeal": CLAIM
    | {"outcome": Key(choice(AppealStatus)), "party": Key(choice(AppealParty), None)},
    "hold": HOLD,
    "release": HOLD,
    "withdraw": CLAIM,
    "extend": CLAIM | {"days": Key(as_count)},
    "change_payee": CLAIM,
    "pause_payouts": {},
    "resume_payouts": {},
    "mail": {"to": TEXT, "next": Key(one_of("bounce"))},
    "provider": {"next": Key(one_of(*PROVIDER_FAULTS))},
    "collect": CLAIM | {"from": Key(one_of("seller", "insurer")), "amount": Key(as_amount)},
    "write_off": CLAIM,
}
OF_CLAIMS: Keys = {
    "status": TEXT,
    "paid": Key(as_amount),
    "payments": Key(as_count),
    "borne_by": Key(as_bearers),
    "recovery": Key(as_word),
    "bars": Key(as_codes),
    "due_at": Key(as_moment_or_none),
    "reason": TEXT,
    "notices": Key(as_notices),
    "appeal": Key(as_word),
}
OF_SELLERS: Keys = {"compliance": Key(as_word), "defects": Key(as_codes)}
CHECK_VALUES: Keys = {**OF_CLAIMS, "refused": Key(as_codes), **OF_SELLERS}
MARKET = Key(one_of(*MARKETS), "US")
