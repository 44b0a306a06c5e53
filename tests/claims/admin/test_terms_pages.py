"""Terms in the admin: figures with their marks, a draft, and the second person."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.figures import NAMES, figure_name, figure_unit, figure_value
from claims.models import TermsDraft, TermsVersion
from claims.roles import ADJUSTER, ADMINISTRATOR, AUDITOR, SENIOR_ADJUSTER
from claims.terms import FIGURES
from tests.claims.admin.conftest import SignIn
from tests.factories import make_market

pytestmark = pytest.mark.django_db
PROPOSE = reverse("admin:claims_terms_propose", args=["US"])


@pytest.fixture(autouse=True)
def market() -> None:
    make_market("US")


def filled_in(client: Client, **changes: Any) -> dict[str, Any]:
    """The form as the page gives it, with some figures written over."""
    form = client.get(PROPOSE).context["form"]
    given = {name: form[name].value() for name in form.fields}
    given = {name: value for name, value in given.items() if value is not None}
    return given | {"effective_on": "2090-01-01", "reason": "Quicker."} | changes


def propose(client: Client, **changes: Any) -> TermsDraft:
    client.post(PROPOSE, filled_in(client, **changes))
    return TermsDraft.objects.get()


def draft_page(draft: TermsDraft) -> str:
    return reverse("admin:claims_termsdraft_change", args=[draft.pk])


def test_the_form_proposes_only_what_was_written_over(sign_in: SignIn) -> None:
    client = sign_in(ADMINISTRATOR)

    draft = propose(
        client,
        ceiling_minor="1500.00",
        response_unit="WORKING",
        absorb_when_not_required="no",
        medicare_threshold_minor="",
        programme_start="2021-10-01",
        response_days="10",
    )

    assert draft.changes == {
        "ceiling_minor": 150_000,
        "response_unit": "WORKING",
        "absorb_when_not_required": False,
        "medicare_threshold_minor": None,
        "programme_start": "2021-10-01",
        "response_days": 10,
    }
    assert (draft.effective_on, draft.reason) == (date(2090, 1, 1), "Quicker.")
    assert draft.proposed_by_id == int(client.session["_auth_user_id"])


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        ({}, 409, "No figure differs from the terms as they stand."),
        ({"ceiling_minor": "1e5"}, 422, "is not an amount in USD"),
        ({"ceiling_minor": "1500", "effective_on": "2020-01-01"}, 409, "New terms begin tomorrow"),
        ({"ceiling_minor": "1500", "reason": ""}, 422, "Reason: write it down."),
        ({"response_days": "-1"}, 422, "greater than or equal to 0"),
    ],
)
def test_a_form_that_cannot_stand_proposes_nothing(
    changes: dict[str, Any], status: int, message: str, sign_in: SignIn
) -> None:
    client = sign_in(ADMINISTRATOR)

    answer = client.post(PROPOSE, filled_in(client, **changes))

    assert answer.status_code == status
    assert message in answer.content.decode()
    assert not TermsDraft.objects.exists()


def test_the_second_person_sees_old_and_new_and_approves(sign_in: SignIn) -> None:
    draft = propose(sign_in(ADMINISTRATOR), ceiling_minor="1500.00", response_days="10")
    senior = sign_in(SENIOR_ADJUSTER)

    page = senior.get(draft_page(draft))
    answer = senior.post(draft_page(draft), {"decision": "approve"})
    after = senior.get(draft_page(draft))

    assert [(c.name, c.old, c.new) for c in page.context["changes"]] == [
        ("Ceiling at no cost to the seller", "$1,000.00", "$1,500.00"),
        ("Seller's response within", "7 days", "10 days"),
    ]
    assert b"Approve the change" in page.content
    assert answer.status_code == 302
    version = TermsVersion.objects.get(effective_on=date(2090, 1, 1))
    assert version.figures["ceiling_minor"] == 150_000
    assert b"Approve the change" not in after.content
    # What changed stays told against the terms before it.
    assert after.context["changes"] == page.context["changes"]


def test_the_second_person_refuses(sign_in: SignIn) -> None:
    draft = propose(sign_in(ADMINISTRATOR), response_days="10")

    second = sign_in(SENIOR_ADJUSTER)
    silent = second.post(draft_page(draft), {"decision": "refuse", "reason": " "})
    assert (
        silent.status_code,
        "why the change of terms is refused" in silent.content.decode(),
    ) == (
        409,
        True,
    )
    second.post(draft_page(draft), {"decision": "refuse", "reason": "Too many claims."})
    after = second.get(draft_page(draft))

    assert "Refused because: Too many claims." in after.content.decode()
    draft.refresh_from_db()
    assert (draft.status, TermsVersion.objects.filter(marketplace="US").count()) == ("REFUSED", 1)


def test_the_proposer_is_told_that_a_second_person_decides(sign_in: SignIn) -> None:
    client = sign_in(ADMINISTRATOR)
    draft = propose(client, response_days="10")

    page = client.get(draft_page(draft))
    answer = client.post(draft_page(draft), {"decision": "approve"})

    assert b"Approve the change" not in page.content
    assert "a second person decides it" in page.content.decode()
    assert answer.status_code == 409
    assert TermsVersion.objects.filter(marketplace="US").count() == 1


def test_neither_button_decides_nothing(sign_in: SignIn) -> None:
    draft = propose(sign_in(ADMINISTRATOR), response_days="10")

    answer = sign_in(SENIOR_ADJUSTER).post(draft_page(draft), {})

    assert "Choose to approve or to refuse." in answer.content.decode()
    draft.refresh_from_db()
    assert draft.status == "PROPOSED"


@pytest.mark.parametrize("role", [ADJUSTER, AUDITOR])
def test_others_neither_propose_nor_decide(role: str, sign_in: SignIn) -> None:
    draft = propose(sign_in(ADMINISTRATOR), response_days="10")
    client = sign_in(role)

    assert client.get(PROPOSE).status_code == client.post(PROPOSE, {}).status_code == 403
    assert client.get(draft_page(draft)).status_code == 200
    assert client.post(draft_page(draft), {"decision": "approve"}).status_code == 403
    assert TermsVersion.objects.filter(marketplace="US").count() == 1


def test_a_version_shows_every_figure_with_its_mark(sign_in: SignIn) -> None:
    version = TermsVersion.objects.get(marketplace="US")
    address = reverse("admin:claims_termsversion_change", args=[version.pk])

    shown = sign_in(AUDITOR).get(address).context

    assert {line.figure for line in shown["figures"]} == set(FIGURES)
    assert shown["made_by"] == "Laid down at the start."


def test_a_version_of_two_people_names_them(sign_in: SignIn) -> None:
    draft = propose(sign_in(ADMINISTRATOR), response_days="10")
    senior = sign_in(SENIOR_ADJUSTER)
    senior.post(draft_page(draft), {"decision": "approve"})
    version = TermsVersion.objects.exclude(approved_by=None).get()

    shown = senior.get(reverse("admin:claims_termsversion_change", args=[version.pk])).context

    assert shown["made_by"] == (
        f"Proposed by {version.proposed_by}, approved by {version.approved_by}."
    )


def test_lists_offer_a_proposal_to_those_who_may(sign_in: SignIn) -> None:
    address = reverse("admin:claims_termsversion_changelist")

    assert PROPOSE in sign_in(ADMINISTRATOR).get(address).content.decode()
    assert PROPOSE not in sign_in(AUDITOR).get(address).content.decode()


def test_names_are_of_figures_that_exist() -> None:
    assert set(NAMES) <= set(FIGURES)
    names = [figure_name(figure) for figure in FIGURES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("figure", "value", "words"),
    [
        ("ceiling_minor", 100_000, "$1,000.00"),
        ("medicare_threshold_minor", None, "–"),
        ("response_unit", "WORKING", "working days"),
        ("ceiling_includes_itself", True, "Yes"),
        ("absorb_when_not_required", False, "No"),
        ("adult_age", 18, "18 years"),
        ("near_ceiling_percent", 90, "90 %"),
        ("burst_claims", 3, "3"),
    ],
)
def test_figures_have_their_units(figure: str, value: Any, words: str) -> None:
    assert figure_value(figure, value, "USD") == words
    assert figure_unit("burst_claims") == ""
