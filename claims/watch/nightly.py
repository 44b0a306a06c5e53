"""The check of what must always hold: its report, and the pause that a breach brings."""

import logging
import time
from collections.abc import Iterable
from datetime import datetime

from claims.invariants import Checked, Inspection, check_all
from claims.models import InvariantReport, PauseCause
from claims.operations.following import notice_from_provider
from claims.operations.pausing import LEDGER_CHECK, trip_breaker
from claims.providers.base import BookNotRead, ProviderBook
from claims.watch.books import look_for_a_restore

log = logging.getLogger(__name__)
# Sizes every night, and each file's bytes once in so many nights.
NIGHTS = 30
MOST_KEPT = 20
BOOKS_CHECK = "I2"
# A breach of these is money gone wrong: nothing more leaves until a person has looked.
PAUSES = {"I1": PauseCause.BOOK_DIFFERS, LEDGER_CHECK: PauseCause.LEDGER}


def check_nightly(*, at: datetime, book: ProviderBook | None) -> InvariantReport:
    """Check everything, keep a report, and pause payouts when money does not add up.

    A book that cannot be read leaves its two questions open; the report says so. One with
    payments that we never wrote shows an older database, and pauses payouts too.
    """
    began = time.monotonic()
    share = (at.toordinal() % NIGHTS, NIGHTS)
    try:
        look_for_a_restore(book, at=at)
        checked = list(check_all(Inspection(at=at, book=book, digest_share=share)))
    except BookNotRead:
        log.exception("The nightly check goes on without the provider's book.")
        checked = list(check_all(Inspection(at=at, digest_share=share)))
    return keep_report(checked, at=at, asked_by="nightly check", seconds=time.monotonic() - began)


def keep_report(
    checked: Iterable[Checked], *, at: datetime, asked_by: str, seconds: float
) -> InvariantReport:
    """Write down what came of a check; a breach of money pauses payouts.

    Where the books differ the provider is asked again about our payment: so a return whose
    notification was lost is noticed after all.
    """
    done = list(checked)
    for one in done:
        if one.violations and one.code in PAUSES:
            trip_breaker(cause=PAUSES[one.code], reason=str(one.violations[0]), at=at)
        for found in (one.violations or ()) if one.code == BOOKS_CHECK else ():
            notice_from_provider(found.subject, at=at)
    return InvariantReport.objects.create(
        at=at,
        seconds=round(seconds, 1),
        asked_by=asked_by,
        violations=sum(len(one.violations or ()) for one in done),
        lines=[_line(one) for one in done],
    )


def _line(one: Checked) -> dict[str, object]:
    return {
        "code": one.code,
        "title": one.title,
        "words": one.words,
        "violations": len(one.violations or ()),
        "first": [str(found) for found in (one.violations or ())[:MOST_KEPT]],
    }
