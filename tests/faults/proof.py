"""What must hold after every fault, whoever was killed: asked of each party's own record.

The ten invariants are asked as in the nightly check; what the provider and the mail server wrote
down themselves is looked at here once more, by other code.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from claims.invariants import Acknowledgement, verify
from claims.models import Claim, Notice, NoticeState, Payout
from claims.providers.sandbox import SandboxProvider
from tests.faults.mailbox import taken
from tests.faults.stack import WEBHOOK_SECRET, Stack

# Between the check and the rows' own moments one tick may pass.
LATE = timedelta(seconds=10)


def check(stack: Stack, *, acknowledged: Iterable[Acknowledgement] = ()) -> None:
    """Everything that holds for the whole stack at rest; the failure says what does not."""
    provider = SandboxProvider(stack.book.url, stack.book.key, WEBHOOK_SECRET)
    violations = verify(
        at=timezone.now(), book=provider.book(), acknowledged=acknowledged, late=LATE
    )
    problems = [
        *map(str, violations),
        *paid_twice(stack),
        *letters_astray(stack),
    ]
    assert not problems, "\n".join(problems)


def paid_twice(stack: Stack) -> Iterable[str]:
    """By the provider's own book: a claim with two payments that both stand."""
    standing: dict[str, list[str]] = defaultdict(list)
    for payment in stack.book.payments():
        if payment["status"] != "RETURNED":
            standing[payment["purpose_text"]].append(payment["our_reference"])
    return [f"{claim} is paid by {refs}" for claim, refs in standing.items() if len(refs) > 1]


def letters_astray(stack: Stack) -> Iterable[str]:
    """Every letter that left is at the mail server, once; and none that we know nothing of."""
    there = taken(stack.letters)
    sent = set(
        Notice.objects.filter(state=NoticeState.SENT)
        .exclude(message_id="")
        .values_list("message_id", flat=True)
    )
    yield from (f"letter {letter} never arrived" for letter in sent - set(there))
    yield from (f"letter {letter} is not ours" for letter in set(there) - sent)
    twice = [letter for letter, times in there.items() if times > 1]
    if len(twice) > stack.letters_may_repeat:
        yield f"{len(twice)} letters came twice: {twice}"


def paid_once(stack: Stack, references: list[str]) -> None:
    """Each of these claims is paid, once, by the provider's own book."""
    counts = {ref: len(stack.book.payments(ref)) for ref in references}
    assert counts == dict.fromkeys(references, 1)
    statuses = set(Claim.objects.filter(reference__in=references).values_list("status", flat=True))
    assert statuses == {"PAID"}


def retries(references: list[str]) -> int:
    """How many more attempts than payouts there were: a run without any proves nothing."""
    tries = Payout.objects.filter(claim__reference__in=references).values_list(
        "attempts", flat=True
    )
    return sum(max(number - 1, 0) for number in tries)
