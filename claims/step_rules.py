"""The rule behind a step that follows no figure: what its event names when the decision does not.

Pure. A decision that weighs something names its own rule; these steps have only one.
"""

from collections.abc import Mapping
from types import MappingProxyType

STEP_RULES: Mapping[str, str] = MappingProxyType(
    {
        "report": "rules §2: a claim keeps the terms that were in force when it was reported",
        "pass_screening": "rules §1: a seller only ever sees claims believed valid",
        "screen_out": "rules §1: screening keeps out fraudulent, abusive and frivolous claims",
        "ask_claimant": "rules §2: the claimant has a time to answer, then the claim is closed",
        "claimant_answers": "rules §2: an answer in time takes the claim to its assessment",
        "claimant_appeals": "rules §3: the customer's appeal against a denial, with new facts",
        "seller_appeals": "rules §3: the seller's appeal against a concession, with new facts",
        "refuse_approval": "rules §3, Authority: a second person approves or refuses a proposal",
        "place_hold": "rules §3: a hold bars automatic approval and keeps a payment back",
        "release_hold": "rules §3: a payment goes by itself when what held it is gone",
        "extend_deadline": "rules §8: a clock keeps its extensions, with their reasons",
        "void_approval": "rules §3, Authority: what the approval rested on is gone, a person looks",
        "add_information": "rules §3: the seller may add information; all of it stays in the file",
        "payment_refused": "rules §6: a payment is sent once per intent, whatever fails",
        "return_payment": "rules §6: payment and recovery are separate records; it is owed again",
        "collect_recovery": "rules §3: the programme pursues the seller, in parts if need be",
        "write_off_recovery": "rules §6: what is not recovered is written off, with authority",
    }
)
