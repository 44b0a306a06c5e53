"""What each step will do, and what it did, in words for the person who takes it."""

SAYS = {
    "pass-screening": "The claim goes to assessment. The seller sees it from then on.",
    "screen-out": "The claim is denied. The claimant gets a letter with your reason and may "
    "appeal within the time that the terms give.",
    "assess": "Within the ceiling the claim is conceded and paid at no cost to the seller. Above "
    "it the seller is notified and its clock starts. Nothing assessed: the claim is denied as "
    "not proven.",
    "approve-proposal": "You are the second person. The claim is approved and paid as proposed.",
    "refuse-proposal": "The proposal is gone and the claim stays where it is.",
    "step-in": "The claim is approved and paid now; the cost is recovered from the seller "
    "afterwards, and the seller keeps its defence.",
    "uphold": "The claim is denied. The claimant gets a letter with your reason and may appeal "
    "with new facts.",
    "decide-appeal": "The decision appealed against stays or falls. Whoever took it cannot decide "
    "the appeal.",
    "ask-claimant": "The claimant gets your question by letter. Without an answer in time the "
    "claim is closed as abandoned.",
    "answer": "The answer goes into the file and the claim to assessment.",
    "answer-medicare": "The claim no longer waits for this answer. An injury payment to a "
    "beneficiary is reportable.",
    "appeal": "The claim goes to adjudication, to somebody else than who denied it.",
    "withdraw": "The claim is closed. A payment that has not left is cancelled.",
    "extend": "The open clock is closed and a longer one started. The seller gets a letter with "
    "the new deadline.",
    "insurer-answer": "When the insurer pays, the claim is settled. When it declines, the claim "
    "goes to adjudication.",
    "settlement": "The claim is settled by the seller, and nothing is paid by the programme.",
    "change-payee": "Payment waits out the time that the terms set for changed details, and an "
    "approval that two people gave is void.",
    "withhold": "A row for the disbursement system tells it to hold back what the seller owes.",
    "collect": "The amount is booked against what is owed, in full or in part.",
    "write-off": "The programme bears what is left of the recovery.",
    "place-hold": "Nothing happens to the claim automatically while the hold lasts, and two "
    "people must decide it.",
    "release-hold": "The claim goes on as if the hold had never been.",
    "note": "The note goes into the claim's file.",
    "evidence": "The file is kept as it is and handed out as a download only.",
}

# What was done, by the step that the claim's file then ends with.
DONE = {
    "pass_screening": "You passed the screening.",
    "screen_out": "You screened the claim out.",
    "find_not_proven": "You found nothing proven.",
    "concede": "You conceded the claim.",
    "notify_seller": "You assessed the damage, and the seller was notified.",
    "reassess": "You assessed the damage again.",
    "propose_approval": "You proposed to pay; a second person decides.",
    "refuse_approval": "You refused the proposal.",
    "step_in": "The claim was approved: the programme steps in and pays.",
    "uphold": "You denied the claim.",
    "decide_appeal": "You decided the seller's appeal.",
    "overturn_denial": "You overturned the denial.",
    "ask_claimant": "You asked the claimant.",
    "claimant_answers": "You recorded the claimant's answer.",
    "reopen": "You recorded the claimant's answer, and the claim is open again.",
    "record_medicare": "You recorded the answer on Medicare.",
    "claimant_appeals": "You recorded the claimant's appeal.",
    "withdraw": "You withdrew the claim for the claimant.",
    "extend_deadline": "You extended the deadline.",
    "insurer_pays": "You recorded that the insurer pays.",
    "insurer_declines": "You recorded that the insurer declines.",
    "settle": "You recorded the seller's settlement.",
    "change_payee": "You changed the payee details.",
    "void_approval": "You changed the payee details, and the approval is void.",
    "withhold_recovery": "You instructed that disbursements are withheld.",
    "collect_recovery": "You booked the money recovered.",
    "write_off_recovery": "You wrote off what was left of the recovery.",
    "place_hold": "You placed the hold.",
    "release_hold": "You released the hold.",
    "add_information": "You added the note to the file.",
    "evidence": "You added the evidence to the file.",
}
