"""The named ways in which the code is broken, and the tests that must turn red for each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """One way to break the code: in `path`, the only `before` becomes `after`.

    `sql` breaks the database instead, after its migrations. `tests` are what must turn red;
    `says` is what would go wrong in production.
    """

    name: str
    says: str
    tests: tuple[str, ...]
    path: str = ""
    before: str = ""
    after: str = ""
    sql: str = ""


_NO_TRIGGERS = """
DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT tgname FROM pg_trigger
               WHERE tgrelid = 'claims_ledgerentry'::regclass AND NOT tgisinternal
    LOOP EXECUTE format('DROP TRIGGER %I ON claims_ledgerentry', one.tgname); END LOOP;
END $$
"""
_PAYOUTS = "tests/claims/operations/test_payouts.py"
_SENDING = "claims/operations/sending.py"
_FOLLOWING = "claims/operations/following.py"

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        name="fresh key per attempt",
        says="the provider takes a second attempt for a second payment",
        path=_SENDING,
        before="key=str(payout.key),",
        after='key=str(__import__("uuid").uuid4()),',
        tests=(_PAYOUTS,),
    ),
    Mutant(
        name="time in the key",
        says="the same payment has another key a moment later",
        path=_SENDING,
        before="key=str(payout.key),",
        after='key=f"{payout.key}-{payout.attempts}",',
        tests=(_PAYOUTS,),
    ),
    Mutant(
        name="no unique intent",
        says="two open payouts of one claim for one purpose can stand in the database",
        sql="DROP INDEX payout_once_a_purpose",
        tests=("tests/claims/core/test_recorder.py",),
    ),
    Mutant(
        name="status filter dropped from the update",
        says="two steps decided on one state of a claim are both written",
        path="claims/bulk.py",
        before=""" AND t."version" = u.key_version RETURNING""",
        after=" RETURNING",
        tests=("tests/claims/core/test_recorder.py",),
    ),
    Mutant(
        name="ack early",
        says="a killed worker's task is gone until the next tick",
        path="config/settings.py",
        before="CELERY_TASK_ACKS_LATE = True",
        after="CELERY_TASK_ACKS_LATE = False",
        tests=("tests/config/test_celery.py",),
    ),
    Mutant(
        name="letter outside the transaction",
        says="a crash after the decision loses its letters",
        path="claims/recorder.py",
        before="        _write_around(written)\n",
        after="        transaction.on_commit(lambda: _write_around(written))\n",
        tests=("tests/claims/core/test_recorder.py",),
    ),
    Mutant(
        name="no grace",
        says="the automatic step acts at the very deadline",
        path="claims/deadlines.py",
        before="return due_at + timedelta(seconds=grace_seconds)",
        after="return due_at",
        tests=("tests/claims/operations/test_silence.py", "tests/claims/test_deadlines.py"),
    ),
    Mutant(
        name="garbage taken for success",
        says="an answer that nobody can read is booked as a payment",
        path="claims/providers/http.py",
        before='        raise NoAnswer("the answer is not readable JSON") from error\n',
        after='        return {"state": "ACCEPTED", "reference": str(error)}\n',
        tests=("tests/claims/providers/test_http.py", "tests/claims/providers/test_sandbox.py"),
    ),
    Mutant(
        name="a doubt is sent again",
        says="a payment that may have been taken is sent once more instead of looked up",
        path=_SENDING,
        before="        doubt(payout, answer.why, at=at)\n",
        after='        payout.key = __import__("uuid").uuid4()\n'
        '        payout.state = "QUEUED"\n'
        "        payout.save()\n",
        tests=(_PAYOUTS,),
    ),
    Mutant(
        name="ledger trigger off",
        says="a posting can be edited",
        sql=_NO_TRIGGERS,
        tests=("tests/claims/core/test_ledger.py", "tests/claims/invariants"),
    ),
    Mutant(
        name="resend after the window",
        says="a payment in doubt is sent again when the provider has forgotten its key",
        path="claims/operations/payout_answers.py",
        before="payout.first_sent_at is None or at < payout.first_sent_at + KEY_WINDOW",
        after="True",
        tests=(_PAYOUTS,),
    ),
    Mutant(
        name="pause not read in the sending transaction",
        says="payments go on after somebody paused them",
        path=_SENDING,
        before="self.is_paused = switch.is_paused",
        after="self.is_paused = False",
        tests=(_PAYOUTS,),
    ),
    Mutant(
        name="resume without reconcile",
        says="after a restore payments go on before the provider's book was compared with ours",
        path="claims/operations/pausing.py",
        before='"The provider\'s book was not compared with ours since: have after_restore run."',
        after='""',
        tests=("tests/claims/operations/test_pausing.py",),
    ),
    Mutant(
        name="webhook without deduplication",
        says="a second notification of one confirmation is booked again",
        path=_FOLLOWING,
        before="if payout.state == PayoutState.SENT and found.status == PaymentStatus.CONFIRMED:",
        after="if found.status == PaymentStatus.CONFIRMED:",
        tests=(_PAYOUTS, "tests/claims/test_webhooks.py"),
    ),
    Mutant(
        name="a forged webhook is trusted",
        says="anybody can make us ask about, and so reveal, a payment",
        path="claims/webhooks.py",
        before="        return HttpResponse(status=400)\n",
        after="        return HttpResponse(status=204)\n",
        tests=("tests/claims/test_webhooks.py",),
    ),
    Mutant(
        name="answers judged by the grace",
        says="an answer after the deadline counts as in time",
        path="claims/deadlines.py",
        before="return arrived_at < due_at",
        after="return arrived_at < due_at + timedelta(seconds=60)",
        tests=("tests/claims/test_deadlines.py", "tests/claims/operations/test_responding.py"),
    ),
    Mutant(
        name="the day's cap is not counted",
        says="automatic approvals of one day go above the cap",
        path="claims/operations/silence.py",
        before="    if amount_minor:\n        DailyAutomaticTotal",
        after="    if False:\n        DailyAutomaticTotal",
        tests=("tests/claims/operations/test_silence.py",),
    ),
    Mutant(
        name="screening skipped",
        says="a payment leaves although nobody compared its names with the sanctions list",
        path=_SENDING,
        before="is_screened=screened[facts.id],",
        after="is_screened=True,",
        tests=("tests/claims/screening", _PAYOUTS),
    ),
    Mutant(
        name="a heart beats by its worker's own clock",
        says="a worker whose clock is a day ahead hides for a day that it stopped",
        path="claims/watch/heartbeats.py",
        before='"beaten_at": database_now()',
        after='"beaten_at": __import__("datetime").datetime.now(__import__("datetime").UTC)',
        tests=("tests/claims/watch/test_heartbeats.py",),
    ),
)
