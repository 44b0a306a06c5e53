"""Changes of terms take two people and a day that has not begun (rules §2)."""

from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest

from claims.decisions.base import ReasonMissing
from claims.models import DraftStatus, TermsDraft, TermsVersion
from claims.operations.terms import (
    TermsRefused,
    approve_terms,
    latest_version,
    propose_terms,
    refuse_terms,
)
from claims.outcome import SYSTEM, Actor
from claims.queries import actor_for
from claims.roles import ADMINISTRATOR
from sellers.models import Marketplace
from tests.factories import LAUNCH, make_market, make_user, report

pytestmark = pytest.mark.django_db

# In Los Angeles it is still 1 March, in London already 2 March.
AT = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
FROM = date(2026, 4, 1)


@pytest.fixture
def us() -> Marketplace:
    return make_market("US")


@pytest.fixture
def proposer() -> Actor:
    return actor_for(make_user(role=ADMINISTRATOR))


@pytest.fixture
def second() -> Actor:
    return actor_for(make_user(role=ADMINISTRATOR))


def propose(market: Marketplace, by: Actor, **given: Any) -> TermsDraft:
    values: dict[str, Any] = {
        "effective_on": FROM,
        "changes": {"ceiling_minor": 150_000, "response_days": 10},
        "reason": " Quicker payment of small claims. ",
        "at": AT,
    } | given
    return propose_terms(marketplace=market, by=by, **values)


def test_a_proposal_waits_and_changes_no_terms(us: Marketplace, proposer: Actor) -> None:
    before = latest_version(us)

    draft = propose(us, proposer)

    draft.refresh_from_db()
    assert (draft.marketplace, draft.effective_on, draft.status) == (us, FROM, "PROPOSED")
    assert draft.changes == {"ceiling_minor": 150_000, "response_days": 10}
    assert draft.reason == "Quicker payment of small claims."
    assert (draft.proposed_by_id, draft.proposed_at) == (proposer.user_id, AT)
    assert (draft.decided_by, draft.decided_at, draft.version) == (None, None, None)
    assert latest_version(us) == before


def test_figures_given_as_they_stand_are_no_changes(us: Marketplace, proposer: Actor) -> None:
    stands = latest_version(us).figures

    draft = propose(us, proposer, changes=stands | {"handling_days": 45})

    assert draft.changes == {"handling_days": 45}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"reason": "  "}, "Say why the terms should change."),
        ({"changes": {}}, "No figure differs from the terms as they stand."),
        ({"changes": {"ceiling_minor": 100_000}}, "No figure differs"),
        ({"changes": {"ceiling_minor": -1}}, "ceiling_minor is a whole number, zero or more."),
        ({"changes": {"ceiling_minor": 1.5}}, "ceiling_minor is a whole number"),
        ({"changes": {"seeling_minor": 1}}, "These figures are not known: seeling_minor."),
        (
            {"changes": {"adjuster_authority_minor": 9_000_000}},
            "An adjuster's authority cannot exceed a senior adjuster's.",
        ),
        ({"effective_on": date(2026, 3, 1)}, "New terms begin tomorrow (2026-03-02)"),
        ({"effective_on": date(2020, 1, 1)}, "New terms begin tomorrow"),
    ],
)
def test_a_proposal_that_cannot_stand_leaves_no_draft(
    us: Marketplace, proposer: Actor, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(TermsRefused) as refused:
        propose(us, proposer, **given)

    assert message in str(refused.value)
    assert not TermsDraft.objects.exists()


def test_tomorrow_is_the_marketplaces_own(us: Marketplace, proposer: Actor) -> None:
    assert propose(us, proposer, effective_on=date(2026, 3, 2)).effective_on == date(2026, 3, 2)

    with pytest.raises(TermsRefused, match=r"tomorrow \(2026-03-03\)"):
        propose(make_market("UK"), proposer, effective_on=date(2026, 3, 2))


def test_only_people_propose(us: Marketplace) -> None:
    with pytest.raises(TermsRefused, match="people only"):
        propose(us, SYSTEM)


def test_a_marketplace_without_terms_has_nothing_to_change(proposer: Actor) -> None:
    bare = Marketplace.objects.create(
        code="XX", name="Nowhere", currency="USD", timezone="UTC", region="XX"
    )

    with pytest.raises(TermsRefused, match="Nowhere has no terms yet"):
        propose(bare, proposer)


def test_a_second_person_makes_a_version(us: Marketplace, proposer: Actor, second: Actor) -> None:
    before = latest_version(us)
    draft = propose(us, proposer)

    version = approve_terms(draft=draft, at=LATER, by=second)

    version.refresh_from_db()
    changed = {"ceiling_minor": 150_000, "response_days": 10}
    assert version.figures == before.figures | changed
    # Nobody published our own figures.
    assert version.marks == before.marks | dict.fromkeys(changed, "D")
    assert (version.effective_on, version.created_at) == (FROM, LATER)
    assert (version.proposed_by_id, version.approved_by_id) == (proposer.user_id, second.user_id)
    draft.refresh_from_db()
    assert (draft.status, draft.version) == (DraftStatus.APPROVED, version)
    assert (draft.decided_by_id, draft.decided_at) == (second.user_id, LATER)


def test_a_claim_keeps_the_terms_it_was_reported_under(
    us: Marketplace, proposer: Actor, second: Actor
) -> None:
    claim = report()

    approve_terms(draft=propose(us, proposer), at=LATER, by=second)

    claim.refresh_from_db()
    assert claim.terms.effective_on == LAUNCH
    assert claim.terms.figures["ceiling_minor"] == 100_000


def test_the_proposer_cannot_decide(us: Marketplace, proposer: Actor) -> None:
    draft = propose(us, proposer)

    for decide in (approve_terms, partial(refuse_terms, reason="R")):
        with pytest.raises(TermsRefused, match="a second person decides it"):
            decide(draft=draft, at=LATER, by=proposer)

    draft.refresh_from_db()
    assert draft.status == DraftStatus.PROPOSED
    assert latest_version(us).effective_on == LAUNCH


def test_a_refusal_keeps_the_terms(us: Marketplace, proposer: Actor, second: Actor) -> None:
    draft = propose(us, proposer)

    with pytest.raises(ReasonMissing, match="why the change of terms is refused"):
        refuse_terms(draft=draft, reason=" ", at=LATER, by=second)
    draft.refresh_from_db()
    assert (draft.status, draft.decided_at) == (DraftStatus.PROPOSED, None)
    refuse_terms(draft=draft, reason=" Too many claims. ", at=LATER, by=second)

    draft.refresh_from_db()
    assert (draft.status, draft.version) == (DraftStatus.REFUSED, None)
    assert draft.decision_reason == "Too many claims."
    assert (draft.decided_by_id, draft.decided_at) == (second.user_id, LATER)
    assert TermsVersion.objects.filter(marketplace=us).count() == 1


def test_what_is_decided_stays_decided(us: Marketplace, proposer: Actor, second: Actor) -> None:
    draft = propose(us, proposer)
    approve_terms(draft=draft, at=LATER, by=second)

    for decide in (approve_terms, partial(refuse_terms, reason="R")):
        with pytest.raises(TermsRefused, match="decided already: approved"):
            decide(draft=draft, at=LATER, by=second)

    assert TermsVersion.objects.filter(marketplace=us).count() == 2


def test_an_approval_that_comes_too_late_is_refused(
    us: Marketplace, proposer: Actor, second: Actor
) -> None:
    draft = propose(us, proposer)

    with pytest.raises(TermsRefused, match="New terms begin tomorrow"):
        approve_terms(draft=draft, at=datetime(2026, 4, 2, 12, tzinfo=UTC), by=second)

    draft.refresh_from_db()
    assert draft.status == DraftStatus.PROPOSED


def test_no_version_goes_in_before_the_latest(
    us: Marketplace, proposer: Actor, second: Actor
) -> None:
    early = propose(us, proposer, changes={"response_days": 12})
    late = propose(us, proposer, effective_on=date(2026, 6, 1), changes={"handling_days": 45})
    approve_terms(draft=late, at=LATER, by=second)

    with pytest.raises(TermsRefused, match="The latest terms begin on 2026-06-01"):
        approve_terms(draft=early, at=LATER, by=second)

    assert TermsVersion.objects.filter(marketplace=us).count() == 2


def test_a_change_builds_on_the_version_before_it(
    us: Marketplace, proposer: Actor, second: Actor
) -> None:
    first = propose(us, proposer, changes={"response_days": 12})
    then = propose(us, proposer, effective_on=date(2026, 6, 1), changes={"handling_days": 45})
    approve_terms(draft=first, at=LATER, by=second)

    version = approve_terms(draft=then, at=LATER, by=second)

    assert version.figures["response_days"] == 12
    assert version.figures["handling_days"] == 45
